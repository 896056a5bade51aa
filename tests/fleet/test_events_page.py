from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.build import NOW, incoming_event, record_all_events
from tests.fleet.happenings import end_incident, make_server, open_incident

from felhom_hub.events.models import Event
from felhom_hub.fleet.events_page import EventsPage, events_page
from felhom_hub.fleet.events_view import EventsView

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Budapest")
MINUTE = timedelta(minutes=1)
PLAIN = EventsView()


@pytest.fixture(autouse=True)
def _with_mail(settings: Settings) -> None:
    mail = replace(settings.HUB.notifications, operator_email="operator@example.org", resend_api_key="re_key")
    settings.HUB = replace(settings.HUB, notifications=mail)


def page(view: EventsView = PLAIN) -> EventsPage:
    return events_page(view, now=NOW, zone=ZONE)


def happen(customer_id: str, event_type: str = "backup_failed", severity: str = "error", minutes: float = 5) -> None:
    at = NOW - minutes * MINUTE
    record_all_events([incoming_event(customer_id, event_type=event_type, severity=severity, received_at=at)])


def titles(found: EventsPage) -> list[str]:
    return [row.event.event_type for day in found.days for row in day.rows]


def test_an_empty_hub_has_nothing_to_show() -> None:
    found = page()

    assert (found.open, found.ended, found.days, found.shown, found.more) == ([], [], [], 0, None)
    assert [choice.count for choice in found.choices] == ["0"] * 4


def test_events_of_everybody_stand_by_day_with_who_was_told() -> None:
    happen("anna", minutes=18 * 60)
    happen("bela", "app_deployed", "info")

    found = page()

    assert [(day.heading, len(day.rows)) for day in found.days] == [("Today", 1), ("Yesterday, Sun 22 Nov", 1)]
    assert [row.told.operator for day in found.days for row in day.rows] == [
        "Info is not sent", "On its way to operator",
    ]  # fmt: skip
    assert [row.told.customer for day in found.days for row in day.rows] == ["Customer: not on its list of events"] * 2
    assert [row.path for day in found.days for row in day.rows] == ["/customers/bela", "/customers/anna"]


def test_filters_narrow_and_the_chips_still_count_the_others() -> None:
    happen("anna")
    happen("anna", "disk_warning", "warning")
    happen("bela", "disk_warning", "warning")

    found = page(EventsView("warning", text="anna"))

    assert titles(found) == ["disk_warning"]
    assert [(each.word, each.count, each.is_current) for each in found.choices] == [
        ("All", "2", False), ("Errors", "1", False), ("Warnings", "1", True), ("Info", "0", False),
    ]  # fmt: skip
    assert titles(page(EventsView(kind="backup"))) == ["backup_failed"]
    assert titles(page(EventsView(text="drive is filling"))) == ["disk_warning", "disk_warning"]
    assert titles(page(EventsView(text="nobody at all"))) == []
    assert titles(page(EventsView(kind="uncatalogued"))) == []
    happen("anna", "ups_on_battery", "warning")
    assert titles(page(EventsView(kind="uncatalogued"))) == ["ups_on_battery"]


def test_older_ones_come_by_fifties_and_then_on_pages_of_their_own() -> None:
    for minutes in range(60):
        happen("anna", minutes=minutes + 1)

    first = page()
    assert (first.shown, first.more) == (50, ("Show 50 more", "?events=100"))
    assert page(replace(PLAIN, shown=100)).shown == 60
    last = first.days[-1].rows[-1].event
    rest = page(replace(PLAIN, before=(last.created_at, last.pk)))
    assert (rest.shown, rest.more, rest.newest_path) == (10, None, "/events")


def test_a_period_leaves_out_what_is_older() -> None:
    happen("anna", minutes=3 * 24 * 60)

    assert (page().shown, page(EventsView(period="7d")).shown) == (0, 1)
    assert page().longest_path == "/events?period=90d"


def test_incidents_stand_above_with_their_finding_and_how_it_was_told() -> None:
    servers = [make_server(f"s{number}", heard_at=NOW - 47 * MINUTE) for number in range(6)]
    small = open_incident(NOW, servers[:1], fleet=9)
    large = open_incident(NOW + MINUTE, servers[1:], fleet=9, trait="on controller v0.30.0")

    found = page()

    assert [row.incident.pk for row in found.open] == [large.pk, small.pk]
    row = found.open[0]
    assert row.finding == "5 of 9 servers silent since 12:14"
    assert row.progress == "0 of 5 report again, 5 are silent still"
    assert row.began == Event.objects.filter(event_type="hub_incident_began").latest("pk").pk
    assert row.told.operator == "On its way to operator"
    held = [row.told.operator for day in found.days for row in day.rows if row.event.event_type == "node_stale"]
    assert held == ["Operator: held, one cause"] * 6


def test_ended_incidents_stay_for_a_week() -> None:
    servers = [make_server(f"s{number}", heard_at=NOW - 47 * MINUTE) for number in range(5)]
    ended = open_incident(NOW - 30 * MINUTE, servers, fleet=9)
    end_incident(NOW, ended)

    found = page()

    assert (found.open, [row.incident.pk for row in found.ended]) == ([], [ended.pk])
    assert found.ended[0].finding == "5 of 9 servers were silent for 1 h 17 min from 11:43 on"
    later = events_page(PLAIN, now=NOW + timedelta(days=7, minutes=1), zone=ZONE)
    assert later.ended == []


@pytest.mark.parametrize("view", [PLAIN, EventsView("error", text="s", kind="node", period="90d")])
def test_the_number_of_queries_does_not_grow(view: EventsView) -> None:
    counts = []
    for number in range(2):
        silent = [make_server(f"s{number}{each}", heard_at=NOW - 47 * MINUTE) for each in range(5)]
        open_incident(NOW - number * MINUTE, silent, fleet=9)
        for minutes in range(1, 20):
            happen(f"s{number}0", minutes=minutes)
        with CaptureQueriesContext(connection) as caught:
            page(view)
        counts.append(len(caught))

    assert counts == [7 + bool(view.text)] * 2
