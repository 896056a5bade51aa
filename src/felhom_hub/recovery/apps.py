"""Tells Django of the room `recovery`."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "felhom_hub.recovery"
    label = "recovery"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """A deletion learns from here what it leaves and forgets, and resealing where the snapshots are."""
        from felhom_hub.base.resealing import register_envelopes  # noqa: PLC0415 - needs the models, loaded by now
        from felhom_hub.configs.delete import register_kept  # noqa: PLC0415 - likewise
        from felhom_hub.customers.delete import register_forgetting  # noqa: PLC0415 - likewise
        from felhom_hub.recovery.envelope import purpose_of  # noqa: PLC0415 - likewise
        from felhom_hub.recovery.models import InfraBackup  # noqa: PLC0415 - likewise
        from felhom_hub.recovery.prove import forget_customer  # noqa: PLC0415 - likewise
        from felhom_hub.recovery.queries import kept_words  # noqa: PLC0415 - likewise

        register_forgetting(self.label, forget_customer)
        register_kept(self.label, kept_words)
        register_envelopes(InfraBackup, ("customer__customer_id", "version"), purpose_of)
