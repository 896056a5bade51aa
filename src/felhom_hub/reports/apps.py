"""Tells Django of the room `reports`."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "felhom_hub.reports"
    label = "reports"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """A deletion learns from here what is to be forgotten."""
        from felhom_hub.customers.delete import register_forgetting  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.reports.wanted import forget_wanted  # noqa: PLC0415 - likewise

        register_forgetting(self.label, forget_wanted)
