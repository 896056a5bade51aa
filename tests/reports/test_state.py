import random
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import asdict, replace
from tests.build import NOW, incoming

from felhom_hub.base.instants import rfc3339, to_milliseconds
from felhom_hub.reports.arrivals import CELLS, to_bytes, with_arrival
from felhom_hub.reports.state import STATE_COLUMNS, Incoming, State, advanced, is_newer, position_of, skew_seconds

MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOW_MS = to_milliseconds(NOW)


def state_after(*reports: Incoming) -> State:
    state: State | None = None
    for report in reports:
        state = advanced(state, report, customer_id=7)
    assert state is not None
    return state


def told(received_at: datetime, reported_at: datetime | None = None, **members: Any) -> Incoming:
    """A report that was received then; made then too, if nothing else is said."""
    return incoming(received_at=received_at, timestamp=rfc3339(reported_at or received_at), **members)


@pytest.mark.parametrize(
    ("reported_at", "position"),
    [
        (None, NOW),
        (NOW, NOW),
        (NOW - MICROSECOND, NOW - MICROSECOND),
        (NOW - 10 * MINUTE, NOW - 10 * MINUTE),
        (NOW - DAY, NOW - DAY),
        (NOW - DAY - MICROSECOND, NOW),
        (NOW - 2 * DAY, NOW),
        (NOW - 20000 * DAY, NOW),
        (NOW + MICROSECOND, NOW),
        (NOW + 5 * MINUTE, NOW),
        (NOW + 400 * DAY, NOW),
    ],
)
def test_a_report_counts_for_its_own_time_where_that_is_believable(
    reported_at: datetime | None, position: datetime
) -> None:
    assert position_of(reported_at, NOW) == position


@pytest.mark.parametrize(
    ("reported_at", "skew"),
    [(None, None), (NOW, 0.0), (NOW + HOUR, 3600.0), (NOW - 2 * DAY, -172800.0), (NOW + 1500 * MICROSECOND, 0.002)],
)  # fmt: skip
def test_skew_is_how_far_the_boxs_clock_is_ahead(reported_at: datetime | None, skew: float | None) -> None:
    assert skew_seconds(reported_at, NOW) == skew


def test_the_first_report_fills_every_column() -> None:
    report = told(NOW, NOW - MINUTE, health={"status": "warn", "issues": ["Lemez 91 %"]})

    assert asdict(state_after(report)) == {
        "customer_id": 7,
        "first_received_at": NOW_MS,
        "last_received_at": NOW_MS,
        "arrivals": (1).to_bytes((CELLS + 7) // 8, "little"),
        "arrivals_cell": NOW_MS // 300_000,
        "position_at": NOW_MS - 60_000,
        "latest_digest": report.digest,
        "reported_at": NOW_MS - 60_000,
        "clock_skew_seconds": -60.0,
        "reported_name": "Kovács Péter",
        "controller_version": "v0.30.0",
        "controller_url": "https://felhom.kovacs.example.hu",
        "config_hash": "0" * 64,
        "monitoring_paused": False,
        "health": "warn",
        "health_since_at": NOW_MS - 60_000,
        "health_messages": '["Lemez 91 %"]',
        "cpu_percent": 7.5,
        "memory_percent": 61.2,
        "disk_percent": 41.0,
        "disk_name": "Rendszer",
        "temperature_celsius": 48.0,
        "uptime_seconds": 864000.0,
        "last_backup_at": NOW_MS - 10 * 3_600_000,
        "last_backup_ok": True,
        "last_db_dump_at": NOW_MS - 9 * 3_600_000,
        "last_db_dump_ok": True,
    }
    assert set(asdict(state_after(report))) == set(STATE_COLUMNS)


def test_a_newer_report_takes_the_place_of_all_that_was_reported_before() -> None:
    older = told(NOW - HOUR)
    newer = incoming(received_at=NOW, system={}, storage=None, backup=None, health=None, controller_url=None)

    after, alone = state_after(older, newer), state_after(newer)

    received = with_arrival(with_arrival(None, NOW_MS - 3_600_000), NOW_MS)
    assert after == replace(alone, first_received_at=NOW_MS - 3_600_000, arrivals=to_bytes(received))


def test_a_late_report_only_adds_that_it_arrived() -> None:
    newest = told(NOW, cpu=5)
    late = told(NOW + MINUTE, NOW - HOUR, health={"status": "fail"}, system={"cpu_percent": 99})

    received = with_arrival(with_arrival(None, NOW_MS), NOW_MS + 60_000)
    assert state_after(newest, late) == replace(
        state_after(newest),
        last_received_at=NOW_MS + 60_000,
        arrivals=to_bytes(received),
        arrivals_cell=received.newest_cell,
    )


@pytest.mark.parametrize(
    ("healths", "since"),
    [
        (["ok", "ok", "ok"], 0),
        (["ok", "warn", "warn"], 1),
        (["warn", "ok", "warn"], 2),
        (["fail", None, None], 1),
        ([None, None, "ok"], 2),
    ],
)
def test_health_is_as_old_as_its_unbroken_run(healths: list[str | None], since: int) -> None:
    reports = [told(NOW + index * HOUR, health=health) for index, health in enumerate(healths)]

    assert state_after(*reports).health_since_at == NOW_MS + since * 3_600_000


@pytest.mark.parametrize(
    ("clock", "skew"),
    [(timedelta(days=400), 400 * 86_400.0), (-2 * DAY, -172_800.0), (5 * MINUTE, 300.0)],
)
def test_a_box_with_a_wrong_clock_is_still_followed(clock: timedelta, skew: float) -> None:
    reports = [
        told(NOW + index * 15 * MINUTE, NOW + index * 15 * MINUTE + clock, system={"cpu_percent": index})
        for index in range(3)
    ]

    state = state_after(*reports)

    assert (state.cpu_percent, state.clock_skew_seconds) == (2.0, skew)
    assert state.position_at == state.last_received_at == NOW_MS + 30 * 60_000


def test_a_clock_that_is_put_right_does_not_freeze_the_node() -> None:
    ahead = told(NOW, NOW + DAY, system={"cpu_percent": 1})
    right = told(NOW + 15 * MINUTE, system={"cpu_percent": 2})

    assert state_after(ahead, right).cpu_percent == 2.0


def test_of_two_reports_with_the_same_time_the_digest_decides_whichever_came_first() -> None:
    one, two = (told(NOW, system={"cpu_percent": value}) for value in (1, 2))

    assert state_after(one, two) == state_after(two, one)
    assert is_newer(state_after(one), two) is (two.digest > one.digest)
    assert is_newer(state_after(one), one) is False


def test_every_order_of_arrival_leads_to_the_same_state() -> None:
    reports = [
        told(NOW),
        told(NOW + 20 * MINUTE, NOW + 15 * MINUTE, health="warn"),
        told(NOW + 21 * MINUTE, NOW - HOUR, health="fail"),
        told(NOW + 31 * MINUTE, NOW + 5 * DAY, health="warn"),
        told(NOW + 45 * MINUTE, NOW - 3 * DAY, health="warn"),
    ]

    states = {_without_health_since(state_after(*order)) for order in permutations(reports)}

    assert states == {_without_health_since(state_after(*reports))}


@pytest.mark.parametrize("seed", range(10))
def test_long_histories_may_be_shuffled_too(seed: int) -> None:
    draw = random.Random(seed)
    reports = [
        told(
            NOW + index * 15 * MINUTE,
            NOW + index * 15 * MINUTE - timedelta(seconds=draw.choice((0, 0, 1, 4000, 90_000, -30))),
            system={"cpu_percent": index % 100},
        )
        for index in range(60)
    ]

    shuffled = draw.sample(reports, k=len(reports))

    assert _without_health_since(state_after(*shuffled)) == _without_health_since(state_after(*reports))


def _without_health_since(state: State) -> State:
    """`advanced` leaves that one to the stored history where a report is late."""
    return replace(state, health_since_at=None)
