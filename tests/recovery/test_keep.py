from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given

from felhom_hub.recovery.keep import LAST, Dated, superfluous

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def daily(count: int, *, until: datetime = NOW) -> list[Dated]:
    """A version a day, the newest at `until`; keys are ten times their numbers."""
    return [
        Dated(10 * number, number, until - (count - number) * DAY, until - (count - number) * DAY)
        for number in range(1, count + 1)
    ]


def kept(versions: list[Dated], now: datetime = NOW) -> list[Dated]:
    gone = set(superfluous(versions, now=now))
    return [each for each in versions if each.pk not in gone]


def test_the_last_30_are_kept_however_old_they_are() -> None:
    assert superfluous(daily(LAST, until=NOW - 5000 * DAY), now=NOW) == []
    assert superfluous([], now=NOW) == []


def test_of_the_others_the_first_of_each_month_is_kept_for_a_year() -> None:
    versions = daily(800)
    others = kept(versions)[:-LAST]

    assert kept(versions)[-LAST:] == versions[-LAST:]
    assert [f"{each.received_at:%Y-%m-%d}" for each in others] == [
        "2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01",
        "2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01",
    ]  # fmt: skip


def test_a_version_that_was_renewed_for_long_counts_from_its_last_day() -> None:
    old = Dated(1, 1, NOW - 500 * DAY, NOW - 300 * DAY)
    forgotten = Dated(2, 2, NOW - 460 * DAY, NOW - 400 * DAY)
    recent = [Dated(n, n, NOW - 20 * DAY, NOW) for n in range(3, 40)]

    assert superfluous([old, forgotten, *recent], now=NOW) == [2, 4, 5, 6, 7, 8, 9]


@given(st.lists(st.integers(0, 1500), min_size=1, max_size=120), st.integers(-2000, 2000))
def test_the_newest_stays_whatever_the_clock_says(ages: list[int], ahead: int) -> None:
    """The clock may have jumped between two versions, and be anywhere now."""
    versions = [Dated(n, n, NOW - age * DAY, NOW - age * DAY) for n, age in enumerate(ages)]

    left = kept(versions, NOW + ahead * DAY)

    assert left[-LAST:] == versions[-LAST:]
    assert kept(left, NOW + ahead * DAY) == left


@given(st.integers(1, 500))
def test_pruning_every_day_keeps_what_pruning_at_the_end_keeps(count: int) -> None:
    versions = daily(count)
    left: list[Dated] = []
    for each in versions:
        left = kept([*left, each], each.received_at)

    assert left == kept(versions)
