from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.base.timetable import Daily, Interval
from felhom_hub.fleet.rhythm import next_words, rhythm_words, took_words

BUDAPEST = ZoneInfo("Europe/Budapest")
NOW = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)  # a Monday, 14:32 in Budapest


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (timedelta(seconds=1), "every 1 s"),
        (timedelta(seconds=60), "every 60 s"),
        (timedelta(seconds=150), "every 150 s"),
        (timedelta(minutes=30), "every 30 min"),
        (timedelta(hours=1), "every 1 h"),
        (timedelta(days=1), "every 1 d"),
    ],
)
def test_a_rhythm_reads_as_people_say_it(interval: timedelta, words: str) -> None:
    assert rhythm_words(Interval(interval)) == words


def test_a_daily_rhythm_names_its_hour() -> None:
    assert rhythm_words(Daily(time(4, 30), BUDAPEST)) == "daily at 04:30"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(), "now"),
        (timedelta(milliseconds=1), "in 1 s"),
        (timedelta(seconds=22), "in 22 s"),
        (timedelta(minutes=18), "in 18 min"),
        (timedelta(hours=5, minutes=59), "in 5 h 59 min"),
        (timedelta(hours=6), "today 20:32"),
        (timedelta(hours=14, minutes=28), "tomorrow 05:00"),
        (timedelta(days=5), "Sat 14:32"),
        (timedelta(days=7), "30 Nov 2026, 14:32"),
    ],
)
def test_the_next_run_is_near_in_spans_and_far_in_days(left: timedelta, words: str) -> None:
    assert next_words(NOW + left, now=NOW, zone=BUDAPEST) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0, "0 ms"), (8, "8 ms"), (999, "999 ms"), (1234, "1.2 s"), (59_000, "59.0 s"), (240_000, "4 min")],
)
def test_a_duration_has_the_unit_that_matters(milliseconds: int, words: str) -> None:
    assert took_words(milliseconds) == words
