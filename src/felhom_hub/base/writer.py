"""The group-commit writer: many requests wait, one thread stores what waits in one transaction, all are answered.

One commit costs one fsync whether it holds one row or two hundred. What a batch means is the business of the
recorder that it was submitted with; the writer only sees to it that a result is given out after COMMIT and never
before, that one poisonous item does not take its neighbours along, and that the queue stays bounded.
"""

import asyncio
import queue
import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from django.db import DatabaseError as DjangoDatabaseError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection

from felhom_hub.base.apart import WriterProcess
from felhom_hub.base.broadcast import Broadcast
from felhom_hub.base.commit import Recorder, store_groups
from felhom_hub.base.current import request_id
from felhom_hub.base.errors import ApiError, Impossible, Unavailable

log = structlog.get_logger(__name__)

CAPACITY = 2000  # items that wait; 8 KB each is 16 MB, and at 2,000 a second the last one waits for one second
BATCH = 200  # items in a transaction: about 50 ms, which bounds how long a page's write has to wait
CLOSE_SECONDS = 8.0  # of the ten that a stopping hub has

# Where the hub is full or its database is away, controllers come back within this span, each at its own second.
RETRY_AFTER_FROM, RETRY_AFTER_TO = 5, 60


_DAMAGED = "it is damaged"
_NOT_OPENED = "it cannot be opened"
# Over these nothing but a hand helps; every other reason can pass by itself.
LASTING = frozenset({_DAMAGED, _NOT_OPENED})
NO_ANSWER = "it does not answer"

# PostgreSQL's states for a transaction that another hub's stood in the way of: at once, it may be tried again.
_IN_THE_WAY = ("40P01", "40001")
_TRIES = 4


class _Item:
    __slots__ = ("future", "recorder", "request_id", "value")

    def __init__(self, recorder: Recorder, value: Any, future: "asyncio.Future[Any]") -> None:
        self.recorder = recorder
        self.value = value
        self.future = future
        self.request_id = request_id.get()


def unavailable(sentence: str) -> Unavailable:
    """A refusal whose Retry-After is spread, so that a herd does not come back at once."""
    return Unavailable(sentence, retry_after=retry_after())


def retry_after() -> int:
    """Seconds from now, another number each time."""
    return random.randint(RETRY_AFTER_FROM, RETRY_AFTER_TO)


class Writer:
    """The thread that commits, and the queue in front of it. Lives as long as the server."""

    def __init__(
        self,
        *,
        capacity: int = CAPACITY,
        batch: int = BATCH,
        broadcast: Broadcast | None = None,
        process: WriterProcess | None = None,
    ) -> None:
        """With a `process` it is that which stores, on SQLite, where nobody has to be told."""
        self.process = process
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._capacity = capacity
        self._batch = batch
        self.broadcast = broadcast or Broadcast()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self.is_closing = False
        self.is_ending = False
        self._away: Exception | None = None  # what the last batch was refused for, if it was
        self.waiting = 0  # only touched on the event loop
        self.committed = 0
        self.batches = 0
        self._refused_at: dict[Recorder, tuple[float, str]] = {}  # what was refused last, and has not been stored since

    def start(self) -> None:
        """From now on items are taken; called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def submit(self, recorder: Recorder, value: Any) -> "asyncio.Future[Any]":
        """A future of the recorder's result for `value`, done only after COMMIT.

        Raises Unavailable when too many wait already or the hub is stopping. The future raises the ApiError that
        refuses the item, or Unavailable when the database could not store it.
        """
        if self._loop is None or self.is_closing:
            raise unavailable("The hub is stopping; send it again")
        if self.waiting >= self._capacity:
            raise unavailable("The hub has more to store than it can just now; send it again later")
        self.waiting += 1
        future: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put(_Item(recorder, value, future))
        return future

    def recent_refusal(self, *, within_seconds: float) -> str | None:
        """Why the database refused something within that time, of a kind that it has not stored since; else None.

        A disk that is nearly full stores small things and refuses large ones.
        """
        since = time.monotonic() - within_seconds
        return next((reason for at, reason in list(self._refused_at.values()) if at >= since), None)

    async def close(self, seconds: float = CLOSE_SECONDS) -> bool:
        """Everything that was accepted is stored and answered; False when that took longer than `seconds`."""
        self.is_closing = True
        self._queue.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join, seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        if self.process is not None:
            with suppress(OperationalError):  # the first batch tries again, and tells
                self.process.start()
        self._run()
        connection.close()
        if self.process is not None:
            self.process.close()

    def _run(self) -> None:
        stopping, before = False, 0
        while not stopping:
            items: list[_Item] = []
            try:
                taken = self._queue.get(timeout=self.broadcast.wait_seconds())
            except queue.Empty:
                self.broadcast.tell_rest()
                continue
            # With a process, half of what is under way: it stores that while the other half is read here.
            under_way = 1 + self._queue.qsize() + before
            most = self._batch if self.process is None else min(self._batch, (under_way + 1) // 2)
            while True:
                if taken is None:
                    stopping = True
                    break
                items.append(taken)
                if len(items) >= most:
                    break
                try:
                    taken = self._queue.get_nowait()
                except queue.Empty:
                    break
            if items:
                self._answer(items, self._store(items))
                before = len(items)
        if self._away is None:
            self.broadcast.tell_rest()

    def _answer(self, items: list[_Item], outcomes: Sequence[Any]) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._resolve, items, outcomes)
        except RuntimeError:  # the loop is gone: nobody waits for an answer any more
            log.warning("writer_answers_lost", count=len(items))

    def _resolve(self, items: list[_Item], outcomes: Sequence[Any]) -> None:
        self.waiting -= len(items)
        for item, outcome in zip(items, outcomes, strict=True):
            if item.future.cancelled():
                continue
            if isinstance(outcome, BaseException):
                item.future.set_exception(outcome)
            else:
                item.future.set_result(outcome)

    def end_soon(self) -> None:
        """The hub is to stop: a database that is away now gets no second chance, since each costs its time-out."""
        self.is_ending = True

    def _store(self, items: list[_Item]) -> list[Any]:
        """The outcome of each; what is logged meanwhile has the ids of the requests that wait for it."""
        with structlog.contextvars.bound_contextvars(
            request_ids=[item.request_id for item in items if item.request_id]
        ):
            return self._tried(items)

    def _tried(self, items: list[_Item]) -> list[Any]:
        if self.is_ending and self._away is not None:
            return self._refused(items, self._away)
        try:
            return self._persist(items)
        except Exception as error:
            if is_away(error):
                return self._refused(items, error)
            if len(items) > 1:
                return [outcome for item in items for outcome in self._store([item])]
            if not _is_of_the_item(error):
                return self._refused(items, error)
            log.exception("writer_item_failed")
            return [Impossible(f"This cannot be stored: {type(error).__name__}")]

    def _refused(self, items: list[_Item], error: Exception) -> list[Any]:
        """The database is away: nobody is lost, all come back later, and the next batch gets a fresh connection."""
        log.error("database_unavailable", reason=str(error), refused=len(items))
        connection.close()
        self._away = error
        reason = plain_reason(error)
        self._refused_at |= dict.fromkeys((item.recorder for item in items), (time.monotonic(), reason))
        return [unavailable(f"The database cannot store this now ({reason})") for _ in items]

    def _persist(self, items: list[_Item]) -> list[Any]:
        for _ in range(_TRIES - 1):
            try:
                return self._transact(items)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) not in _IN_THE_WAY:
                    raise
        return self._transact(items)

    def _transact(self, items: list[_Item]) -> list[Any]:
        by_recorder: dict[Recorder, list[int]] = {}
        for index, item in enumerate(items):
            by_recorder.setdefault(item.recorder, []).append(index)
        outcomes: list[Any] = [None] * len(items)
        # In one order on every hub: two of them on one PostgreSQL must not wait for each other's rows.
        in_order = sorted(by_recorder.items(), key=_name_of)
        groups = [(recorder, [items[index].value for index in indexes]) for recorder, indexes in in_order]
        results = self.process.store(groups) if self.process else store_groups(groups, self.broadcast)
        for (_, indexes), found in zip(in_order, results, strict=True):
            for index, result in zip(indexes, found, strict=True):
                outcomes[index] = result
        for recorder in by_recorder:
            self._refused_at.pop(recorder, None)
        self._away = None
        self.batches += 1
        self.committed += sum(1 for outcome in outcomes if not isinstance(outcome, ApiError))
        return outcomes


def is_away(error: Exception) -> bool:
    """True when the database can store nothing now; else the fault is an item's own."""
    if isinstance(error, InterfaceError):
        return "binding" not in str(error)  # so SQLite complains of a value that it does not take
    return isinstance(error, OperationalError) or (
        isinstance(error, DjangoDatabaseError) and plain_reason(error) == _DAMAGED
    )


def _is_of_the_item(error: Exception) -> bool:
    """True when the one item that is left is what the database does not take.

    All else is the database's own trouble, such as PostgreSQL's ProgrammingError for a missing right and InternalError
    for a replica: the sender is asked to come again, since an event that was refused is lost (contract 3).
    """
    if not isinstance(error, DjangoDatabaseError) or isinstance(error, DataError | IntegrityError):
        return True
    return "binding" in str(error) or "adapt type" in str(error)  # so the drivers complain of a value


def _name_of(recorded: tuple[Recorder, list[int]]) -> str:
    name: str = getattr(recorded[0], "__qualname__", "")
    return name


def plain_reason(error: Exception) -> str:
    """What the database complains of, in a word that gives nothing away."""
    text = str(error).lower()
    for needle, reason in (
        ("is locked", "it is locked"),
        ("lock timeout", "it is locked"),
        ("is full", "the disk is full"),
        ("no space left", "the disk is full"),
        ("readonly", "it is read-only"),
        ("read-only", "it is read-only"),
        ("malformed", _DAMAGED),
        ("not a database", _DAMAGED),
        ("unable to open", _NOT_OPENED),
        ("disk i/o", "the disk reports an error"),
    ):
        if needle in text:
            return reason
    return NO_ANSWER
