"""The look for silence as the hub does it, minute by minute, with its beats and its ledger."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import transaction
from tests.build import NOW, make_customer, make_node

from felhom_hub.base.db import Db
from felhom_hub.base.schedule import JOBS, Lane, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.events.models import Event
from felhom_hub.reports.models import NodeState
from felhom_hub.watch.hearing import record_beats
from felhom_hub.watch.jobs import look_for_silence
from felhom_hub.watch.models import DeafSpan
from felhom_hub.watch.pulse import Beat

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
NODES = 30
HOURS_6 = 360


def beat(minute: int, *, is_first: bool = False) -> None:
    times = [NOW + minute * MINUTE + number * 5 * SECOND for number in range(12)]
    with transaction.atomic():
        record_beats(Db(), [Beat(at, "off" if is_first else "stalled", is_first=is_first) for at in times])


def live(minutes: Iterable[int], nodes: list[int], *, silent: frozenset[int] = frozenset()) -> None:
    """The hub runs: it beats, nodes report each quarter of an hour, and it looks; the look may come before a beat."""
    for index, minute in enumerate(minutes):
        at = NOW + minute * MINUTE
        look_for_silence(at)
        beat(minute, is_first=index == 0)
        due = [pk for number, pk in enumerate(nodes) if number not in silent and (minute - number) % 15 == 0]
        NodeState.objects.filter(pk__in=due).update(last_received_at=at + 30 * SECOND)


def make_fleet() -> list[int]:
    return [make_node(make_customer(f"c{number:02}")).pk for number in range(NODES)]


def told() -> list[tuple[str | None, str]]:
    return list(Event.objects.order_by("pk").values_list("customer__customer_id", "event_type"))


def test_silence_is_looked_for_every_check_interval() -> None:
    load_jobs()

    assert JOBS["watch.look_for_silence"].timetable == Interval(MINUTE)
    assert JOBS["watch.look_for_silence"].lane is Lane.PROMPT
    assert JOBS["watch.look_for_silence"].run is look_for_silence


def test_a_silent_node_is_told() -> None:
    make_node(make_customer("a"))
    look_for_silence(NOW)

    assert look_for_silence(NOW + 30 * MINUTE) == "1 server changed"
    assert told() == [("a", "node_stale")]


def test_the_result_tells_first_sights_from_changes() -> None:
    make_node(make_customer("a"))
    assert look_for_silence(NOW) == "1 server seen for the first time"
    assert look_for_silence(NOW + MINUTE) == "no server changed"

    for name in "bc":
        make_node(make_customer(name))
    assert look_for_silence(NOW + 30 * MINUTE) == "1 server changed, 2 servers seen for the first time"


def test_six_hours_off_are_one_summary_and_no_false_alarm() -> None:
    nodes = make_fleet()
    live(range(60), nodes)
    live(range(60 + HOURS_6, 60 + HOURS_6 + 90), nodes)

    assert told() == [(None, "hub_deaf")]
    message = Event.objects.get().message
    assert message.endswith("(6 h: it was not running). Since then 30 servers reported again, 0 did not yet.")


def test_who_fell_silent_while_the_hub_was_off_is_told_after_it_in_hearing_time() -> None:
    nodes = make_fleet()
    live(range(60), nodes)
    woke = 60 + HOURS_6
    live(range(woke, woke + 120), nodes, silent=frozenset({0}))

    assert told() == [(None, "hub_deaf"), ("c00", "node_stale"), ("c00", "node_down")]
    stale, down = Event.objects.exclude(customer=None).order_by("pk").values_list("created_at", flat=True)
    # Last heard at minute 45, so a quarter of an hour before the hub went off; then one period, and the rest.
    assert stale == NOW + (woke + 15 + 16) * MINUTE
    assert down == NOW + (woke + 15 + 46) * MINUTE


def test_many_short_restarts_are_no_alarm_and_hide_no_outage() -> None:
    nodes = make_fleet()
    live(range(30), nodes)
    for begin in range(32, 32 + 20 * 12, 12):
        live(range(begin, begin + 10), nodes, silent=frozenset({0}))

    assert {customer for customer, _ in told()} == {None, "c00"}
    assert ("c00", "node_down") in told()


def test_the_first_start_on_the_database_of_an_older_hub_is_quiet() -> None:
    nodes = make_fleet()
    NodeState.objects.filter(pk=nodes[0]).update(last_received_at=NOW - 9000 * MINUTE)
    live(range(20, 110), nodes, silent=frozenset({0}))

    assert told() == []
    assert DeafSpan.objects.count() == 1
