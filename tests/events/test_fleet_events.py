from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming_event, make_customer, record_all_events

from felhom_hub.base.db import Db
from felhom_hub.customers.models import Customer
from felhom_hub.events.fleet_events import (
    FleetEvent,
    Wanted,
    announcements_at,
    counts_of,
    event_by_number,
    events_of_incident,
    fleet_events,
    uncatalogued_types,
)
from felhom_hub.events.models import Event
from felhom_hub.events.record import HubEvent, record_hub_events

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = Wanted(since=NOW - timedelta(hours=24))


def happen(customer_id: str, event_type: str, severity: str = "error", minutes: float = 0) -> None:
    at = NOW - minutes * MINUTE
    record_all_events([incoming_event(customer_id, event_type=event_type, severity=severity, received_at=at)])


def hub_says(event_type: str, details: str, *, customer_pk: int | None = None, minutes: float = 0) -> None:
    with transaction.atomic():
        event = HubEvent(customer_pk, event_type, "warning", "said by the hub", details)
        record_hub_events(Db(), [event], now=NOW - minutes * MINUTE)


def types(wanted: Wanted) -> list[str]:
    return [event.event_type for event in fleet_events(wanted, limit=50)]


def test_an_event_comes_with_whose_it_is() -> None:
    anna = make_customer("anna", name="Nagy Anna")
    gone = make_customer("gone", deleted_at=NOW)
    for customer in (anna, gone, None):
        Event.objects.create(
            customer=customer, event_type="test", severity="info", message="m", details_json='{"a": 1}',
            source="controller", created_at=NOW,
        )  # fmt: skip

    fleet, deleted, known = fleet_events(DAY, limit=9)

    assert known == FleetEvent(
        known.pk, "test", "info", "m", "controller", NOW, '{"a": 1}', anna.pk, "anna", "Nagy Anna", is_deleted=False
    )
    assert (known.server, deleted.server, deleted.is_deleted) == ("Nagy Anna", "gone", True)
    assert (fleet.customer_pk, fleet.server, fleet.is_deleted) == (None, "", False)


def test_each_wish_leaves_out_the_others() -> None:
    happen("anna", "backup_failed")
    happen("bela", "disk_warning", "warning", 1)
    happen("anna", "ups_on_battery", "warning", 2)
    happen("anna", "app_deployed", "info", 24 * 60 + 1)
    bela = Customer.objects.get(customer_id="bela").pk

    def of(**wishes: object) -> list[str]:
        return types(Wanted(DAY.since, **wishes))  # type: ignore[arg-type]  # the test's own names

    assert of() == ["backup_failed", "disk_warning", "ups_on_battery"]
    assert of(severity="warning") == ["disk_warning", "ups_on_battery"]
    assert of(types=("backup_failed", "test")) == ["backup_failed"]
    assert of(types=uncatalogued_types(limit=9)) == ["ups_on_battery"]
    assert of(types=()) == []
    assert uncatalogued_types(limit=0) == []
    assert of(named=([bela], [])) == ["disk_warning"]
    assert of(named=([bela], ["backup_failed"])) == ["backup_failed", "disk_warning"]
    assert of(named=([], [])) == []
    assert of(severity="error", named=([bela], [])) == []
    assert counts_of(DAY, limit=9) == {"error": 1, "warning": 2}
    assert counts_of(DAY, limit=2) == {"error": 1, "warning": 1}


def test_a_page_goes_on_where_the_last_one_ended_and_loses_none_of_one_moment() -> None:
    for _ in range(5):
        happen("anna", "backup_failed")
    first = fleet_events(DAY, limit=2)
    second = fleet_events(DAY, limit=2, before=(first[-1].created_at, first[-1].pk))
    third = fleet_events(DAY, limit=2, before=(second[-1].created_at, second[-1].pk))

    pks = [event.pk for event in (*first, *second, *third)]
    assert pks == sorted(Event.objects.values_list("pk", flat=True), reverse=True)


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30])
def test_an_impossible_number_is_no_event(number: int) -> None:
    assert event_by_number(number) is None


def test_an_event_is_found_by_its_number() -> None:
    happen("anna", "backup_failed")
    event = Event.objects.get()

    found = event_by_number(event.pk)

    assert found is not None
    assert (found.pk, found.server) == (event.pk, "anna")
    assert event_by_number(event.pk + 1) is None


def test_an_incident_has_its_own_events_and_no_boxs_word_for_it() -> None:
    anna = make_customer("anna").pk
    hub_says("hub_incident_began", '{"incident": 7, "nodes": 12}', minutes=30)
    hub_says("hub_incident_began", '{"incident": 71, "nodes": 12}', minutes=29)
    hub_says("node_stale", '{"last_report_at": "x", "incident": 7}', customer_pk=anna, minutes=28)
    hub_says("node_stale", '{"last_report_at": "x"}', customer_pk=anna, minutes=28)
    hub_says("node_down", '{"incident": 7, "unsteady": true}', customer_pk=anna, minutes=2)
    record_all_events([incoming_event("anna", details_json='{"incident": 7}', received_at=NOW - MINUTE)])
    Event.objects.filter(event_type="backup_failed").update(event_type="node_down")
    began, now = NOW - 30 * MINUTE, NOW

    assert [each.event_type for each in events_of_incident(7, since=began, until=None, limit=9)] == [
        "node_down", "node_stale", "hub_incident_began",
    ]  # fmt: skip
    until = now - 3 * MINUTE
    assert [each.event_type for each in events_of_incident(7, since=began, until=until, limit=9)] == [
        "node_stale", "hub_incident_began",
    ]  # fmt: skip
    assert [each.details for each in announcements_at([began])] == ['{"incident": 7, "nodes": 12}']
    assert announcements_at([]) == []


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_costs_one_query(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(count):
        happen(f"c{number}", "backup_failed")

    with django_assert_num_queries(1):
        fleet_events(DAY, limit=50)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (DAY, "events_event_created_at"),
        (Wanted(DAY.since, severity="error"), "event_of_severity"),
        (Wanted(DAY.since, types=("backup_failed",)), "event_of_type"),
        (Wanted(DAY.since, named=([1], [])), "event_of_customer"),
    ],
)
def test_a_page_is_read_along_an_index_without_sorting(wanted: Wanted, index: str) -> None:
    with CaptureQueriesContext(connection) as caught:
        fleet_events(wanted, limit=50, before=(NOW, 7))

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {caught[0]['sql']}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert index in plan
    assert "SCAN events_event" not in plan
