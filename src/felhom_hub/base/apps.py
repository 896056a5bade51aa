"""Tells Django of the room `base`."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "felhom_hub.base"
    label = "base"
    default_auto_field = "django.db.models.AutoField"
