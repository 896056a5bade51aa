"""Tells Django of the room `configs`."""

from django.apps import AppConfig


class ConfigsConfig(AppConfig):
    name = "felhom_hub.configs"
    label = "configs"
    default_auto_field = "django.db.models.AutoField"
