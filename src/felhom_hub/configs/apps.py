"""Tells Django of the room `configs`."""

from django.apps import AppConfig


class ConfigsConfig(AppConfig):
    name = "felhom_hub.configs"
    label = "configs"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """Resealing learns from here where overrides and versions lie."""
        from felhom_hub.base.resealing import register_envelopes  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.configs.models import ConfigVersion, CustomerConfig  # noqa: PLC0415 - likewise
        from felhom_hub.configs.sealed import purpose_of  # noqa: PLC0415 - likewise
        from felhom_hub.configs.versions import purpose_of as purpose_of_version  # noqa: PLC0415 - likewise

        register_envelopes(ConfigVersion, ("customer__customer_id", "number"), purpose_of_version)
        register_envelopes(CustomerConfig, ("customer__customer_id",), purpose_of)
