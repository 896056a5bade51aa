"""When the assets are synced: at the start, and each day as controller.yaml says (`assets.sync_*`)."""

import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import structlog

from felhom_controller.assets import AssetsError, Synced
from felhom_controller.client import HubError
from felhom_controller.config import section_of
from felhom_controller.retry import Backoff

_USUAL_TIME = time(4, 0)
_POLL_SECONDS = 30.0  # the configuration may change, and a machine may sleep through the hour
_SPREAD = timedelta(minutes=10)  # a whole fleet has the same schedule
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?", re.ASCII)
_CRON = re.compile(r"([0-5]?[0-9])\s+([01]?[0-9]|2[0-3])\s+\*\s+\*\s+\*", re.ASCII)

_log = structlog.get_logger("felhom_controller.assets")


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """Whether assets are synced, and at what time of this machine's day."""

    is_enabled: bool = True
    at: time = _USUAL_TIME


def sync_settings(config: bytes | None) -> SyncSettings:
    """What the configuration says; what it does not say, or says in a way that cannot be read, is as usual."""
    section = section_of(config, "assets")
    written = section.get("sync_schedule")
    return SyncSettings(section.get("sync_enabled") is not False, _time_of(written) or _USUAL_TIME)


def _time_of(written: object) -> time | None:
    """`04:30`, or the same as cron writes it: `30 4 * * *`."""
    text = str(written).strip()
    if found := _CLOCK.fullmatch(text):
        return time(int(found[1]), int(found[2]))
    if found := _CRON.fullmatch(text):
        return time(int(found[2]), int(found[1]))
    return None


def is_due(last: datetime | None, now: datetime, at: time) -> bool:
    """True where the hour came since the last sync, however long the machine slept; at the start as well."""
    if last is None:
        return True
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return last < (today if today <= now else today - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Syncing:
    """What the loop needs: the sync, the live configuration, and how it waits."""

    sync: Callable[[], Synced]
    config: Callable[[], bytes | None]
    stop: threading.Event
    backoff: Backoff = field(default_factory=Backoff)
    clock: Callable[[], datetime] = lambda: datetime.now().astimezone()
    delay: timedelta = field(default_factory=lambda: random.random() * _SPREAD)


def run_syncing(syncing: Syncing) -> None:
    """Assets were synced at the start and each day until `stop` was set."""
    last: datetime | None = None
    failures = 0
    while not syncing.stop.is_set():
        # The own delay is taken off the clock, so that the rule knows of none.
        now = syncing.clock() - syncing.delay
        wait = _POLL_SECONDS
        try:
            wanted = sync_settings(syncing.config())
            if wanted.is_enabled and is_due(last, now, wanted.at):
                _tell(syncing.sync())
                last, failures = now, 0
        except HubError as error:
            if error.is_permanent:  # a wrong key, or a hub without assets: the next day may be better
                last = now
            failures += 1
            wait = syncing.backoff.delay_seconds(failures, retry_after_seconds=error.retry_after)
            _log.warning("assets not synced", reason=str(error), tries=failures)
        except (AssetsError, OSError) as error:
            failures += 1
            wait = syncing.backoff.delay_seconds(failures, retry_after_seconds=None)
            _log.warning("assets not synced", reason=str(error), tries=failures)
        syncing.stop.wait(wait)


def _tell(done: Synced) -> None:
    if done.downloaded or done.removed or done.failed:
        counts = {"downloaded": len(done.downloaded), "removed": len(done.removed), "failed": len(done.failed)}
        _log.info("assets synced", version=done.version, **counts)
