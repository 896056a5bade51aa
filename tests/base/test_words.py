from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.base.words import (
    absolute_words,
    age_words,
    clock_words,
    count_words,
    date_words,
    moment_words,
    near_day_words,
    number_words,
    size_words,
    span_words,
    unit_words,
    zone_hint,
    zone_words,
)

BUDAPEST = ZoneInfo("Europe/Budapest")
MOMENT = datetime(2026, 3, 12, 13, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"seconds": -5}, "under 1 min"),
        ({"seconds": 59}, "under 1 min"),
        ({"seconds": 60}, "1 min"),
        ({"minutes": 59, "seconds": 59}, "59 min"),
        ({"minutes": 60}, "1 h"),
        ({"hours": 2, "minutes": 14}, "2 h 14 min"),
        ({"hours": 5, "minutes": 59}, "5 h 59 min"),
        ({"hours": 6, "minutes": 40}, "6 h"),
        ({"hours": 23, "minutes": 59}, "23 h"),
        ({"hours": 24}, "1 d"),
        ({"days": 2, "hours": 11, "minutes": 50}, "2 d 11 h"),
        ({"days": 6, "hours": 23}, "6 d 23 h"),
        ({"days": 7, "hours": 5}, "7 d"),
        ({"days": 400}, "400 d"),
    ],
)
def test_a_span_is_said_in_the_units_that_matter(span: dict[str, int], words: str) -> None:
    assert span_words(timedelta(**span)) == words
    assert age_words(MOMENT - timedelta(**span), MOMENT) == f"{words} ago"


def test_a_time_is_said_in_full_in_the_hubs_zone() -> None:
    assert absolute_words(MOMENT, BUDAPEST) == "Thu 12 Mar 2026, 14:18 Budapest time"
    assert clock_words(MOMENT, BUDAPEST) == "14:18:10"
    assert date_words(datetime(2026, 3, 31, 23, 30, tzinfo=UTC), BUDAPEST) == "1 Apr 2026"


@pytest.mark.parametrize(
    ("zone", "now", "words", "hint"),
    [
        ("Europe/Budapest", MOMENT, "Budapest time", "Budapest time (UTC+1)"),
        ("Europe/Budapest", datetime(2026, 7, 1, tzinfo=UTC), "Budapest time", "Budapest time (UTC+2)"),
        ("America/New_York", MOMENT, "New York time", "New York time (UTC-4)"),
        ("Asia/Kolkata", MOMENT, "Kolkata time", "Kolkata time (UTC+5:30)"),
        ("America/St_Johns", datetime(2026, 1, 1, tzinfo=UTC), "St Johns time", "St Johns time (UTC-3:30)"),
        ("UTC", MOMENT, "UTC", "UTC"),
        ("Etc/UTC", MOMENT, "UTC", "UTC"),
    ],
)
def test_a_zone_is_said_by_its_city_and_distance(zone: str, now: datetime, words: str, hint: str) -> None:
    assert (zone_words(ZoneInfo(zone)), zone_hint(ZoneInfo(zone), now)) == (words, hint)


def test_numbers_have_commas_and_units_a_space() -> None:
    assert number_words(1234567) == "1,234,567"
    assert unit_words(91.4, "%") == "91 %"
    assert unit_words(62, "°C") == "62 °C"
    assert unit_words(1024, "MB") == "1,024 MB"
    assert unit_words(0.25, "ms", 1) == "0.2 ms"


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (999_499, "999 kB"),
        (999_600, "1 MB"),
        (214_000_000, "214 MB"),
        (999_700_000, "1 GB"),
        (1_000_000_000, "1 GB"),
        (9_800_000_000, "9.8 GB"),
        (41_000_000_000, "41 GB"),
        (160_000_000_000, "160 GB"),
        (1_680_000_000_000, "1.68 TB"),
        (4_000_000_000_000, "4 TB"),
        (12e15, "12 PB"),
        (12e18, "12,000 PB"),
        (-5_000, "-5 kB"),
    ],
)
def test_sizes_are_decimal(size_bytes: float, words: str) -> None:
    assert size_words(size_bytes) == words


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [(0, ("server",), "0 servers"), (1, ("try", "tries"), "1 try"), (4, ("try", "tries"), "4 tries")],
)
def test_a_count_agrees_with_its_noun(count: int, noun: tuple[str, ...], words: str) -> None:
    assert count_words(count, *noun) == words


def test_a_moment_is_local_and_short() -> None:
    assert moment_words(MOMENT, BUDAPEST) == "12 Mar 2026, 14:18"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "Today, Thu 12 Mar 2026"), (1, "Yesterday, Wed 11 Mar 2026"), (2, "Tue 10 Mar 2026")],
)
def test_a_day_near_now_says_so(days: int, words: str) -> None:
    assert near_day_words(MOMENT - timedelta(days=days), MOMENT, BUDAPEST) == words


def test_the_day_is_the_local_one() -> None:
    late = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # half past midnight in Budapest
    assert near_day_words(late, MOMENT, BUDAPEST) == "Today, Thu 12 Mar 2026"
