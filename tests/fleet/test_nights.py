from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.fleet.nights import (
    APP,
    CHECK,
    COPY,
    DUMP,
    EVENT_TYPES,
    FAMILIES,
    Family,
    Night,
    Run,
    State,
    first_evening,
    nights_of,
    nights_words,
    runs_of,
)

ZONE = ZoneInfo("Europe/Budapest")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def hours(since: datetime, until: datetime) -> list[int]:
    return list(range(round(since.timestamp()) // 3600, round(until.timestamp()) // 3600 + 1))


ALWAYS = hours(NOW - 400 * DAY, NOW)


def states(
    runs: list[Run], *, family: Family = APP, heard: list[int] = ALWAYS, now: datetime = NOW
) -> dict[str, list[int]]:
    """The days of the month by state."""
    found: dict[str, list[int]] = {}
    for night in nights_of(family, runs, heard_hours=heard, now=now, zone=ZONE):
        found.setdefault(night.state, []).append(night.date.day)
    return found


def ran(*days: int, is_ok: bool = True, month: int = 11) -> list[Run]:
    return [Run(local(f"2026-{month:02}-{day:02}T02:30"), is_ok) for day in days]


def test_a_night_without_a_run_between_others_is_missed() -> None:
    runs = ran(*(day for day in range(9, 24) if day not in (12, 20))) + ran(20, is_ok=False)

    found = states(runs)

    assert found == {"done": [10, 11, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23], "missed": [12], "failed": [20]}


def test_nothing_is_expected_before_the_first_known_run() -> None:
    assert states(ran(20, 21)) == {"none": list(range(10, 20)), "done": [20, 21], "missed": [22, 23]}
    assert states([]) == {"none": list(range(10, 24))}


def test_a_run_from_long_ago_makes_every_night_since_a_missed_one() -> None:
    assert states(ran(2)) == {"missed": list(range(10, 24))}


def test_nothing_is_expected_of_a_box_that_was_not_heard_from() -> None:
    silent = hours(local("2026-11-14T18:00"), local("2026-11-16T17:59"))
    heard = [hour for hour in ALWAYS if hour not in silent]

    assert states(ran(10), heard=heard) == {"done": [10], "missed": [11, 12, 13, 14, *range(17, 24)], "none": [15, 16]}


@pytest.mark.parametrize(
    ("at", "night"),
    [
        ("2026-11-20T17:59", 20),
        ("2026-11-20T18:00", 21),
        ("2026-11-20T23:59", 21),
        ("2026-11-21T00:00", 21),
        ("2026-11-21T09:00", 21),
    ],
)
def test_a_night_ends_on_the_morning_of_its_date(at: str, night: int) -> None:
    assert states([Run(local(at), is_ok=True)])["done"] == [night]


def test_the_last_run_of_a_night_counts() -> None:
    failed, done = Run(local("2026-11-22T02:00"), is_ok=False), Run(local("2026-11-22T14:00"), is_ok=True)

    assert states([done, failed])["done"] == [22]


@pytest.mark.parametrize(
    ("now", "state"), [("2026-11-23T04:59", "waiting"), ("2026-11-23T05:00", "missed"), ("2026-11-22T18:00", "waiting")]
)
def test_the_present_night_has_time_until_five(now: str, state: str) -> None:
    assert states(ran(*range(9, 23)), now=local(now))[state] == [23]


@pytest.mark.parametrize(
    ("change", "evening"),
    [(date(2026, 3, 29), "2026-03-28T17:00:00+00:00"), (date(2026, 10, 25), "2026-10-24T16:00:00+00:00")],
)
def test_nights_are_right_when_the_clocks_change(change: date, evening: str) -> None:
    """The night of 23 or 25 hours has one mark, and neither of its neighbours takes its run."""
    begins = datetime.fromisoformat(evening)
    five = datetime.combine(change, datetime.min.time(), ZONE).replace(hour=5)
    for at in (begins, begins + timedelta(hours=7, minutes=30), begins + timedelta(hours=8, minutes=30), five):
        found = nights_of(APP, [Run(at, is_ok=True)], heard_hours=[], now=five + 2 * DAY, zone=ZONE)
        assert [night.date for night in found if night.state == "done"] == [change]
        assert len({night.date for night in found}) == 14
    before = nights_of(APP, ran(1, month=change.month), heard_hours=ALWAYS, now=five - timedelta(seconds=1), zone=ZONE)
    assert before[-1] == Night(change, "waiting")
    after = nights_of(APP, ran(1, month=change.month), heard_hours=ALWAYS, now=five, zone=ZONE)
    assert after[-1] == Night(change, "missed")
    assert first_evening(begins + 14 * DAY - timedelta(hours=3), ZONE) == begins


def test_who_decides_how_often_it_runs_decides_what_is_missed() -> None:
    assert "missed" not in states(ran(10, 11), family=CHECK)
    assert "missed" not in states(ran(10, 17), family=COPY)
    assert states(ran(10, 11, 13), family=COPY)["missed"] == [12, *range(14, 24)]


def test_runs_come_from_events_and_from_the_newest_report() -> None:
    at = local("2026-11-20T02:00")
    events = [("dbdump_success", at + DAY), ("db_dump_failed", at), ("backup_completed", at), ("test", at)]

    assert runs_of(DUMP, events, reported_at=at + 2 * DAY, reported_ok=None) == [
        Run(at, is_ok=False),
        Run(at + DAY, is_ok=True),
        Run(at + 2 * DAY, is_ok=True),
    ]
    assert runs_of(APP, events, reported_at=at + DAY, reported_ok=False)[-1] == Run(at + DAY, is_ok=False)
    assert runs_of(CHECK, events, reported_at=None, reported_ok=True) == []


def test_every_backup_event_of_the_catalogue_belongs_to_one_family() -> None:
    known = {name for name, entry in CATALOGUE.items() if entry.category == "backup" and entry.from_controller}

    assert known <= EVENT_TYPES
    assert sum(len(family.types) for family in FAMILIES) == len(EVENT_TYPES)


def test_marks_are_spoken() -> None:
    assert Night(date(2026, 2, 27), "done").label == "Fri 27 Feb: done"
    assert Night(date(2026, 3, 1), "none").label == "Sun 1 Mar: not expected"
    nights = nights_of(APP, ran(*range(9, 22)), heard_hours=ALWAYS, now=NOW, zone=ZONE)
    assert nights_words(nights) == "12 done, 2 missed"
    assert nights_words([]) == "none known"


def test_a_missed_night_looks_as_bad_as_a_failed_one() -> None:
    looks = {state: (Night(NOW.date(), state).tone, Night(NOW.date(), state).mark) for state in get_args(State)}

    assert looks == {
        "done": ("ok", "ok"),
        "failed": ("down", "down"),
        "missed": ("down", "down"),
        "none": ("idle", "pending"),
        "waiting": ("idle", "pending"),
    }
