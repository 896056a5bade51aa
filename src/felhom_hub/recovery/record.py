"""Stores infrastructure backups: a new version, or a new time where the newest one came again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog

from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.base.secrets import SecretsError
from felhom_hub.base.writer import unavailable
from felhom_hub.customers.confirm import still_valid
from felhom_hub.customers.models import Customer
from felhom_hub.customers.reporting import customers_reporting
from felhom_hub.recovery.envelope import compress, seal_version
from felhom_hub.recovery.models import InfraBackup
from felhom_hub.recovery.payload import read_owner

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class IncomingBackup:
    """One infrastructure backup on its way into the database."""

    customer_id: str
    sha256: str
    size_bytes: int
    compressed: bytes = field(repr=False)


@dataclass(frozen=True)
class Arrival:
    """A backup with what came along; the digest is of the customer's key, None for the global one."""

    backup: IncomingBackup
    received_at: datetime
    key_digest: str | None


@dataclass(frozen=True)
class Kept:
    """What the sender is told: the version that has its bytes now."""

    version: int
    sha256: str


def incoming_backup(body: bytes) -> IncomingBackup:
    """The backup in `body`; raises what `read_owner` raises."""
    return IncomingBackup(read_owner(body), sha256(body).hexdigest(), len(body), compress(body))


def record_backups(db: Db, incoming: Sequence[Arrival]) -> list[Any]:
    """The backups are stored when the transaction commits; each one's result is `Kept`, or the error that refuses it.

    A backup of an unknown customer makes a manual customer, as a report does.
    """
    refused = still_valid(incoming)
    kept = [each for each, error in zip(incoming, refused, strict=True) if error is None]
    keys: dict[str, int] = {}
    if kept:
        names = {each.backup.customer_id: "" for each in kept}
        by_global_key = {each.backup.customer_id for each in kept if each.key_digest is None}
        now_ms = to_milliseconds(kept[0].received_at)
        known = customers_reporting(db, names, by_global_key=by_global_key, now_ms=now_ms)
        keys = {customer_id: reporting.pk for customer_id, reporting in known.items()}
        # Two hubs must not give out one version number at the same moment.
        db.select(Customer, ("id",), key="id", values=keys.values(), lock=True)
    return [
        _keep(keys[each.backup.customer_id], each) if error is None else error
        for each, error in zip(incoming, refused, strict=True)
    ]


def _keep(customer_pk: int, arrival: Arrival) -> Kept | ApiError:
    backup = arrival.backup
    of_customer = InfraBackup.objects.filter(customer_id=customer_pk)
    newest = of_customer.order_by("-version").values_list("pk", "version", "sha256").first()
    if newest is not None and newest[2] == backup.sha256:
        InfraBackup.objects.filter(pk=newest[0]).update(renewed_at=arrival.received_at)
        return Kept(newest[1], backup.sha256)
    version = 1 if newest is None else newest[1] + 1
    try:
        envelope = seal_version(backup.compressed, customer_id=backup.customer_id, version=version)
    except SecretsError as error:
        log.error("infra_backup_not_sealed", customer=backup.customer_id, reason=str(error))  # noqa: TRY400
        return unavailable("The hub cannot seal the backup now; its log says why")
    InfraBackup.objects.create(
        customer_id=customer_pk,
        version=version,
        received_at=arrival.received_at,
        renewed_at=arrival.received_at,
        sha256=backup.sha256,
        size_bytes=backup.size_bytes,
        envelope=envelope,
    )
    return Kept(version, backup.sha256)
