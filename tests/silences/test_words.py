from datetime import UTC, datetime, timedelta

import pytest
from tests.build import NOW
from tests.silences.silences import ZONE

from felhom_hub.silences.recurrence import Schedule, Window
from felhom_hub.silences.words import (
    audience_words,
    days_words,
    left_words,
    length_words,
    minute_words,
    near_words,
    reach_words,
    schedule_words,
    span_of,
    window_words,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)  # NOW is Monday, 23 Nov 2026, 13:00 in Budapest


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(NOW, NOW + 3 * HOUR), "until today 16:00"),
        (Schedule(NOW, NOW + 3 * DAY), "until Thu 26 Nov 2026, 13:00"),
        (Schedule(NOW, None), "until somebody ends it"),
        (Schedule(NOW + HOUR, NOW + 3 * HOUR), "today 14:00 to 16:00"),
        (Schedule(NOW + HOUR, NOW + DAY), "today 14:00 to Tue 24 Nov 2026, 13:00"),
        (Schedule(NOW + DAY, None), "from Tue 24 Nov 2026, 13:00 until somebody ends it"),
        (Schedule(NOW, None, frozenset((6,)), 120, 240), "Sundays 02:00 to 04:00"),
        (Schedule(NOW, None, frozenset(range(7)), 0, 1440), "every day 00:00 to 24:00"),
        (
            Schedule(NOW, datetime(2027, 3, 28, 22, tzinfo=UTC), frozenset((2, 6)), 90, 210),
            "Wed, Sun 01:30 to 03:30, last on Sun 28 Mar 2027",
        ),
    ],
)
def test_when(schedule: Schedule, words: str) -> None:
    assert schedule_words(schedule, NOW, ZONE) == words


def test_small_words() -> None:
    assert near_words(NOW, NOW, ZONE) == "today 13:00"
    assert [days_words(days) for days in ({0}, {4, 1}, set(range(7)))] == ["Mondays", "Tue, Fri", "every day"]
    assert [minute_words(minute) for minute in (0, 125, 1440)] == ["00:00", "02:05", "24:00"]
    assert [audience_words(is_for_customers=does) for does in (True, False)] == ["", "customers are told as ever"]


def test_how_long_it_still_lasts() -> None:
    assert left_words(Window(NOW, NOW + 68 * HOUR / 60), NOW) == "Active, 1 h 8 min left"
    assert left_words(Window(NOW, None), NOW) == "Active, until it is ended"


@pytest.mark.parametrize(
    ("names", "tag", "words"),
    [
        ([], "", "all servers"),
        ([], "digi", "servers with the tag digi"),
        (["A", "B", "C"], "", "A, B, C"),
        (["A", "B", "C", "D", "E"], "", "A, B, C and 2 more"),
    ],
)
def test_whom_it_reaches(names: list[str], tag: str, words: str) -> None:
    assert reach_words(names, tag) == words


@pytest.mark.parametrize(
    ("day", "hours", "words"),
    [
        (datetime(2026, 3, 22, 0, 30, tzinfo=UTC), 2, ("2 h", False)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 1, ("1 h, clocks go forward", True)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), 3, ("3 h, clocks go back", True)),
    ],
)
def test_a_window_that_a_change_of_clocks_makes_shorter_or_longer_says_so(
    day: datetime, hours: int, words: tuple[str, bool]
) -> None:
    nights = Schedule(NOW - 999 * DAY, None, frozenset((6,)), 90, 210)

    assert length_words(Window(day, day + hours * HOUR), nights) == words


def test_windows_in_words() -> None:
    begin = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

    assert window_words(Window(begin, begin + HOUR), ZONE) == "Sun 29 Mar 2026, 01:30 to 03:30"
    assert window_words(Window(begin, None), ZONE) == "Sun 29 Mar 2026, 01:30 to its end"
    assert length_words(Window(begin, None), Schedule(begin, None)) == ("", False)
    # One that is made within a window is shorter for that reason.
    cut = Schedule(begin, None, frozenset((6,)), 60, 210)
    assert length_words(Window(begin, begin + HOUR), cut) == ("1 h", False)


def test_when_it_holds_is_kept_in_words_that_stay_true() -> None:
    day = NOW + timedelta(days=1)

    assert [span_of(each, ZONE) for each in (Schedule(NOW, day), Schedule(NOW, None))] == [
        "23 Nov 2026, 13:00 to 24 Nov 2026, 13:00",
        "23 Nov 2026, 13:00 to somebody ends it",
    ]
    assert span_of(Schedule(NOW, None, frozenset((6,)), 120, 240), ZONE) == "Sundays 02:00 to 04:00"
