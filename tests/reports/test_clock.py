from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build import NOW

from felhom_hub.reports.clock import DOUBTFUL, borne_out

DAY = timedelta(days=1)
YEARS = 3650 * DAY


def at(receipt: datetime, *skews: timedelta) -> datetime:
    return borne_out(NOW, newest_receipt=receipt, skews=[skew.total_seconds() for skew in skews])


@pytest.mark.parametrize(
    ("receipt", "skews", "expected"),
    [
        (NOW, (), NOW),
        (NOW - timedelta(minutes=1), (), NOW - timedelta(minutes=1)),
        (NOW - YEARS / 10, (), NOW - YEARS / 10),  # the clock is ahead, or the hub was off: nobody has reported since
        (NOW + DAY, (), NOW),  # by a clock that was set back since
        (NOW, (-DOUBTFUL, DOUBTFUL, -DOUBTFUL), NOW),  # reports that were late
        (NOW, (-DAY * 300, -DAY * 301, -DAY * 302), NOW - DAY * 301),
        (NOW, (-DAY * 300, timedelta(), timedelta()), NOW),  # one box has a wrong clock
        (NOW, (YEARS, YEARS, YEARS), NOW),  # the hub's clock is behind: nothing is as old as it seems
        (NOW, (-YEARS,), NOW),  # before there was a hub, so that box has no clock
        (NOW, (NOW.min.replace(tzinfo=NOW.tzinfo) - NOW, NOW.max.replace(tzinfo=NOW.tzinfo) - NOW), NOW),
        (NOW - 30 * DAY, (-20 * DAY,), NOW - 50 * DAY),
    ],
)
def test_the_clock_is_believed_as_far_as_the_reports_bear_it_out(
    receipt: datetime, skews: tuple[timedelta, ...], expected: datetime
) -> None:
    assert at(receipt, *skews) == expected


def test_a_clock_that_is_years_ahead_is_seen_through_when_boxes_report_by_it() -> None:
    wrong = NOW + YEARS

    found = borne_out(wrong, newest_receipt=wrong, skews=[-YEARS.total_seconds() + 5, -YEARS.total_seconds()])

    assert abs(found - NOW) < timedelta(minutes=1)


@given(
    receipt=st.timedeltas(-YEARS, YEARS),
    skews=st.lists(st.floats(-3e11, 3e11, allow_nan=False), max_size=9),
)
def test_it_is_never_later_than_the_clock_or_the_newest_report(receipt: timedelta, skews: list[float]) -> None:
    newest = NOW + receipt

    assert borne_out(NOW, newest_receipt=newest, skews=skews) <= min(NOW, newest)
