from datetime import UTC, datetime

import pytest

from felhom_controller.retry import Backoff, retry_after_seconds

NOW = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


def test_waits_double_up_to_the_limit() -> None:
    backoff = Backoff(first_seconds=2, limit_seconds=20)
    waits = [backoff.delay_seconds(n, retry_after_seconds=None, draw=lambda: 1.0) for n in range(1, 7)]
    assert waits == [2, 4, 8, 16, 20, 20]


def test_half_of_each_wait_is_drawn() -> None:
    backoff = Backoff(first_seconds=8)
    assert backoff.delay_seconds(1, retry_after_seconds=None, draw=lambda: 0.0) == 4


def test_ten_thousand_failures_do_not_overflow() -> None:
    assert Backoff(limit_seconds=300).delay_seconds(10_000, retry_after_seconds=None, draw=lambda: 1.0) == 300


def test_retry_after_is_never_undercut() -> None:
    assert Backoff(first_seconds=2).delay_seconds(1, retry_after_seconds=60, draw=lambda: 0.0) == 60


def test_retry_after_is_spread() -> None:
    assert Backoff(first_seconds=2).delay_seconds(1, retry_after_seconds=60, draw=lambda: 1.0) == pytest.approx(66)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("17", 17),
        (" 0 ", 0),
        ("99999999999999999999", 3600),
        ("Thu, 12 Mar 2026 13:01:30 GMT", 90),
        ("Thu, 12 Mar 2026 12:00:00 GMT", 0),
        ("Fri, 13 Mar 2099 12:00:00 GMT", 3600),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds
