"""Tells Django of the room `operators`."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "felhom_hub.operators"
    label = "operators"
    default_auto_field = "django.db.models.AutoField"
