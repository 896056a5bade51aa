import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from felhom_controller.asset_schedule import Syncing, SyncSettings, is_due, run_syncing, sync_settings
from felhom_controller.assets import AssetsError, Synced
from felhom_controller.client import HubError
from felhom_controller.retry import Backoff

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Budapest"))
HOUR = timedelta(hours=1)
FOUR = time(4, 0)


@pytest.mark.parametrize(
    ("config", "settings"),
    [
        (None, SyncSettings()),
        (b"customer: {id: a}", SyncSettings()),
        (b"assets: {sync_enabled: false}", SyncSettings(is_enabled=False)),
        (b"assets: {sync_enabled: true, sync_schedule: '05:30'}", SyncSettings(at=time(5, 30))),
        (b"assets:\n  sync_schedule: 05:30\n", SyncSettings(at=time(5, 30))),
        (b"assets: {sync_schedule: '30 5 * * *'}", SyncSettings(at=time(5, 30))),
        (b"assets: {sync_schedule: daily}", SyncSettings()),
        (b"assets: {sync_schedule: '25:00'}", SyncSettings()),
        (b"assets: {sync_schedule: '*/5 * * * *'}", SyncSettings()),
        (b"assets: [1]", SyncSettings()),
        (b"assets: {sync_enabled: [", SyncSettings()),
        (b"\xff", SyncSettings()),
    ],
)
def test_configuration_says_whether_and_when(config: bytes | None, settings: SyncSettings) -> None:
    assert sync_settings(config) == settings


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NOW, True),
        (NOW, NOW + HOUR, False),
        (NOW, NOW + 15 * HOUR, False),
        (NOW, NOW + 16 * HOUR, True),  # 04:00
        (NOW, NOW + 100 * HOUR, True),
        (NOW - 9 * HOUR, NOW, True),  # at 03:00
        (NOW - 8 * HOUR, NOW, False),
        (NOW + 48 * HOUR, NOW, False),  # the clock was set back
    ],
)
def test_due_is_what_has_not_been_done_since_the_hour_came(last: datetime | None, now: datetime, due: bool) -> None:
    assert is_due(last, now, FOUR) is due


class Clock:
    """Time that goes on by an hour with each wait, until it ends."""

    def __init__(self, hours: int) -> None:
        self.now = NOW
        self.stop = threading.Event()
        self.ends_at = NOW + hours * HOUR
        self.waits: list[float] = []

    def wait(self, seconds: float | None = None) -> bool:
        self.waits.append(seconds or 0)
        self.now += HOUR
        if self.now >= self.ends_at:
            self.stop.set()
        return self.stop.is_set()


def run(hours: int, sync: Callable[[], Synced], monkeypatch: pytest.MonkeyPatch, config: bytes | None = None) -> Clock:
    clock = Clock(hours)
    monkeypatch.setattr(clock.stop, "wait", clock.wait)
    run_syncing(Syncing(sync, lambda: config, clock.stop, Backoff(), lambda: clock.now, timedelta(minutes=5)))
    return clock


def test_synced_at_the_start_and_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def sync() -> Synced:
        done.append(1)
        return Synced(1, downloaded=("a",))

    run(24 * 3, sync, monkeypatch)

    assert len(done) == 4


def test_switched_off_is_never(monkeypatch: pytest.MonkeyPatch) -> None:
    def sync() -> Synced:
        raise AssertionError

    run(48, sync, monkeypatch, b"assets: {sync_enabled: false}")


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (HubError("away"), 24),
        (HubError("unknown key", status=401, is_permanent=True), 2),
        (AssetsError("no manifest"), 24),
        (OSError(28, "No space left on device"), 24),
    ],
)
def test_passing_failure_is_tried_again_and_a_lasting_one_the_next_day(
    error: Exception, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def sync() -> Synced:
        done.append(1)
        raise error

    clock = run(24, sync, monkeypatch)

    assert len(done) == tries
    assert max(clock.waits) <= 300
