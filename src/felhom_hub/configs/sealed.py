"""Overrides at rest: the text in an envelope that opens for its customer alone, for it may hold passwords."""

from felhom_hub.base.secrets import open_text, seal


def seal_overrides(text: str, customer_id: str) -> str:
    """The text in an envelope, nothing for nothing; raises SecretsError."""
    return seal(text, purpose=purpose_of(customer_id)) if text else ""


def open_overrides(envelope: str, customer_id: str) -> str:
    """What was sealed; raises SecretsError."""
    return open_text(envelope, purpose=purpose_of(customer_id)) if envelope else ""


def purpose_of(customer_id: str) -> str:
    """Ties an envelope to its customer: copied to another row, it does not open."""
    return f"overrides:{customer_id}"
