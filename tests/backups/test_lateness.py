from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.backups.lateness import CATCHING_UP, is_late, late_from, timetable_of

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "last_at", "late"),
    [
        (time(3, 30), at(26, 2, 30), at(27, 5, 30)),
        (time(3, 30), at(26, 2, 29), at(26, 5, 30)),  # made by hand just before its time
        (time(3, 30), at(26, 12), at(27, 5, 30)),
        (24 * HOUR, at(26, 12), at(27, 15)),
        (6 * HOUR, at(26, 12), at(26, 21)),
        (HOUR, at(26, 12), at(26, 13, 30)),
    ],
)
def test_it_is_late_an_interval_and_some_grace_after_the_last(
    schedule: time | timedelta, last_at: datetime, late: datetime
) -> None:
    assert late_from(timetable_of(schedule, BUDAPEST), last_at) == late


def test_a_hub_that_was_off_has_time_to_catch_up() -> None:
    daily = timetable_of(time(3, 30), BUDAPEST)
    started = at(28, 9)

    found = [
        is_late(daily, at(26, 2, 30), up_since=started, now=started + after)
        for after in (timedelta(), CATCHING_UP - timedelta(seconds=1), CATCHING_UP)
    ]

    assert found == [False, False, True]
