"""Tells Django of the room `events`."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "felhom_hub.events"
    label = "events"
    default_auto_field = "django.db.models.AutoField"
