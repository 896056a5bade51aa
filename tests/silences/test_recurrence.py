from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.silences.recurrence import (
    Schedule,
    Window,
    current_window,
    first_instant,
    is_over,
    last_instant,
    next_window,
    next_windows,
)

ZONE = ZoneInfo("Europe/Budapest")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))

# The last Sundays of March and October: at 01:00 UTC the clocks go from 02:00 to 03:00, and from 03:00 back to 02:00.
FORWARD = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31)]
BACK = [date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29), date(2029, 10, 28), date(2030, 10, 27)]


def at(hours: float) -> int:
    return int(hours * 60)


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def weekly(begin: float, end: float, days: frozenset[int] = EVERY_DAY, **more: datetime) -> Schedule:
    return Schedule(more.get("from_at", LONG_AGO), more.get("until_at"), days, at(begin), at(end))


def window_of(day: date, begin: float, end: float) -> Window:
    """The window that begins on that day."""
    schedule = weekly(begin, end, frozenset((day.weekday(),)))
    found = next_window(schedule, first_instant(day, 0, ZONE) - MINUTE, ZONE)
    assert found is not None
    return found


# Begin and end on the wall, and on the day of the change in UTC with the length.
@pytest.mark.parametrize("day", FORWARD)
@pytest.mark.parametrize(
    ("begin", "end", "from_utc", "until_utc"),
    [
        (1.5, 3.5, (0, 30), (1, 30)),  # an hour shorter
        (2, 4, (1, 0), (2, 0)),  # begins with the change
        (2.5, 4, (1, 0), (2, 0)),  # its begin is left out
        (1, 2.5, (0, 0), (1, 0)),  # its end is left out
        (3, 4, (1, 0), (2, 0)),
        (0, 24, (-1, 0), (22, 0)),  # the whole day has 23 hours
    ],
)
def test_windows_on_the_day_on_which_clocks_go_forward(
    day: date, begin: float, end: float, from_utc: tuple[int, int], until_utc: tuple[int, int]
) -> None:
    midnight = utc(day, 0)
    expected = Window(
        midnight + from_utc[0] * HOUR + from_utc[1] * MINUTE, midnight + until_utc[0] * HOUR + until_utc[1] * MINUTE
    )

    assert window_of(day, begin, end) == expected


@pytest.mark.parametrize("day", BACK)
@pytest.mark.parametrize(
    ("begin", "end", "from_utc", "until_utc"),
    [
        (1.5, 3.5, (-1, 30), (2, 30)),  # an hour longer
        (2, 4, (0, 0), (3, 0)),  # begins when 02:00 comes first
        (1, 2.5, (-1, 0), (1, 30)),  # ends when 02:30 comes last
        (2.25, 2.75, (0, 15), (1, 45)),
        (3, 4, (2, 0), (3, 0)),
        (0, 24, (-2, 0), (23, 0)),  # the whole day has 25 hours
    ],
)
def test_windows_on_the_day_on_which_clocks_go_back(
    day: date, begin: float, end: float, from_utc: tuple[int, int], until_utc: tuple[int, int]
) -> None:
    midnight = utc(day, 0)
    expected = Window(
        midnight + from_utc[0] * HOUR + from_utc[1] * MINUTE, midnight + until_utc[0] * HOUR + until_utc[1] * MINUTE
    )

    assert window_of(day, begin, end) == expected


def test_a_window_that_lies_in_the_hour_that_is_left_out_does_not_come() -> None:
    for day in FORWARD:
        found = next_windows(weekly(2.25, 2.75), first_instant(day, 0, ZONE), ZONE, count=1)

        assert [each.from_at.date() for each in found] == [day + DAY]


@pytest.mark.parametrize("day", FORWARD + BACK)
@pytest.mark.parametrize("before", [0, 1])
def test_windows_over_midnight_around_a_change_of_clocks(day: date, before: int) -> None:
    begins_on = day - before * DAY
    window = window_of(begins_on, 22, 6)

    begin, end = window.from_at.astimezone(ZONE), (window.until_at or LONG_AGO).astimezone(ZONE)
    assert (begin.date(), begin.hour, end.date(), end.hour) == (begins_on, 22, begins_on + DAY, 6)
    usual = 8 * HOUR
    changed = usual - HOUR if day in FORWARD else usual + HOUR
    assert (window.until_at or LONG_AGO) - window.from_at == (changed if before else usual)


@pytest.mark.parametrize("day", FORWARD + BACK)
def test_every_minute_around_a_change_agrees_with_the_clock_on_the_wall(day: date) -> None:
    schedule = weekly(1.5, 3.5)
    disagreeing = []
    for minute in range(-2 * 60, 27 * 60):
        now = utc(day, 0) + minute * MINUTE
        wall = now.astimezone(ZONE)
        is_shown = at(1.5) <= wall.hour * 60 + wall.minute < at(3.5)
        if (current_window(schedule, now, ZONE) is not None) != is_shown:
            disagreeing.append(wall)

    assert disagreeing == []


@pytest.mark.parametrize("day", FORWARD + BACK)
def test_minutes_of_the_day_are_reckoned_to_the_second(day: date) -> None:
    change = utc(day, 1)
    if day in FORWARD:
        assert {first_instant(day, at(hour), ZONE) for hour in (2, 2.5, 3)} == {change}
        assert {last_instant(day, at(hour), ZONE) for hour in (2.5, 3)} == {change}
    else:
        assert (first_instant(day, at(2.5), ZONE), last_instant(day, at(2.5), ZONE)) == (
            change - 30 * MINUTE,
            change + 30 * MINUTE,
        )


def test_a_window_begins_at_its_begin_and_does_not_hold_at_its_end() -> None:
    schedule = weekly(2, 4, frozenset((6,)))  # Sundays
    sunday = date(2026, 11, 22)

    found = [
        current_window(schedule, utc(sunday, 1) + step, ZONE) is not None
        for step in (-MINUTE / 60, timedelta(), 2 * HOUR - MINUTE / 60, 2 * HOUR, DAY)
    ]
    assert found == [False, True, True, False, False]


def test_a_window_that_began_yesterday_holds_after_midnight() -> None:
    saturday_night = weekly(22, 6, frozenset((5,)))
    sunday = date(2026, 11, 22)

    assert current_window(saturday_night, utc(sunday, 4, 59), ZONE) == Window(
        utc(date(2026, 11, 21), 21), utc(sunday, 5)
    )
    assert current_window(saturday_night, utc(sunday, 21), ZONE) is None


def test_what_is_made_within_a_window_holds_at_once_but_not_before() -> None:
    now = utc(date(2026, 11, 22), 2)
    schedule = weekly(2, 4, from_at=now)

    assert current_window(schedule, now, ZONE) == Window(now, now + HOUR)
    assert current_window(schedule, now - MINUTE, ZONE) is None


def test_no_window_begins_behind_the_last_day() -> None:
    last = first_instant(date(2026, 11, 23), 0, ZONE)  # the 22nd is the last day
    schedule = weekly(22, 6, until_at=last)

    assert current_window(schedule, last + 5 * HOUR, ZONE) == Window(last - 2 * HOUR, last + 6 * HOUR)
    assert next_window(schedule, last - HOUR, ZONE) is None
    assert [is_over(schedule, last + hours * HOUR, ZONE) for hours in (5, 6)] == [False, True]


def test_the_next_windows_come_in_their_order() -> None:
    schedule = weekly(1.5, 3.5, frozenset((2, 6)))
    found = next_windows(schedule, datetime(2026, 3, 20, 12, tzinfo=UTC), ZONE, count=4)

    assert [each.from_at.astimezone(ZONE).strftime("%a %d %b %H:%M") for each in found] == [
        "Sun 22 Mar 01:30",
        "Wed 25 Mar 01:30",
        "Sun 29 Mar 01:30",
        "Wed 01 Apr 01:30",
    ]
    assert [(each.until_at or LONG_AGO) - each.from_at for each in found] == [2 * HOUR, 2 * HOUR, HOUR, 2 * HOUR]


def test_once_from_here_to_there() -> None:
    begin = datetime(2026, 11, 23, 12, tzinfo=UTC)
    once, open_end = Schedule(begin, begin + HOUR), Schedule(begin, None)

    assert [current_window(once, begin + step, ZONE) is not None for step in (-MINUTE, timedelta(), HOUR)] == [
        False,
        True,
        False,
    ]
    assert current_window(open_end, begin + 999 * DAY, ZONE) == Window(begin, None)
    assert [is_over(each, begin + HOUR, ZONE) for each in (once, open_end)] == [True, False]
    assert next_window(once, begin - MINUTE, ZONE) == Window(begin, begin + HOUR)
    assert next_window(once, begin, ZONE) is None


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"])
def test_other_zones_agree_with_their_walls_too(zone: str) -> None:
    where = ZoneInfo(zone)
    schedule = weekly(5, 9)
    for hour in range(0, 365 * 24, 5):
        now = datetime(2026, 1, 1, tzinfo=UTC) + hour * HOUR
        assert (current_window(schedule, now, where) is not None) == (5 <= now.astimezone(where).hour < 9)
