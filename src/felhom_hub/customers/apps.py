"""Tells Django of the room `customers`."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "felhom_hub.customers"
    label = "customers"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """The audit learns from here who is there and what they are called, and resealing where the secrets are."""
        from felhom_hub.base.resealing import register_envelopes  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.customers.credentials import purpose_of  # noqa: PLC0415 - likewise
        from felhom_hub.customers.models import Credential  # noqa: PLC0415 - likewise
        from felhom_hub.customers.queries import names_of  # noqa: PLC0415 - needs the models, which are loaded now
        from felhom_hub.operators.subjects import register_names  # noqa: PLC0415 - likewise

        register_names(self.label, names_of)
        register_envelopes(Credential, ("kind", "customer__customer_id"), purpose_of)
