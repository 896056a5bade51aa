from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.watch.deaf_time import Span, deaf_parts, stopped_time, total, within

PERIOD = timedelta(minutes=15)
SECONDS_15 = timedelta(seconds=15)


def span(begin: float, end: float) -> Span:
    return Span(NOW + timedelta(minutes=begin), NOW + timedelta(minutes=end))


def stopped(spans: list[Span], since: float, now: float) -> float:
    begin, end = NOW + timedelta(minutes=since), NOW + timedelta(minutes=now)
    return stopped_time(spans, since=begin, now=end, period=PERIOD) / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("spans", "since", "now", "minutes"),
    [
        ([], 0, 60, 0),
        ([span(10, 70)], 0, 70, 60),
        ([span(10, 70)], 0, 75, 65),
        ([span(10, 70)], 0, 85, 75),
        ([span(10, 70)], 0, 200, 75),
        ([span(10, 70)], 71, 200, 0),  # heard since: nothing of it was lost
        ([span(10, 70)], 5, 40, 30),  # deaf still
        ([span(10, 20), span(25, 30)], 0, 60, 35),  # the period of the first one runs into the second
        ([span(25, 30), span(10, 20), span(15, 28)], 0, 60, 35),
    ],
)
def test_a_clock_stands_still_while_the_hub_is_deaf_and_for_one_period(
    spans: list[Span], since: float, now: float, minutes: float
) -> None:
    assert stopped(spans, since, now) == minutes


def test_a_hub_that_starts_again_and_again_does_not_stop_the_clocks_for_good() -> None:
    spans = [span(number * 10, number * 10 + 1) for number in range(1, 60)]

    assert stopped(spans, 0, 600) == 59 + 4 * 15


def test_spans_are_joined_and_cut() -> None:
    begin, end = NOW, NOW + timedelta(minutes=50)

    assert within([span(40, 60), span(5, 10), span(10, 12), span(-9, 1), span(70, 80)], begin, end) == [
        span(0, 1),
        span(5, 12),
        span(40, 50),
    ]
    assert total([span(0, 1), span(5, 12)]) == timedelta(minutes=8)


@pytest.mark.parametrize(
    ("accepted", "deaf"),
    [
        ([], [span(0, 60)]),
        ([20], [span(0, 20), span(20, 60)]),
        ([59.9], [span(0, 59.9)]),
        ([0.1, 59.9], [span(0.1, 59.9)]),
        ([-5, 61], [span(0, 60)]),
        ([number / 2 for number in range(1, 120)], [span(0, 0.5), span(59.5, 60)]),
    ],
)
def test_no_gap_is_deaf_while_reports_are_accepted(accepted: list[float], deaf: list[Span]) -> None:
    times = [NOW + timedelta(minutes=each) for each in accepted]

    assert deaf_parts(span(0, 60), times, allowed=SECONDS_15) == deaf


def test_a_short_gap_means_nothing() -> None:
    assert deaf_parts(span(0, 0.25), [], allowed=SECONDS_15) == []
