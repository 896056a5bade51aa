"""Tells Django of the room `backups`."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "felhom_hub.backups"
    label = "backups"
    default_auto_field = "django.db.models.AutoField"
