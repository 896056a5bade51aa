import pytest
from django.db import transaction
from tests.simulation.runs import run
from tests.simulation.worlds import at, fleet, hours, node, plan

from felhom_hub.notify.channels import only_channel
from felhom_hub.simulation.drive import Drive
from felhom_hub.simulation.plan import BEGIN, ClockStep, HubFault, HubState, Partition, Plan
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, SECOND, Span
from felhom_hub.simulation.switches import Switches, without_rule

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


def looks_of(what: Plan) -> list[int]:
    """When the hub looked."""
    looks: list[int] = []
    with transaction.atomic():
        drive = Drive(what, Switches(), watch=lambda moment, _hub: looks.append(moment))
        with only_channel(drive.provider):
            for _ in drive.run():
                pass
        transaction.set_rollback(True)
    return looks


def test_looks_in_which_nothing_can_change_are_left_out() -> None:
    looks = looks_of(plan(node(0, cuts=[Span(at(6, 20), at(8, 20))])))
    later = [each for each in looks if each > at(1, 2)]

    # Stale after half an hour and down after an hour, at the next minute, and one that was asked for when it came back.
    assert [(each - at(6, 15)) // MINUTE for each in later] == [31, 61, 135]
    assert later[-1] - at(8, 30) < 12 * SECOND


def test_a_recovery_is_told_by_the_next_beat_and_without_that_rule_by_the_next_look() -> None:
    what = plan(node(0, cuts=[Span(at(6, 20), at(8, 20))]))
    (prompt,) = [each.at for each in run(what).decided if each.event_type == "node_recovered"]
    (slow,) = [each.at for each in run(what, without_rule("prompt")).decided if each.event_type == "node_recovered"]

    assert at(8, 30) <= prompt <= at(8, 30) + 12 * SECOND < slow <= at(8, 32)


@pytest.mark.parametrize("state", ["off", "asleep", "refused", "unwritable", "stalled"])
def test_whatever_keeps_the_hub_from_hearing_makes_no_alarm_but_one_word_of_it(state: HubState) -> None:
    found = run(fleet(6, hub=[HubFault(state, hours(6, 9))]))

    assert [(each.event_type, each.at > at(9, 15)) for each in found.decided] == [("hub_deaf", True)]
    assert len(found.subjects) == 1


@pytest.mark.parametrize("offset", [20 * MINUTE, 26 * HOUR, -20 * MINUTE, -26 * HOUR])
def test_a_clock_that_is_set_and_set_right_makes_no_alarm(offset: int) -> None:
    steps = [ClockStep(at(6), offset), ClockStep(at(9), 0)]

    assert {each.event_type for each in run(fleet(6, steps=steps)).decided} <= {"hub_deaf"}


def test_a_look_before_the_first_beat_of_a_start_makes_no_alarm() -> None:
    """Found while the simulation was made (seed 1, 60 nodes): it counted the time before a start as heard."""
    for seed in range(4):  # half of them look first
        what = fleet(6, hub=[HubFault("off", Span(at(6), at(7, 18)))])
        found = run(Plan(seed, what.span, what.nodes, hub=what.hub))
        assert [each.event_type for each in found.decided] == ["hub_deaf"], seed


def test_who_stays_silent_is_told_when_the_incident_is_over_and_not_before() -> None:
    nodes = [node(number, minute=number % 15) for number in range(20)]
    nodes[3] = node(3, minute=3, cuts=[Span(at(6), BEGIN + DAY)])
    found = run(plan(*nodes, partitions=[Partition(hours(6, 8), frozenset(range(10)))]))

    (ended,) = [each.at for each in found.decided if each.event_type == "hub_incident_ended"]
    (alone,) = [alarm for alarm in found.alarms if alarm.is_message and alarm.kind == "down"]
    assert alone.numbers == (3,)
    assert 0 < alone.decided_at - ended <= 2 * MINUTE


def test_time_goes_on_a_few_days_at_a_time() -> None:
    with transaction.atomic():
        drive = Drive(plan(node(0), days=12), Switches())
        ends = list(drive.run())
        transaction.set_rollback(True)

    assert [(each - BEGIN) / DAY for each in ends] == [5, 10, 12]
