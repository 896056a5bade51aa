"""Stops the clocks while the hub could not hear: what deaf time counts for a node, and where gaps begin and end. Pure.

A node's report that fell into deaf time is lost, and the next one comes a reporting period later. So its clock stands
still while the hub is deaf, and for one period more.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# A hub that starts again and again would stop every clock for good; in one silence so many periods are given at most.
MOST_PERIODS = 4
# Reports that are accepted so close together leave no room for deafness between them.
WITNESSED = timedelta(minutes=2)

_NONE = timedelta()


@dataclass(frozen=True, order=True)
class Span:
    """From when to when."""

    from_at: datetime
    to_at: datetime


def stopped_time(spans: Iterable[Span], *, since: datetime, now: datetime, period: timedelta) -> timedelta:
    """For how long the clock of a node that was last heard at `since` has stood still by `now`."""
    deaf = within(spans, since, now)
    longer = within([Span(span.from_at, span.to_at + period) for span in deaf], since, now)
    deaf_for = total(deaf)
    return deaf_for + min(total(longer) - deaf_for, MOST_PERIODS * period)


def within(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """The spans in order, joined where they touch, and cut to what lies between `since` and `until`."""
    joined: list[Span] = []
    for span in sorted(spans):
        from_at, to_at = max(span.from_at, since), min(span.to_at, until)
        if from_at >= to_at:
            continue
        if joined and from_at <= joined[-1].to_at:
            joined[-1] = Span(joined[-1].from_at, max(joined[-1].to_at, to_at))
        else:
            joined.append(Span(from_at, to_at))
    return joined


def total(spans: Iterable[Span]) -> timedelta:
    """How long they are together; they must not overlap."""
    return sum((span.to_at - span.from_at for span in spans), _NONE)


def deaf_parts(gap: Span, accepted_at: Sequence[datetime], *, allowed: timedelta) -> list[Span]:
    """What of a gap between two beats was deafness: the hub could hear whenever a report was accepted.

    `allowed` is how long a gap may be that means nothing.
    """
    heard = [at for at in sorted(accepted_at) if gap.from_at < at < gap.to_at]
    points = [gap.from_at, *heard, gap.to_at]
    last = len(points) - 2
    return [
        Span(begin, end)
        for index, (begin, end) in enumerate(itertools.pairwise(points))
        if end - begin > (allowed if index in {0, last} else max(allowed, WITNESSED))
    ]
