"""When and from where each API key was borne last: noted in memory, and stored with the hub's beat.

A report must not cost one more write. So a use is stored when what was stored of its key is five minutes old, or when
it comes from another address; what a hub that is killed had noted since its last beat is lost, until the next report.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from felhom_hub.base.db import Db
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Credential, KeyUse
from felhom_hub.customers.validity import holding

STEP: Final = timedelta(minutes=5)
_REMEMBERED = 20_000  # keys, as in `recognise.py`
_AT_ONCE = 500  # digests in a statement
_COLUMNS = ("credential_id", "used_at", "address")


@dataclass(frozen=True, slots=True)
class Use:
    """One key, by its digest, was borne then and from there."""

    digest: str
    address: str
    at: datetime


class Uses:
    """What was noted and not stored yet, and what was stored last; for all threads of the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, Use] = {}
        self._last: dict[str, Use] = {}

    def note(self, use: Use) -> None:
        """The use waits to be stored, unless what was stored of its key says nearly the same."""
        last = self._last.get(use.digest)
        if last is not None and last.address == use.address and abs(use.at - last.at) < STEP:
            return
        with self._lock:
            self._waiting[use.digest] = use

    def take(self) -> tuple[Use, ...]:
        """All that waits; it counts as stored from now on."""
        with self._lock:
            taken, self._waiting = tuple(self._waiting.values()), {}
            for use in taken:
                self._last.pop(use.digest, None)  # behind all others, which go first
                self._last[use.digest] = use
            for digest in list(self._last)[: max(0, len(self._last) - _REMEMBERED)]:
                del self._last[digest]
        return taken


_uses = Uses()


def note_use(digest: str, address: str, at: datetime) -> None:
    """The key with this digest was borne; it is stored a little later."""
    _uses.note(Use(digest, address, at))


def take_uses() -> tuple[Use, ...]:
    """What this process has to store of uses."""
    return _uses.take()


def record_uses(db: Db, batches: Sequence[Sequence[Use]]) -> list[Any]:
    """The uses are stored when the transaction commits; those of keys that hold no more are left out."""
    newest = {use.digest: use for uses in batches for use in uses}
    if not newest:
        return [True] * len(batches)
    keys: dict[str, int] = {}
    wanted, now = sorted(newest), max(use.at for use in newest.values())
    for start in range(0, len(wanted), _AT_ONCE):
        digests = wanted[start : start + _AT_ONCE]
        rows = Credential.objects.filter(holding(now), digest__in=digests)
        keys |= {digest: pk for digest, pk in rows.values_list("digest", "pk") if digest is not None}
    rows_to_store = [
        (pk, to_milliseconds(newest[digest].at), newest[digest].address)
        for digest, pk in sorted(keys.items(), key=lambda item: item[1])
    ]
    db.insert(KeyUse, _COLUMNS, rows_to_store, on_conflict="update", key=("credential_id",))
    return [True] * len(batches)
