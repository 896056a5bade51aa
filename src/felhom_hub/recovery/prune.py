"""Deletes versions of infrastructure backups that need not be kept; `retention.max_days` has no say here."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Count

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_in_portions
from felhom_hub.recovery.keep import LAST, Dated, superfluous
from felhom_hub.recovery.models import InfraBackup


def prune_backups(now: datetime) -> Iterator[int]:
    """What `keep.py` has no use for is gone, of deleted customers too; yields after each transaction how many."""
    counted = InfraBackup.objects.values_list("customer_id").annotate(Count("pk"))
    pks = [pk for customer_pk, count in counted if count > LAST for pk in _superfluous(customer_pk, now)]
    return remove_in_portions(pks, _remove)


def _superfluous(customer_pk: int, now: datetime) -> list[int]:
    rows = InfraBackup.objects.filter(customer_id=customer_pk)
    columns = rows.values_list("pk", "version", "received_at", "renewed_at")
    return superfluous([Dated(*row) for row in columns], now=now)


def _remove(db: Db, pks: Sequence[int]) -> int:
    return db.delete(InfraBackup, pks)
