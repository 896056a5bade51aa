"""The threads of the jobs, one for each lane: what takes long holds up nobody but its own lane."""

import threading
import time

import structlog
from django.db import connection

from felhom_hub.backups.noted import note_backups
from felhom_hub.base.instants import utc_now
from felhom_hub.base.schedule import Lane, load_jobs, run_due
from felhom_hub.base.sizes import note_size

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0


class JobThreads:
    """A thread a lane, each with its own connection to the database. Lives as long as the server.

    They are daemons: one that hangs in somebody else's server must not keep the process from ending. What it was in
    the middle of is taken up again when its lease ends, as after a kill.
    """

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._threads = {
            lane: threading.Thread(target=self._run, args=(lane,), name=f"jobs-{lane}", daemon=True) for lane in Lane
        }

    def start(self) -> None:
        """From now on jobs run when they are due."""
        load_jobs()
        for thread in self._threads.values():
            thread.start()

    def end_soon(self) -> None:
        """No further job begins; one that runs goes on (base/pace.py tells it to end)."""
        self._ending.set()

    def join(self, seconds: float) -> list[Lane]:
        """Waits so long at most for the jobs that still run; returns the lanes in which one has not ended."""
        until = time.monotonic() + seconds
        for thread in self._threads.values():
            thread.join(max(0.0, until - time.monotonic()))
        return [lane for lane, thread in self._threads.items() if thread.is_alive()]

    def _run(self, lane: Lane) -> None:
        try:
            while not self._ending.is_set():
                try:
                    note_size(utc_now())
                    note_backups(utc_now())
                    run_due(utc_now(), lane=lane, clock=utc_now)
                except Exception:  # a job's own failure is noted on its row; this is ours, and the lane goes on
                    log.exception("jobs_failed", lane=lane)
                    connection.close()
                self._ending.wait(TICK_SECONDS)
        finally:
            connection.close()
