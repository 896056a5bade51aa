from datetime import timedelta

import pytest

from felhom_hub.reports.arrivals import Arrivals, with_arrival
from felhom_hub.watch.expectation import LEAST_GAPS, allowance_for, usual_interval

MINUTE = timedelta(minutes=1)
FLEET, STALE = 15 * MINUTE, 30 * MINUTE


def arrivals(*gaps: int) -> Arrivals:
    """Reports with so many minutes between them."""
    at = 1_795_000_000_000 // 300_000 * 300_000 + 60_000
    found = with_arrival(None, at)
    for gap in gaps:
        at += gap * 60_000
        found = with_arrival(found, at)
    return found


@pytest.mark.parametrize(
    ("gaps", "minutes"),
    [
        ([60] * 10, 60),
        ([60] * LEAST_GAPS, 60),
        ([60] * (LEAST_GAPS - 1), None),  # too few to be a habit
        ([15] * 90, None),
        ([20] * 60, None),  # jitter
        ([30] * 40, 30),
        ([5] * 200, None),  # a shorter one would only make new alarms
        ([15] * 20 + [600] + [15] * 20, None),  # one long outage among many
        ([15, 15, 200] * 5, None),  # one that is away again and again
        ([60, 60, 65, 55, 60, 240, 60, 60], 60),
        ([240] * 6, 240),
        ([], None),
    ],
)
def test_the_usual_interval_is_the_median_of_a_day(gaps: list[int], minutes: int | None) -> None:
    expected = None if minutes is None else minutes * MINUTE

    assert usual_interval(arrivals(*gaps), fleet=FLEET) == expected


@pytest.mark.parametrize(
    ("interval", "stale", "minutes"),
    [
        (None, 30, 0),
        (15, 30, 0),
        (60, 30, 45),
        (5, 30, -10),
        (1440, 30, 1425),
        (1, 10, -9),  # not stale before its next report is due
        (15, 10, 5),
    ],
)
def test_the_allowance_is_what_the_interval_is_longer_than_the_fleets(
    interval: int | None, stale: int, minutes: int
) -> None:
    own = None if interval is None else interval * MINUTE
    allowance = allowance_for(own, fleet=FLEET, stale=stale * MINUTE)

    assert allowance == minutes * MINUTE
    assert own is None or stale * MINUTE + allowance >= own
