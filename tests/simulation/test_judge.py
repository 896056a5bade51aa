from typing import Any

import pytest
from tests.simulation.worlds import at, fleet, hours, node, plan

from felhom_hub.simulation.heard import Heard
from felhom_hub.simulation.judge import Alarm, Judge, Kind, share_of
from felhom_hub.simulation.plan import BEGIN, ClockStep, HubFault, Partition, Plan
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, Span
from felhom_hub.simulation.world import World


class Case:
    """A plan's judge, and what each node was heard last by a moment."""

    def __init__(self, what: Plan) -> None:
        world = World(what)
        self.heard = Heard(world)
        self.heard.move_to(what.span)
        silences = self.heard.silences(longer_than=29 * MINUTE, until=what.span.end)
        self.judge = Judge(world, silences, until=what.span.end)

    def alarm(self, kind: Kind, *numbers: int, when: int, told: int | None = None, **more: Any) -> Alarm:
        heard = [self.heard.last(number, when) for number in numbers]
        return Alarm(kind, numbers, heard, when, when if told is None else told, **more)


def cut(begin: float, end: float, **more: Any) -> Case:
    """Node 0 is cut off for so long, node 1 is not."""
    return Case(plan(node(0, cuts=[hours(begin, end)]), node(1), **more))


def had_to_be_told(case: Case) -> int:
    return case.judge.score([]).outages


def test_an_outage_has_to_be_told_that_is_longer_than_the_threshold_and_one_check() -> None:
    assert had_to_be_told(cut(2, 2 + 61 / 60)) == 0
    assert had_to_be_told(cut(2, 2 + 62 / 60)) == 1


@pytest.mark.parametrize(
    ("minutes", "wanted"),
    [(61 + 30 + 15, 0), (61 + 30 + 16, 1)],  # half an hour of deaf time, and a reporting period after it
)
def test_time_in_which_the_hub_could_not_hear_does_not_count(minutes: int, wanted: int) -> None:
    deaf = HubFault("off", Span(at(2, 20), at(2, 50)))

    assert had_to_be_told(cut(2, 2 + minutes / 60, hub=[deaf])) == wanted


def test_after_deaf_time_four_periods_are_given_at_most() -> None:
    # Restarts every ten minutes: without a limit nothing would ever have to be told.
    storm = [HubFault("off", Span(at(2, minute), at(2, minute) + 1000)) for minute in range(5, 240, 10)]

    assert had_to_be_told(cut(2, 2 + 121 / 60, hub=storm)) == 0
    assert had_to_be_told(cut(2, 2 + 123 / 60, hub=storm)) == 1


def test_where_the_clock_is_set_back_the_outage_counts_from_there() -> None:
    back = [ClockStep(at(2, 30), -2 * HOUR)]

    assert had_to_be_told(cut(2, 3.6, steps=back)) == 0
    assert had_to_be_told(cut(2, 4, steps=back)) == 1
    assert had_to_be_told(cut(2, 3.6, steps=[ClockStep(at(2, 30), 2 * HOUR)])) == 1


def test_an_outage_is_told_by_an_alarm_of_it_and_by_no_other() -> None:
    case = cut(2, 5)

    for alarms, missed in (
        ([], 1),
        ([case.alarm("down", 0, when=at(3))], 0),
        ([case.alarm("incident", 1, 0, when=at(3))], 0),
        ([case.alarm("stale", 0, when=at(3))], 1),  # that it is down was never told
        ([case.alarm("down", 1, when=at(3))], 1),  # another node's
        ([case.alarm("down", 0, when=at(1))], 1),  # before it
        ([case.alarm("down", 0, when=at(6))], 1),  # and after it
    ):
        assert len(case.judge.score(alarms).missed) == missed, alarms


def test_the_delay_goes_from_the_cut_to_the_first_message() -> None:
    case = cut(2, 5)
    score = case.judge.score(
        [case.alarm("down", 0, when=at(3), told=at(3, 5)), case.alarm("stale", 0, when=at(2, 31), told=at(2, 32))]
    )

    assert (score.delays, score.median, score.p99) == ([32 * MINUTE], 32 * MINUTE, 32 * MINUTE)
    assert (score.alarms, dict(score.kinds)) == (2, {"down": 1, "stale": 1})


def test_an_alarm_is_false_where_nothing_was_cut_off() -> None:
    case = cut(2, 3)

    score = case.judge.score([case.alarm("down", 1, when=at(2, 40)), case.alarm("stale", 0, when=at(2, 40))])

    assert [each.numbers for each in score.false] == [(1,)]


def test_an_alarm_is_false_where_the_hub_could_not_have_heard_in_any_case() -> None:
    case = cut(2, 3, hub=[HubFault("refused", hours(1.9, 3.2))])

    assert len(case.judge.score([case.alarm("down", 0, when=at(3, 11))]).false) == 1


def test_an_alarm_at_the_last_moment_is_just_over_and_not_false() -> None:
    case = cut(2, 2.6)

    score = case.judge.score([case.alarm("stale", 0, when=at(2, 37)), case.alarm("stale", 0, when=at(2, 31))])

    assert (score.false, score.over) == ([], 1)


def test_an_incident_of_fewer_than_five_that_were_cut_off_is_false() -> None:
    for count, is_false in ((4, 1), (5, 0)):
        case = Case(fleet(10, partitions=[Partition(hours(2, 4), frozenset(range(count)))]))
        assert len(case.judge.score([case.alarm("incident", *range(6), when=at(2, 40))]).false) == is_false


def test_who_joined_an_incident_is_told_by_it_and_makes_no_message() -> None:
    case = cut(2, 5)
    joined = case.alarm("incident", 0, when=at(2, 31), told=at(2, 31), is_message=False)
    score = case.judge.score([joined])

    assert (score.alarms, score.missed, score.false, score.delays) == (0, [], [], [31 * MINUTE])


def test_the_same_said_again_is_doubled_and_not_after_a_report() -> None:
    case = Case(plan(node(0, cuts=[hours(2, 4), hours(6, 8)])))
    first, again, later = (case.alarm("down", 0, when=when) for when in (at(3), at(3, 30), at(7)))

    assert case.judge.score([first, later]).doubled == []
    assert case.judge.score([later, again, first]).doubled == [again]
    assert case.judge.score([first, case.alarm("stale", 0, when=at(3, 30))]).doubled == []


def test_an_unsteady_node_was_cut_off_within_six_hours() -> None:
    case = cut(2, 3)

    assert case.judge.score([case.alarm("unsteady", 0, when=at(8, 50))]).false == []
    assert len(case.judge.score([case.alarm("unsteady", 0, when=at(9, 10))]).false) == 1


def test_who_stays_silent_after_an_incident_has_to_be_told_alone() -> None:
    case = cut(2, 6)
    left = [(0, at(4))]

    for alarms, untold in (
        ([case.alarm("incident", 0, when=at(2, 40))], 1),
        ([case.alarm("down", 0, when=at(3))], 1),  # before the end, which is what the incident held back
        ([case.alarm("down", 0, when=at(4, 1))], 0),
    ):
        assert len(case.judge.untold(left, alarms)) == untold
    assert case.judge.untold([(0, at(5, 59))], []) == []  # back within two checks
    assert case.judge.untold([(1, at(4))], []) == []


def test_an_outage_that_goes_on_at_the_end_counts_until_then() -> None:
    case = Case(plan(node(0, cuts=[Span(at(22), BEGIN + 2 * DAY)])))

    assert (had_to_be_told(case), len(case.judge.score([]).missed)) == (1, 1)


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (99, 99), (100, 100), (1, 1)])
def test_shares_are_by_the_nearest_rank(percent: int, value: int) -> None:
    assert share_of(range(1, 101), percent) == value
    assert share_of([7], percent) == 7
    assert share_of([], percent) is None
