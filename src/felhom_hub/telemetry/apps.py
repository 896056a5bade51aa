"""Tells Django of the room `telemetry`."""

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    name = "felhom_hub.telemetry"
    label = "telemetry"
    default_auto_field = "django.db.models.AutoField"
