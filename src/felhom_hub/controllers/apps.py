"""Tells Django of the room `controllers`."""

from django.apps import AppConfig


class ControllersConfig(AppConfig):
    name = "felhom_hub.controllers"
    label = "controllers"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """A deletion learns from here what is to be forgotten."""
        from felhom_hub.controllers.confirm import forget_customer  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.customers.delete import register_forgetting  # noqa: PLC0415 - likewise

        register_forgetting(self.label, forget_customer)
