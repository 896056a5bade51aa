"""Tells the other hubs of a PostgreSQL that something was stored which pages show (NOTIFY); `listening.py` hears it.

What is told is part of the transaction that stored it, so PostgreSQL gives it out after COMMIT. It says only that there
is something: whoever hears it asks. A hub tells no more often than `PAUSE_SECONDS`, since transactions that tell commit
one after the other, on all hubs together; what came meanwhile is told at the end of the pause.
"""

import secrets
import time
from collections.abc import Callable, Collection
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, connection

log = structlog.get_logger(__name__)

CHANNEL = "felhom_hub_news"
PAUSE_SECONDS = 0.25


class Broadcast:
    """What this hub has told and has not told yet. Belongs to the writer's thread; on SQLite nobody is told."""

    def __init__(self, quiet: Collection[Any] = (), *, clock: Callable[[], float] = time.monotonic) -> None:
        """`quiet` are the recorders of what no page shows."""
        self.token = secrets.token_hex(8)  # by which this hub knows what it has told itself
        self._quiet = frozenset(quiet)
        self._clock = clock
        self._told_at: float | None = None
        self._is_untold = False

    def stored(self, recorders: Collection[Any]) -> None:
        """The transaction that is open tells of what they have stored, or it is told soon.

        Where the transaction is rolled back, the others may be told of nothing.
        """
        if connection.vendor != "postgresql" or self._quiet.issuperset(recorders):
            return
        self._is_untold = True
        if self._left() <= 0:
            self._tell()

    def wait_seconds(self) -> float | None:
        """When `tell_rest` is due; None where everything is told."""
        return max(0.0, self._left()) if self._is_untold else None

    def tell_rest(self) -> None:
        """What came within the pause is told, outside any transaction, or given up where the database is away.

        The others' connections are broken then as well, and they ask when theirs are back.
        """
        if not self._is_untold:
            return
        try:
            self._tell()
        except (DatabaseError, InterfaceError) as error:
            log.info("news_not_told", reason=str(error))
            self._is_untold = False
            connection.close()

    def _left(self) -> float:
        return 0.0 if self._told_at is None else self._told_at + PAUSE_SECONDS - self._clock()

    def _tell(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, self.token])
        self._told_at = self._clock()
        self._is_untold = False
