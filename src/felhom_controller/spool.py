"""Events on disk, in order, until the hub has them.

An event is on disk before anybody tries to send it, and removed only after the hub's 2xx; so an outage of the hub or a
kill loses none, and a crash between the two sends one twice. What the hub refuses for good is moved aside.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from felhom_controller.files import sync_directory, write_synced

_NAME_DIGITS = 16
_MAX_EVENTS = 10_000
_MAX_REFUSED = 1_000
_MAX_EVENT_BYTES = 256 * 1024  # the hub's own limit


class SpoolFullError(Exception):
    """No more events are taken until the hub has had some."""


@dataclass(frozen=True, slots=True)
class SpooledEvent:
    """One event as it lies on disk."""

    path: Path
    body: bytes


class Spool:
    """A directory of events; several processes may add to it, one sends from it."""

    def __init__(self, directory: Path, *, max_events: int = _MAX_EVENTS) -> None:
        self._directory = directory
        self._refused = directory / "refused"
        self._max_events = max_events
        self._refused.mkdir(parents=True, exist_ok=True)

    def add(self, body: bytes) -> None:
        """The event is on disk, after all earlier ones.

        Raises SpoolFullError when the spool holds its limit, ValueError for an event that the hub would not take.
        """
        if len(body) > _MAX_EVENT_BYTES:
            raise ValueError(f"an event may have {_MAX_EVENT_BYTES} bytes; this one has {len(body)}")
        names = self._names()
        if len(names) >= self._max_events:
            raise SpoolFullError(
                f"the spool {self._directory} holds {len(names)} events, its limit; the hub must take some first"
            )
        fresh = self._directory / f".{os.getpid()}.{os.urandom(6).hex()}.new"
        try:
            write_synced(fresh, body)
            number = int(names[-1].partition(".")[0]) + 1 if names else 1
            # A link fails where the name exists, so that two processes never overwrite each other.
            while not _linked(fresh, self._directory / f"{number:0{_NAME_DIGITS}d}.json"):
                number += 1
        finally:
            fresh.unlink(missing_ok=True)
        sync_directory(self._directory)

    def oldest(self) -> SpooledEvent | None:
        """The event whose turn it is, or None when all are sent."""
        for name in self._names():
            path = self._directory / name
            return SpooledEvent(path, path.read_bytes())
        return None

    def remove(self, event: SpooledEvent) -> None:
        """The event is gone from disk; called once the hub has it."""
        event.path.unlink(missing_ok=True)
        sync_directory(self._directory)

    def set_aside(self, event: SpooledEvent, reason: str) -> Path:
        """The event no longer waits, but is kept under `refused/` with the reason beside it; returns its new place.

        Of the refused events the newest thousand are kept.
        """
        place = self._refused / event.path.name
        number = 0
        while place.exists():
            number += 1
            place = self._refused / f"{event.path.stem}-{number}.json"
        write_synced(place.with_suffix(".reason.txt"), (reason + "\n").encode())
        event.path.rename(place)
        sync_directory(self._refused)
        sync_directory(self._directory)
        kept = sorted(self._refused.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        for old in kept[:-_MAX_REFUSED]:
            old.unlink()
            old.with_suffix(".reason.txt").unlink(missing_ok=True)
        return place

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        return sorted(name for name in os.listdir(self._directory) if _is_event(name))  # noqa: PTH208 - names only


def _is_event(name: str) -> bool:
    stem, _, suffix = name.partition(".")
    return suffix == "json" and stem.isascii() and stem.isdigit()


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    return True
