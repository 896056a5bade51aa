"""Tells Django of the room `customers`."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "felhom_hub.customers"
    label = "customers"
    default_auto_field = "django.db.models.AutoField"
