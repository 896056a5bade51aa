"""Tells Django of the room `boxes`."""

from django.apps import AppConfig


class BoxesConfig(AppConfig):
    name = "felhom_hub.boxes"
    label = "boxes"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """A deletion learns from here what is to be forgotten, and resealing where live files are."""
        from felhom_hub.base.resealing import register_envelopes  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.boxes.ask import forget_customer  # noqa: PLC0415 - likewise
        from felhom_hub.boxes.live_file import purpose_of  # noqa: PLC0415 - likewise
        from felhom_hub.boxes.models import Call  # noqa: PLC0415 - likewise
        from felhom_hub.customers.delete import register_forgetting  # noqa: PLC0415 - likewise

        register_forgetting(self.label, forget_customer)
        register_envelopes(Call, ("pk",), purpose_of)
