import pytest

from felhom_hub.simulation.spans import Span, drop_within, inside, is_within, length_of, merged, without


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([], []),
        ([Span(5, 9), Span(1, 3)], [Span(1, 3), Span(5, 9)]),
        ([Span(1, 3), Span(3, 4)], [Span(1, 4)]),  # they touch
        ([Span(1, 9), Span(2, 3), Span(8, 12)], [Span(1, 12)]),
        ([Span(4, 4), Span(6, 5)], []),  # nothing lies in them
    ],
)
def test_spans_are_joined_where_they_touch(spans: list[Span], joined: list[Span]) -> None:
    assert merged(spans) == joined


SPANS = [Span(10, 20), Span(30, 40), Span(50, 60)]


@pytest.mark.parametrize(
    ("begin", "end", "found"),
    [
        (0, 100, SPANS),
        (15, 35, [Span(15, 20), Span(30, 35)]),
        (20, 30, []),  # from the one's end to the other's begin
        (19, 31, [Span(19, 20), Span(30, 31)]),
        (60, 70, []),
    ],
)
def test_what_lies_between_two_times_is_cut_to_them(begin: int, end: int, found: list[Span]) -> None:
    assert inside(SPANS, begin, end) == found


def test_length_is_what_all_have_together() -> None:
    assert (length_of(SPANS), length_of([])) == (30, 0)


@pytest.mark.parametrize(("at", "is_in"), [(9, False), (10, True), (19, True), (20, False), (59, True), (60, False)])
def test_a_span_holds_its_beginning_and_not_its_end(at: int, is_in: bool) -> None:
    assert is_within(SPANS, at) is is_in


def test_what_is_taken_away_leaves_the_rest() -> None:
    assert without([Span(0, 100)], SPANS) == [Span(0, 10), Span(20, 30), Span(40, 50), Span(60, 100)]
    assert without([Span(12, 18), Span(55, 70)], SPANS) == [Span(60, 70)]
    assert without([Span(20, 30)], SPANS) == [Span(20, 30)]


def test_times_within_a_span_are_dropped() -> None:
    times = [5, 10, 15, 20, 30, 39, 40]
    drop_within(times, SPANS)

    assert times == [5, 20, 40]
