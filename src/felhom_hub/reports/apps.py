"""Tells Django of the room `reports`."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "felhom_hub.reports"
    label = "reports"
    default_auto_field = "django.db.models.AutoField"
