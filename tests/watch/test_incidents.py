import json
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, make_customer, make_node
from tests.two_hubs import both_at_once

from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.status import Thresholds
from felhom_hub.watch.common_cause import IncidentRules
from felhom_hub.watch.deaf_time import Span
from felhom_hub.watch.incidents import end_incidents, members, open_incident
from felhom_hub.watch.models import Incident, IncidentNode
from felhom_hub.watch.staleness import Rules, check_silence

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
ZONE = ZoneInfo("Europe/Budapest")
TOGETHER = IncidentRules(share=0.1, window=20 * MINUTE)
RULES = Rules(Thresholds(stale=30 * MINUTE, down=60 * MINUTE), (), 15 * MINUTE, TOGETHER, ZONE)
CUT = 60  # minutes after NOW


def make_fleet(count: int) -> list[int]:
    """Nodes that report every quarter of an hour, each at its own minute; a third of them is on an older version."""
    return [
        make_node(
            make_customer(f"c{number:02}"),
            last_received_at=NOW,
            controller_version="v0.29.0" if number % 3 == 0 else "v0.30.2",
        ).customer_id
        for number in range(count)
    ]


def live(minutes: range, nodes: list[int], silent: Collection[int] = ()) -> None:
    """The time goes on minute by minute: nodes report but for the silent ones, and the hub looks."""
    for minute in minutes:
        at = NOW + minute * MINUTE
        due = [pk for number, pk in enumerate(nodes) if number not in silent and (minute - number) % 15 == 0]
        NodeState.objects.filter(pk__in=due).update(last_received_at=at)
        check_silence(at, RULES)


def told() -> list[tuple[str | None, str]]:
    """The events that stand for themselves."""
    rows = Event.objects.order_by("pk").values_list("customer__customer_id", "event_type", "details_json")
    return [(customer, name) for customer, name, details in rows if customer is None or "incident" not in details]


def marked() -> dict[str, int]:
    names = list(
        Event.objects.filter(details_json__contains='"incident"', customer__isnull=False).values_list(
            "event_type", flat=True
        )
    )
    return {name: names.count(name) for name in sorted(set(names))}


def test_half_a_fleet_that_is_cut_off_is_one_incident_with_a_beginning_and_an_end() -> None:
    nodes = make_fleet(60)
    gone = {number for number in range(60) if number % 3}  # all on v0.30.2
    live(range(CUT), nodes)
    live(range(CUT, CUT + 180), nodes, gone)
    live(range(CUT + 180, CUT + 240), nodes)

    assert told() == [(None, "hub_incident_began"), (None, "hub_incident_ended")]
    assert marked() == {"node_down": 40, "node_recovered": 40, "node_stale": 40}
    began, ended = Event.objects.filter(customer=None).order_by("pk")
    assert began.created_at == NOW + (CUT + 16) * MINUTE  # with the first that falls silent
    assert began.message == "40 of 60 nodes silent since 13:59, all on controller v0.30.2."
    assert ended.message.startswith("40 of 40 nodes report again after ")
    assert Incident.objects.values_list("nodes", "fleet", "trait").get() == (40, 60, "on controller v0.30.2")
    assert members() == {}


def test_a_single_failure_beside_an_incident_is_told_as_ever() -> None:
    nodes = make_fleet(30)
    live(range(CUT - 30), nodes)
    live(range(CUT - 30, CUT), nodes, {0})
    live(range(CUT, CUT + 60), nodes, set(range(12)))

    assert told() == [("c00", "node_stale"), (None, "hub_incident_began"), ("c00", "node_down")]
    assert set(marked()) == {"node_down", "node_stale"}


def test_a_few_failures_are_told_one_by_one() -> None:
    nodes = make_fleet(30)
    live(range(CUT), nodes)
    live(range(CUT, CUT + 40), nodes, {0, 1, 2, 3})

    assert sorted(told()) == [(f"c0{number}", "node_stale") for number in range(4)]
    assert Incident.objects.count() == 0


def test_who_stays_silent_is_named_at_the_end_and_told_alone_from_then_on() -> None:
    nodes = make_fleet(30)
    live(range(CUT), nodes)
    live(range(CUT, CUT + 40), nodes, set(range(10, 30)))
    live(range(CUT + 40, CUT + 90), nodes, {17, 18})
    live(range(CUT + 90, CUT + 110), nodes)

    assert told() == [
        (None, "hub_incident_began"),
        (None, "hub_incident_ended"),
        ("c17", "node_recovered"),
        ("c18", "node_recovered"),
    ]
    ended = Event.objects.get(event_type="hub_incident_ended")
    assert ended.message.startswith("18 of 20 nodes report again after ")
    assert ended.message.endswith(" Still silent: c17, c18.")
    assert json.loads(ended.details_json)["still_silent"] == ["c17", "c18"]


def test_who_is_blocked_or_deleted_holds_no_incident_open() -> None:
    nodes = make_fleet(10)
    live(range(CUT), nodes)
    live(range(CUT, CUT + 40), nodes, set(range(10)))
    Customer.objects.filter(pk__in=nodes[:5]).update(blocked_at=NOW)
    Customer.objects.filter(pk__in=nodes[5:]).update(deleted_at=NOW)

    assert end_incidents(NOW + (CUT + 41) * MINUTE, period=15 * MINUTE) == 1


def open_now(at: datetime) -> Any:
    return partial(open_incident, at, TOGETHER, deaf=(), late=16 * MINUTE, period=15 * MINUTE, zone=ZONE)


@pytest.mark.django_db(transaction=True)
def test_two_hubs_open_and_end_an_incident_once() -> None:
    nodes = make_fleet(10)
    check_silence(NOW, RULES)
    at = NOW + 30 * MINUTE

    both_at_once(open_now(at), open_now(at))
    assert (Incident.objects.count(), IncidentNode.objects.count()) == (1, 10)

    NodeState.objects.filter(pk__in=nodes).update(last_received_at=at)
    check_silence(at, Rules(RULES.thresholds, (), RULES.period))
    end = partial(end_incidents, at + MINUTE, period=RULES.period)
    both_at_once(end, end)
    assert [name for _, name in told()] == ["hub_incident_began", "hub_incident_ended"]


def test_after_deaf_time_nobody_is_overdue_for_a_reporting_period() -> None:
    make_fleet(10)
    check_silence(NOW, RULES)

    deaf = [Span(NOW + 5 * MINUTE, NOW + 365 * MINUTE)]
    late: Any = {"late": 16 * MINUTE, "period": 15 * MINUTE, "zone": ZONE}

    assert not open_incident(NOW + 390 * MINUTE, TOGETHER, deaf=deaf, **late)
    assert open_incident(NOW + 391 * MINUTE, TOGETHER, deaf=deaf, **late)
