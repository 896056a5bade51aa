from tests.simulation.worlds import PERIOD, at, hours, node, world

from felhom_hub.simulation.mix import JITTER
from felhom_hub.simulation.plan import BEGIN, ClockStep, HubFault, Partition
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, SECOND, Span

WHOLE = Span(BEGIN, BEGIN + DAY)


def quarters(times: list[int]) -> list[float]:
    """In hours since the beginning, without what a report is late by."""
    return [(each - BEGIN) // PERIOD / 4 for each in times]


def test_a_node_is_heard_every_quarter_of_an_hour_a_few_seconds_late() -> None:
    times = world(node(0)).accepted(0, WHOLE)

    assert quarters(times) == [number / 4 for number in range(96)]
    assert max((each - BEGIN) % PERIOD for each in times) < JITTER
    assert len({(each - BEGIN) % PERIOD for each in times}) > 1


def test_two_spans_give_what_one_does() -> None:
    one = world(node(0, minute=14))

    assert one.accepted(0, Span(BEGIN, at(5, 7))) + one.accepted(0, Span(at(5, 7), BEGIN + DAY)) == one.accepted(
        0, WHOLE
    )


def test_who_is_off_reports_as_soon_as_it_is_on_again() -> None:
    times = world(node(0, off=[Span(at(2, 1), at(3, 5))])).accepted(0, hours(1, 4))

    assert [(each - at(1)) // MINUTE for each in times] == [0, 15, 30, 45, 60, 125, 140, 155, 170]


def test_what_cannot_reach_the_hub_or_meets_a_deaf_one_is_not_heard() -> None:
    cut = world(node(0, cuts=[Span(at(2, 10), at(2, 40))]))
    apart = world(node(0), node(1), partitions=[Partition(Span(at(2, 10), at(2, 40)), frozenset({0}))])
    deaf = world(node(0), hub=[HubFault("refused", Span(at(2, 10), at(2, 40)))])

    for each in (cut, apart, deaf):
        assert quarters(each.accepted(0, hours(2, 3))) == [2, 2.75]
    assert quarters(apart.accepted(1, hours(2, 3))) == [2, 2.25, 2.5, 2.75]
    assert (cut.cut_off[0], apart.cut_off) == ([Span(at(2, 10), at(2, 40))], [[Span(at(2, 10), at(2, 40))], []])
    assert deaf.cut_off == [[]]
    assert deaf.deaf == [Span(at(2, 10), at(2, 40))]


def test_who_is_off_counts_as_cut_off() -> None:
    assert world(node(0, off=[hours(2, 3)])).cut_off[0] == [hours(2, 3)]


def test_reports_are_late_overtaken_and_lost() -> None:
    first = 96 + 8  # the report of 02:00, counted from a day before
    one = world(node(0, fates={(0, first): 5 * MINUTE, (0, first + 1): 100 * MINUTE, (0, first + 2): None}))

    assert [(each - at(2)) // MINUTE for each in one.accepted(0, hours(2, 4.25))] == [5, 45, 60, 75, 90, 105, 115, 120]
    (late,) = one.held_up(0, Span(at(3, 50), at(4)))
    assert (late.made_at, late.arrives_at) == (at(2, 15), at(3, 55))
    assert one.made_at(0, at(3, 55)) == at(2, 15)
    assert one.made_at(0, at(4, 0) + SECOND) == at(4, 0) + SECOND


def test_a_report_that_was_made_while_the_line_was_gone_never_comes() -> None:
    fates = {(0, 96 + 8): 100 * MINUTE}
    gone = world(node(0, fates=fates, cuts=[Span(at(1, 50), at(2, 5))]))

    assert gone.held_up(0, hours(3, 4)) == []


def test_the_clock_is_off_by_what_the_last_step_has_left() -> None:
    one = world(node(0), steps=[ClockStep(at(2), HOUR), ClockStep(at(3), 0), ClockStep(at(4), -MINUTE)])

    assert [one.offset_at(each) for each in (at(1), at(2) - 1, at(2), at(3), at(5))] == [0, 0, HOUR, 0, -MINUTE]
