from random import Random

import pytest
from tests.simulation.worlds import at, fleet, hours

from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.reports.models import NodeState
from felhom_hub.simulation.fleet import make_fleet
from felhom_hub.simulation.heard import Heard
from felhom_hub.simulation.hub import BEAT, Hub
from felhom_hub.simulation.plan import BEGIN, ClockStep, HubFault
from felhom_hub.simulation.provider import Provider
from felhom_hub.simulation.receipts import Moved
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, Span
from felhom_hub.simulation.switches import Switches
from felhom_hub.simulation.world import World
from felhom_hub.watch.models import DeafSpan, Hearing, NodeLevel

pytestmark = pytest.mark.django_db


def make_hub(**faults: object) -> Hub:
    what = fleet(3, **faults)
    world = World(what)
    heard = Heard(world)
    pks = make_fleet([heard.last(number, BEGIN) for number in range(3)])
    heard.move_to(Span(BEGIN, BEGIN + DAY))
    return Hub(world, heard, Provider([], Random(1)), Switches(), pks=pks, receipts=Moved(pks))


AWAY = HubFault("stalled", hours(2, 5))  # nothing is accepted meanwhile


def cause() -> str:
    """Of the one gap that is not from before the hub began."""
    return DeafSpan.objects.exclude(cause="off").get().cause


def heard_until() -> int:
    return to_milliseconds(Hearing.objects.get().at)


def test_beats_come_every_few_seconds_from_the_start_on() -> None:
    hub = make_hub()
    hub.start(BEGIN + 1)

    assert [hub.next_beat(BEGIN + each) for each in (1, 2, BEAT, BEAT + 1, BEAT + 2)] == [
        BEGIN + each for each in (1, 1 + BEAT, 1 + BEAT, 1 + BEAT, 1 + 2 * BEAT)
    ]


def test_a_hub_that_beats_is_heard_until_its_last_beat_and_one_that_pauses_until_then() -> None:
    hub = make_hub(hub=[AWAY])
    hub.start(BEGIN)
    hub.note_hearing(at(1) + 3)
    assert heard_until() == at(1)
    hub.pause(at(2) + 3)
    hub.note_hearing(at(5))
    assert heard_until() == at(2)
    hub.resume(at(5))
    assert heard_until() == at(5)
    assert DeafSpan.objects.get(cause="stalled").from_at == from_milliseconds(at(2))


@pytest.mark.parametrize(("slept", "words"), [(3 * HOUR, "asleep"), (0, "stalled")])
def test_what_a_gap_comes_from_is_known(slept: int, words: str) -> None:
    hub = make_hub(hub=[AWAY])
    hub.start(BEGIN)
    hub.pause(at(2))
    hub.resume(at(5), slept=slept)

    assert cause() == words


def test_a_clock_that_is_set_ahead_leaves_a_gap_that_was_never_lived_through() -> None:
    hub = make_hub(steps=[ClockStep(at(2), HOUR)])
    hub.start(BEGIN)
    hub.pause(at(2) - 1)
    hub.resume(at(2) + BEAT)

    assert (cause(), heard_until()) == ("clock", at(3) + BEAT)


def test_a_hub_that_refuses_hears_nothing_until_it_takes_reports_again() -> None:
    hub = make_hub(hub=[HubFault("refused", hours(1, 2))])
    hub.start(BEGIN)
    hub.pause(at(1))
    hub.refuse()
    hub.note_hearing(at(2))
    assert (heard_until(), hub.is_hearing) == (at(1), False)
    hub.resume(at(2))
    assert cause() == "refused"


def test_rows_lag_behind_only_where_no_rule_looks() -> None:
    hub = make_hub()
    hub.start(BEGIN)
    hub.refresh(at(3, 1))
    shown = {to_milliseconds(each) for each in NodeState.objects.values_list("last_received_at", flat=True)}

    assert shown == {hub.heard_at(number, at(3, 1)) for number in range(3)}
    hub.refresh(at(3, 15.5))
    row = NodeState.objects.get(customer_id=hub.pks[0])
    assert at(3) <= to_milliseconds(row.last_received_at) < at(3, 15) <= hub.heard_at(0, at(3, 15.5))
    hub.refresh(at(3, 15.5), at_least=0)
    row.refresh_from_db()
    assert to_milliseconds(row.last_received_at) == hub.times()[0] == hub.heard_at(0, at(3, 15.5))


def test_after_a_look_it_is_known_who_is_silent_and_when_to_look_again() -> None:
    hub = make_hub(hub=[HubFault("refused", Span(at(1), at(3)))])  # nothing is heard, and the hub does not know
    hub.start(BEGIN)
    hub.look(BEGIN + MINUTE)
    assert (hub.levels, hub.may_change(at(1)), hub.may_change(at(1, 16))) == ({}, False, True)
    hub.look(at(1, 40))

    assert set(hub.levels.values()) == {"stale"}
    assert set(NodeLevel.objects.values_list("level", flat=True)) == {"stale"}
    assert hub.has_news
