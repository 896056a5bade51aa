"""Tells Django of the room `notify`."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "felhom_hub.notify"
    label = "notify"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """A deletion learns from here what is to be forgotten, an event who is told, and a clock what lies ahead."""
        from felhom_hub.customers.delete import register_forgetting  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.events.consequences import register_consequence  # noqa: PLC0415 - likewise
        from felhom_hub.notify.record import forget_customer  # noqa: PLC0415 - likewise
        from felhom_hub.notify.route import route_events  # noqa: PLC0415 - likewise
        from felhom_hub.notify.set_back import set_back_messages  # noqa: PLC0415 - likewise
        from felhom_hub.watch.set_back import register_set_back  # noqa: PLC0415 - likewise

        register_forgetting(self.label, forget_customer)
        register_consequence(self.label, route_events)
        register_set_back(self.label, set_back_messages)
