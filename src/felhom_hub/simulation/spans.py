"""Spans of true time in milliseconds since 1970, and what is done with many of them. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Span(NamedTuple):
    """From `begin` on, and no more at `end`."""

    begin: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.begin


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, joined where they touch."""
    joined: list[Span] = []
    for span in sorted(spans):
        if span.begin >= span.end:
            continue
        if joined and span.begin <= joined[-1].end:
            joined[-1] = Span(joined[-1].begin, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def inside(spans: Sequence[Span], begin: int, end: int) -> list[Span]:
    """What of merged spans lies between the two."""
    first = bisect_right(spans, begin, key=lambda span: span.end)
    found = []
    for span in spans[first:]:
        if span.begin >= end:
            break
        found.append(Span(max(span.begin, begin), min(span.end, end)))
    return found


def length_of(spans: Iterable[Span]) -> int:
    """How long they are together; they must not overlap."""
    return sum(span.end - span.begin for span in spans)


def is_within(spans: Sequence[Span], at: int) -> bool:
    """True where one of the merged spans holds `at`."""
    index = bisect_right(spans, at, key=lambda span: span.begin) - 1
    return index >= 0 and at < spans[index].end


def without(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """What of the spans lies outside of the merged others."""
    left = []
    for span in spans:
        begin = span.begin
        for other in inside(others, span.begin, span.end):
            if begin < other.begin:
                left.append(Span(begin, other.begin))
            begin = other.end
        if begin < span.end:
            left.append(Span(begin, span.end))
    return left


def drop_within(times: list[int], spans: Iterable[Span]) -> None:
    """The sorted times lose all that lie in one of the spans."""
    for span in spans:
        first = bisect_left(times, span.begin)
        last = bisect_left(times, span.end, first)
        del times[first:last]
