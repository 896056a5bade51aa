"""Tells Django of the room `assets`."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "felhom_hub.assets"
    label = "assets"
    default_auto_field = "django.db.models.AutoField"
