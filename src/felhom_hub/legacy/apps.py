"""Tells Django of the room `legacy`."""

from django.apps import AppConfig


class LegacyConfig(AppConfig):
    name = "felhom_hub.legacy"
    label = "legacy"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """Resealing learns from here where kept rows lie."""
        from felhom_hub.base.resealing import register_envelopes  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.legacy.kept import purpose_of  # noqa: PLC0415 - likewise
        from felhom_hub.legacy.models import KeptRows  # noqa: PLC0415 - likewise

        register_envelopes(KeptRows, ("table", "first"), purpose_of)
