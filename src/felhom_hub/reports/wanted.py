"""What the operator wants of a box, noted beside its state, and what is known of the file that it should have.

The answer to the box's next report offers it, and the report that shows it done clears it (`pending.py`). Only a box
that has reported has a state: one that is being set up fetches its newest configuration by passphrase anyway, so that
a wish for it is refused and not kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.reports.config_sync import ConfigSync, config_sync
from felhom_hub.reports.models import NodeState

_AT_ONCE = 500  # rows of one transaction, for which reports wait


@dataclass(frozen=True)
class Wanted:
    """What is wanted of one box, and what it reported last; None is "nothing", "not known" or "not reported"."""

    expected_hash: str | None = None
    same_hash: str | None = None
    compared_at: datetime | None = None
    push_wanted_at: datetime | None = None
    update_to: str | None = None
    update_wanted_at: datetime | None = None
    config_hash: str | None = None
    controller_version: str | None = None

    @property
    def sync(self) -> ConfigSync:
        """Whether the box runs the configuration that the hub has for it."""
        return config_sync(self.config_hash, self.expected_hash, self.same_hash)


def wanted_of(customer_pk: int) -> Wanted:
    """What is wanted of the customer's box; nothing of one that has never reported."""
    row = NodeState.objects.filter(pk=customer_pk).values(*Wanted.__dataclass_fields__).first()
    return Wanted(**row) if row else Wanted()


def expect_hashes(hashes: Mapping[int, str | None]) -> int:
    """These boxes should report these hashes (None: not known), by the customer's key; for how many that is another.

    Who has never reported is passed over. What was compared with another file is forgotten.
    """
    changed, pks = 0, sorted(hashes)
    for begin in range(0, len(pks), _AT_ONCE):
        portion = pks[begin : begin + _AT_ONCE]
        with transaction.atomic():
            changed += _expect(Db(), {pk: hashes[pk] for pk in portion})
    return changed


def want_config(customer_pk: int, *, now: datetime) -> bool:
    """The box is to fetch the file that the hub makes for it; False where it has never reported."""
    return NodeState.objects.filter(pk=customer_pk).update(push_wanted_at=now) > 0


def want_update(customer_pk: int, version: str, *, now: datetime) -> bool:
    """The box's controller is to update itself to the version; False where it has never reported."""
    return NodeState.objects.filter(pk=customer_pk).update(update_to=version, update_wanted_at=now) > 0


def withdraw(customer_pk: int) -> bool:
    """Nothing is wanted of the box any more; False where nothing was."""
    row = NodeState.objects.filter(pk=customer_pk)
    is_wanted = row.exclude(push_wanted_at=None, update_to=None)
    return is_wanted.update(push_wanted_at=None, update_to=None, update_wanted_at=None) > 0


def note_same_values(customer_pk: int, *, live_hash: str, expected_hash: str, now: datetime) -> bool:
    """The file with the hash `live_hash` has the values of the expected one, as was found at `now`.

    False, and nothing is noted, where another file is expected by now.
    """
    row = NodeState.objects.filter(pk=customer_pk, expected_hash=expected_hash)
    return row.update(same_hash=live_hash, compared_at=now) > 0


def note_done(*, configs: Collection[int], updates: Collection[int]) -> None:
    """These boxes have the file, and those the version, that was wanted; in the transaction of what shows it."""
    if configs:
        NodeState.objects.filter(pk__in=configs).update(push_wanted_at=None)
    if updates:
        NodeState.objects.filter(pk__in=updates).update(update_to=None, update_wanted_at=None)


def forget_wanted(customer_pk: int) -> None:
    """Nothing is wanted or expected of the box; in the caller's transaction."""
    withdraw(customer_pk)
    _expect(Db(), {customer_pk: None})


def _expect(db: Db, hashes: Mapping[int, str | None]) -> int:
    known: dict[int, str | None] = dict(
        db.select(NodeState, ("customer_id", "expected_hash"), key="customer_id", values=hashes, lock=True)
    )
    changed = [(pk, hashes[pk]) for pk, before in known.items() if hashes[pk] != before]
    db.update_each(NodeState, "expected_hash", changed)
    NodeState.objects.filter(pk__in=[pk for pk, _ in changed]).update(same_hash=None, compared_at=None)
    return len(changed)
