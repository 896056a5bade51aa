"""What a hub holds while it works on something that no other hub may work on: a short lease, renewed beside the work.

A hub that dies renews nothing, and what it held is free when the lease ends. A hub that lives but cannot renew, since
its database is away or it was stopped for a while, must not work on as if it held it: its work ends at the next portion
(`pace.py`). Decision 0021.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Func

from felhom_hub.base.fields import InstantField
from felhom_hub.base.pace import interrupted_by

log = structlog.get_logger(__name__)

# A dead hub's work is taken over within 30 s: this, and the second in which the others look.
LEASE_SECONDS = 20.0
RENEW_SECONDS = 5.0  # three renewals may fail before the lease ends
# A database's clock that was ahead has noted a lease that no hub can still hold.
_NO_LEASE_FACTOR = 3


class DatabaseTime(Func):
    """The time of the database's own clock, with so many seconds added; as an InstantField has it.

    Leases are counted by it and by no hub's clock: two hubs whose clocks differ by more than a lease would take each
    other's work away.
    """

    output_field = InstantField()

    def __init__(self, plus_seconds: float = 0.0) -> None:
        self.milliseconds = int(plus_seconds * 1000)
        super().__init__()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """As Django asks; SQLite's `now` is the machine's, and 2440587.5 is 1970 in it."""
        template = f"(CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) + {self.milliseconds})"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """As Django asks; not now(), which is when the transaction began."""
        template = f"((extract(epoch from clock_timestamp()) * 1000)::bigint + {self.milliseconds})"
        return self.as_sql(compiler, connection, template=template, **extra)


def lease_end() -> DatabaseTime:
    """When a lease ends that begins now, or is renewed now."""
    return DatabaseTime(LEASE_SECONDS)


def last_possible_end() -> DatabaseTime:
    """No lease that a hub still holds ends later."""
    return DatabaseTime(LEASE_SECONDS * _NO_LEASE_FACTOR)


def running_seconds() -> float:
    """A clock that nobody sets, and that goes on while the machine sleeps (Linux; elsewhere it stands still then)."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Renewal(Protocol):
    """Lets the lease end later; False where it is not this hub's any more. Raises DatabaseError."""

    def __call__(self) -> bool:
        """As the class says."""


class Lease:
    """What this hub holds since `began` by `clock`, which is before the database noted it."""

    def __init__(self, began: float, *, clock: Callable[[], float] = running_seconds) -> None:
        self._clock = clock
        self._sure_until = began + LEASE_SECONDS
        self._is_taken = False

    def is_lost(self) -> bool:
        """True where another hub may hold it by now."""
        return self._is_taken or self._clock() >= self._sure_until

    def renew(self, renewal: Renewal) -> None:
        """It ends later, unless it was lost or the database cannot be asked."""
        began = self._clock()
        if self.is_lost() or not renewal():
            self._is_taken = True
        else:
            self._sure_until = began + LEASE_SECONDS


@contextmanager
def renewed(renewal: Renewal, *, began: float, clock: Callable[[], float] = running_seconds) -> Iterator[Lease]:
    """Within it the lease is renewed by a thread beside this one, whose work is interrupted where the lease is lost.

    `began` is the `running_seconds` from before the lease was taken.
    """
    lease, has_ended = Lease(began, clock=clock), threading.Event()
    thread = threading.Thread(target=_renew_until, args=(has_ended, lease, renewal), name="lease", daemon=True)
    thread.start()
    try:
        with interrupted_by(lease.is_lost):
            yield lease
    finally:
        has_ended.set()
        thread.join()


def _renew_until(has_ended: threading.Event, lease: Lease, renewal: Renewal) -> None:
    try:
        while not has_ended.wait(RENEW_SECONDS) and not lease.is_lost():
            try:
                lease.renew(renewal)
            except (DatabaseError, InterfaceError) as error:
                log.warning("lease_not_renewed", reason=str(error))
                connection.close()
    finally:
        connection.close()
