"""Who has fetched what a box is rebuilt from, and when: as the audit has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from felhom_hub.operators.actions import action_words
from felhom_hub.operators.models import AuditEntry
from felhom_hub.operators.trail import newest_of, newest_of_all

ACTIONS: Final = ("recovery_fetched", "config_fetched", "infra_backup_fetched", "infra_backup_downloaded")


@dataclass(frozen=True)
class Fetch:
    """One of them; `detail` says which version, where the action does not."""

    customer_id: str
    at: datetime
    words: str
    detail: str
    actor: str
    address: str


def fetches_of(customer_id: str, *, limit: int) -> list[Fetch]:
    """The newest of the customer, newest first."""
    return [_fetch(each) for each in newest_of(customer_id, ACTIONS, limit=limit)]


def newest_fetches(since: datetime, *, limit: int) -> list[Fetch]:
    """The newest of everybody, newest first."""
    return [_fetch(each) for each in newest_of_all(ACTIONS, since=since, limit=limit)]


def _fetch(entry: AuditEntry) -> Fetch:
    words = action_words(entry.action)
    return Fetch(entry.customer_id, entry.at, words, entry.detail, entry.actor, entry.address)
