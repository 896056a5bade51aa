"""Tells Django of the room `notify`."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "felhom_hub.notify"
    label = "notify"
    default_auto_field = "django.db.models.AutoField"
