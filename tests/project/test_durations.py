from datetime import timedelta

import pytest

from felhom_hub.project.durations import LONGEST, format_duration, parse_days, parse_duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30m", timedelta(minutes=30)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("90s", timedelta(seconds=90)),
        ("1.5h", timedelta(minutes=90)),
        (".5s", timedelta(milliseconds=500)),
        ("1.s", timedelta(seconds=1)),
        ("500ms", timedelta(milliseconds=500)),
        ("1h1h", timedelta(hours=2)),
        ("2us3µs4μs", timedelta(microseconds=9)),
        ("1999ns", timedelta(microseconds=1)),
        ("0.1h0.1m0.1s", timedelta(seconds=366, milliseconds=100)),
        ("0", timedelta()),
        ("-0", timedelta()),
        ("-5m", timedelta(minutes=-5)),
        ("+5m", timedelta(minutes=5)),
        ("2562047h47m16s", timedelta(hours=2562047, minutes=47, seconds=16)),
    ],
)
def test_durations_are_read_as_go_reads_them(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "30", "m", "1d", "1 h", " 1h", "1H", "1..5h", ".h", "1h-5m", "--1h", "1e3s", "٣m", "2562048h", "9" * 70 + "s"],
)  # fmt: skip
def test_what_go_refuses_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=30), "30m"),
        (timedelta(minutes=90), "1h30m"),
        (timedelta(days=2), "48h"),
        (timedelta(seconds=1, microseconds=500_001), "1s500ms1us"),
        (timedelta(), "0s"),
        (timedelta(seconds=-61), "-1m1s"),
    ],
)
def test_a_duration_is_written_in_whole_units(span: timedelta, text: str) -> None:
    assert format_duration(span) == text
    assert parse_duration(text) == span


def test_the_longest_duration_of_go_is_read() -> None:
    assert parse_duration(format_duration(LONGEST)) == LONGEST


@pytest.mark.parametrize(("text", "days"), [("90d", 90), ("7", 7), ("0", 0), ("3650d", 3650)])
def test_whole_days_are_read(text: str, days: int) -> None:
    assert parse_days(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "d", "-1d", "1.5d", "90h", "3651d", "٩d", "1d "])
def test_what_is_no_whole_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        parse_days(text)
