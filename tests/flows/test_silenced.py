"""Silences, incidents and acknowledgements with the hub's own look for silence: who is told, and when."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings
from tests.build import NOW, make_customer, make_node
from tests.notify.alarms import told
from tests.silences.silences import made

from felhom_hub.customers.models import Customer
from felhom_hub.notify.held import tell_held
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.remind import remind
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.status import Thresholds
from felhom_hub.silences.recurrence import Schedule
from felhom_hub.watch.common_cause import IncidentRules
from felhom_hub.watch.models import Incident
from felhom_hub.watch.staleness import Rules, check_silence

pytestmark = [pytest.mark.django_db, pytest.mark.on_one_database]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TOGETHER = IncidentRules(share=0.1, window=20 * MINUTE)
RULES = Rules(Thresholds(stale=30 * MINUTE, down=60 * MINUTE), (), 15 * MINUTE, TOGETHER, ZoneInfo("Europe/Budapest"))


@pytest.fixture(autouse=True)
def _with_mail(settings: Settings) -> None:
    mail = replace(settings.HUB.notifications, operator_email="operator@example.org", resend_api_key="re_key")
    settings.HUB = replace(settings.HUB, notifications=mail)


def make_fleet(count: int, tags: str = "") -> list[Customer]:
    customers = [make_customer(f"c{number:02}", tags=tags) for number in range(count)]
    for customer in customers:
        make_node(customer, last_received_at=NOW)
    return customers


def live(minutes: range, fleet: list[Customer], silent: Collection[int] = ()) -> None:
    """The time goes on: servers report but for the silent ones, the hub looks, and tells what was held.

    The range's step says how many minutes lie between two looks; who was due between them has reported.
    """
    for minute in minutes:
        at = NOW + minute * MINUTE
        awake = [(number, each.pk) for number, each in enumerate(fleet) if number not in silent]
        due = [pk for number, pk in awake if (minute - number) % 15 < minutes.step]
        NodeState.objects.filter(pk__in=due).update(last_received_at=at)
        check_silence(at, RULES)
        tell_held(at)
        remind(at, every=24 * HOUR)


def of_operator() -> list[tuple[str, str]]:
    return [(customer, event_type) for customer, event_type, _ in told()]


def test_who_does_not_come_back_with_an_incident_is_told_alone_when_it_ends() -> None:
    fleet = make_fleet(24)
    live(range(0, 60, 5), fleet)
    live(range(60, 180, 5), fleet, silent=range(12))
    assert of_operator() == [("", "hub_incident_began")]

    live(range(180, 300, 5), fleet, silent=(3,))

    assert not Incident.objects.filter(ended_at=None).exists()
    assert of_operator() == [("", "hub_incident_began"), ("", "hub_incident_ended"), ("c03", "node_down")]
    live(range(300, 330, 5), fleet)
    assert of_operator()[3:] == [("c03", "node_recovered")]
    assert not Alarm.objects.exists()


def test_maintenance_of_one_providers_servers_is_told_of_those_that_do_not_come_back_alone() -> None:
    fleet = make_fleet(12, tags="digi")
    until = NOW + 240 * MINUTE
    made(tag="digi", why="Provider", choices=("group:node",), schedule=Schedule(NOW + 60 * MINUTE, until))
    live(range(0, 60, 5), fleet)
    live(range(60, 160, 5), fleet, silent=range(10))
    live(range(160, 240, 5), fleet, silent=(3,))
    assert of_operator() == []

    live(range(240, 270, 5), fleet, silent=(3,))

    assert told() == [("c03", "node_down", until)]


def test_a_silence_that_is_for_one_spares_the_others_nothing() -> None:
    fleet = make_fleet(6)
    live(range(0, 30, 5), fleet)
    made({fleet[0].pk: "c00"}, now=NOW + 30 * MINUTE, schedule=Schedule(NOW + 30 * MINUTE, None))
    live(range(30, 120, 5), fleet, silent=(0, 1))

    assert of_operator() == [("c01", "node_stale"), ("c01", "node_down")]
    live(range(120, 120 + 24 * 60, 15), fleet, silent=(0, 1))
    assert of_operator()[2:] == [("c01", "node_down")]  # the reminder
