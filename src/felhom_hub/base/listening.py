"""Hears what the other hubs of a PostgreSQL have stored (LISTEN); `broadcast.py` tells it.

It has a connection and a thread of its own. PostgreSQL keeps nothing for a listener that is away: who comes back takes
it that something was stored meanwhile.
"""

import random
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, connection
from psycopg import sql

from felhom_hub.base.broadcast import CHANNEL

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.5  # so long the thread may live on when it is to end
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30.0


class Listener:
    """Calls `heard`, in its own thread, whenever another hub has stored something; `own` is this hub's token."""

    def __init__(self, own: str, heard: Callable[[], None]) -> None:
        self._own = own
        self._heard = heard
        self._ending = threading.Event()
        self._wait_seconds = FIRST_WAIT_SECONDS
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self.is_listening = False

    def start(self) -> None:
        """From now on it listens, or tries to."""
        self._thread.start()

    def end_soon(self) -> None:
        """Nothing more is heard."""
        self._ending.set()

    def join(self, seconds: float) -> bool:
        """True when the thread has ended within that time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        has_been_away = False
        while not self._ending.is_set():
            try:
                self._listen(has_been_away=has_been_away)
            except (psycopg.Error, DatabaseError, InterfaceError) as error:
                log.warning("listening_lost", reason=str(error).strip(), again_in_seconds=round(self._wait_seconds, 1))
                has_been_away = True
                self._ending.wait(self._wait_seconds)
                # Each hub at its own time: a server that has just come up is not asked by all at once.
                self._wait_seconds = min(self._wait_seconds * random.uniform(1.5, 2.5), LONGEST_WAIT_SECONDS)
            finally:
                self.is_listening = False

    def _listen(self, *, has_been_away: bool) -> None:
        wrapper = connection.copy()
        try:
            wrapper.connect()
            raw: Any = wrapper.connection
            raw.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self.is_listening = True
            self._wait_seconds = FIRST_WAIT_SECONDS
            if has_been_away:
                log.info("listening_again")
                self._heard()
            while not self._ending.is_set():
                # However many came at once, all of them say the same.
                if any(note.payload != self._own for note in list(raw.notifies(timeout=LOOK_SECONDS, stop_after=1))):
                    self._heard()
        finally:
            wrapper.close()
