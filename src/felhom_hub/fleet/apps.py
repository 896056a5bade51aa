"""Tells Django of the room `fleet`."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "felhom_hub.fleet"
    label = "fleet"
    default_auto_field = "django.db.models.AutoField"
