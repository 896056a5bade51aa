from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from felhom_hub.base.instants import from_milliseconds, parse_rfc3339, rfc3339, to_milliseconds, utc_now


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-25T08:15:00Z", datetime(2026, 2, 25, 8, 15, tzinfo=UTC)),
        ("2026-02-25t08:15:00z", datetime(2026, 2, 25, 8, 15, tzinfo=UTC)),
        ("2026-02-25 08:15:00Z", datetime(2026, 2, 25, 8, 15, tzinfo=UTC)),
        ("2026-02-25T08:15:00+00:00", datetime(2026, 2, 25, 8, 15, tzinfo=UTC)),
        ("2026-02-25T08:15:00-00:00", datetime(2026, 2, 25, 8, 15, tzinfo=UTC)),
        ("2026-02-25T08:15:00+01:00", datetime(2026, 2, 25, 7, 15, tzinfo=UTC)),
        ("2026-02-25T08:15:00-11:30", datetime(2026, 2, 25, 19, 45, tzinfo=UTC)),
        ("2026-01-01T00:15:00+14:00", datetime(2025, 12, 31, 10, 15, tzinfo=UTC)),
        ("2026-02-25T08:15:00.1Z", datetime(2026, 2, 25, 8, 15, 0, 100_000, tzinfo=UTC)),
        ("2026-02-25T08:15:00.123456Z", datetime(2026, 2, 25, 8, 15, 0, 123_456, tzinfo=UTC)),
        ("2026-02-25T08:15:00.123456789+01:00", datetime(2026, 2, 25, 7, 15, 0, 123_456, tzinfo=UTC)),
        ("2026-02-25T08:15:00.999999999Z", datetime(2026, 2, 25, 8, 15, 0, 999_999, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_rfc3339_times_are_read_as_utc(text: str, expected: datetime) -> None:
    found = parse_rfc3339(text)

    assert found == expected
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-25",
        "2026-02-25T08:15:00",  # no offset: whose time is it?
        "2026-02-25T08:15Z",
        "2026-02-25T08:15:00.Z",
        "2026-02-25T08:15:00.1234567890Z",
        "2026-02-25T08:15:00,5Z",
        "2026-02-25T08:15:00+0100",
        "2026-02-25T08:15:00+24:00",
        "2026-02-25T08:15:00 +01:00",
        " 2026-02-25T08:15:00Z",
        "2026-02-25T08:15:00Z\n",
        "2026-02-30T08:15:00Z",
        "2025-02-29T08:15:00Z",
        "2026-13-01T08:15:00Z",
        "2026-00-01T08:15:00Z",
        "2026-02-25T24:00:00Z",
        "2026-02-25T08:60:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",  # before the first year in UTC
        "9999-12-31T23:59:59-12:00",  # after the last
        "٢٠٢٦-02-25T08:15:00Z",
        "2026-02-20 18:53:24.123 +0000 UTC",
        "Wed, 25 Feb 2026 08:15:00 GMT",
        "1772007300",
    ],
)
def test_anything_else_is_no_time(text: str) -> None:
    assert parse_rfc3339(text) is None


@pytest.mark.parametrize(
    ("second", "expected"), [(61, None), (99, None), (60, datetime(2026, 2, 25, 8, 15, 59, tzinfo=UTC))]
)
def test_second_60_counts_as_59_and_later_ones_are_no_time(second: int, expected: datetime | None) -> None:
    assert parse_rfc3339(f"2026-02-25T08:15:{second}Z") == expected


@pytest.mark.parametrize(
    ("instant", "milliseconds"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(2026, 2, 25, 8, 15, 0, 123_999, tzinfo=UTC), 1_772_007_300_123),
        (datetime(2026, 2, 25, 9, 15, 0, 123_000, tzinfo=timezone(timedelta(hours=1))), 1_772_007_300_123),
        (datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC), -1),
        (datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), 253_402_300_799_999),
    ],
)
def test_milliseconds_are_rounded_down(instant: datetime, milliseconds: int) -> None:
    assert to_milliseconds(instant) == milliseconds


@pytest.mark.parametrize("milliseconds", [0, 1, -1, 1_772_007_300_123, 253_402_300_799_999, -62_135_596_800_000])
def test_milliseconds_come_back_unchanged(milliseconds: int) -> None:
    assert to_milliseconds(from_milliseconds(milliseconds)) == milliseconds


@example(8_999_999_999_999)
@given(
    st.integers(-62_135_596_800_000, 253_402_300_799_999)
    | st.integers(-(2**32) * 1000, 2**32 * 1000)
    | st.integers(2**32 * 1000 - 1000, 2**32 * 1000 + 1000)
)
def test_a_stored_time_is_exact_to_the_microsecond(milliseconds: int) -> None:
    found = from_milliseconds(milliseconds)

    assert found == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (None, None),
        (datetime(2026, 2, 25, 8, 15, tzinfo=UTC), "2026-02-25T08:15:00.000Z"),
        (datetime(2026, 2, 25, 8, 15, 0, 1_999, tzinfo=UTC), "2026-02-25T08:15:00.001Z"),
        (datetime(2026, 2, 25, 8, 15, tzinfo=timezone(timedelta(hours=1))), "2026-02-25T07:15:00.000Z"),
        (datetime(33, 2, 25, tzinfo=UTC), "0033-02-25T00:00:00.000Z"),
    ],
)
def test_times_are_written_in_utc_with_milliseconds(instant: datetime | None, text: str | None) -> None:
    assert rfc3339(instant) == text


def test_the_hubs_clock_is_aware_and_in_utc() -> None:
    assert utc_now().tzinfo is UTC


def test_the_hubs_clock_says_what_can_be_stored() -> None:
    for _ in range(20):
        now = utc_now()
        assert from_milliseconds(to_milliseconds(now)) == now
