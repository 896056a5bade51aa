"""Tells Django of the room `watch`."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "felhom_hub.watch"
    label = "watch"
    default_auto_field = "django.db.models.AutoField"
