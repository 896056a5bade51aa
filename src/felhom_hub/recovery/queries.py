"""Questions about infrastructure backups: which versions there are, and one of them as it came."""

from dataclasses import dataclass, field
from datetime import datetime

from felhom_hub.base.words import count_words
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.envelope import open_version
from felhom_hub.recovery.models import InfraBackup


@dataclass(frozen=True)
class Version:
    """One version without its content."""

    number: int
    received_at: datetime
    renewed_at: datetime
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Content:
    """One version as it came; the box's secrets are in it in the clear."""

    number: int
    sha256: str
    body: bytes = field(repr=False)


def versions_of(customer_pk: int) -> list[Version]:
    """The customer's versions, newest first; retention keeps them to 42 or so."""
    rows = InfraBackup.objects.filter(customer_id=customer_pk).order_by("-version")
    columns = rows.values_list("version", "received_at", "renewed_at", "sha256", "size_bytes")
    return [Version(*row) for row in columns]


def has_bytes(customer_id: str, sha256: str) -> bool:
    """True where some version of the customer's has these bytes."""
    return InfraBackup.objects.filter(customer__customer_id=customer_id, sha256=sha256).exists()


def newest_number(customer_pk: int) -> int | None:
    """The number of the newest version; None when there is none."""
    rows = InfraBackup.objects.filter(customer_id=customer_pk).order_by("-version")
    return rows.values_list("version", flat=True).first()


def content_of(customer: Customer, version: int | None = None) -> Content | None:
    """The version, or the newest; None when there is none. Raises SecretsError."""
    rows = InfraBackup.objects.filter(customer=customer)
    found = (rows if version is None else rows.filter(version=version)).order_by("-version").first()
    if found is None:
        return None
    body = open_version(found.envelope, customer_id=customer.customer_id, version=found.version)
    return Content(found.version, found.sha256, body)


def kept_words(customer_pk: int) -> str:
    """How many versions the customer has, "12 snapshots", or an empty text."""
    count = InfraBackup.objects.filter(customer_id=customer_pk).count()
    return count_words(count, "snapshot") if count else ""
