from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, incoming_event, make_customer, record, record_all_events

from felhom_hub.customers.models import Customer
from felhom_hub.fleet.customer import CustomerPage, customer_page
from felhom_hub.fleet.event_list import View
from felhom_hub.fleet.sections import Section

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Budapest")
MINUTE = timedelta(minutes=1)
PLAIN = View()
FULL = [{"name": "hdd1", "percent": 97.0, "mounted": True, "state": "ok"}]


def page(customer_id: str = "kovacs-peter", view: View = PLAIN) -> CustomerPage:
    found = customer_page(customer_id, view=view, now=NOW, zone=ZONE)
    assert found is not None
    return found


def report(minutes: float = 4, **members: Any) -> None:
    record([incoming(received_at=NOW - minutes * MINUTE, **members)])


def test_there_is_no_page_of_nobody() -> None:
    assert customer_page("nobody", view=PLAIN, now=NOW, zone=ZONE) is None


def test_a_pending_customer_has_nothing_to_show_but_what_to_do() -> None:
    make_customer("new")

    found = page("new")

    assert (found.every_seconds, found.reported, found.sections, found.events.days) == (
        15,
        None,
        [Section("notifications", "Notifications", "")],
        [],
    )
    assert found.banner is not None
    assert found.path == "/customers/new"


def test_only_sections_with_data_are_there() -> None:
    report()

    assert page().sections == [
        Section("system", "System", ""),
        Section("reports", "Reports", ""),
        Section("storage", "Storage", ""),
        Section("backups", "Backups", ""),
        Section("notifications", "Notifications", ""),
        Section("history", "History", ""),
    ]
    assert page().banner is None


def test_sections_carry_their_marks() -> None:
    report(storage=FULL, backup={"last_backup_at": "2026-11-20T02:00:00Z"}, containers={"total": 3, "unhealthy": 1})
    record_all_events([incoming_event()])

    found = page()

    assert found.sections == [
        Section("system", "System", "down"),
        Section("reports", "Reports", ""),
        Section("storage", "Storage", "down"),
        Section("containers", "Containers", "warn"),
        Section("backups", "Backups", "warn"),
        Section("events", "Events", ""),
        Section("notifications", "Notifications", ""),
        Section("history", "History", ""),
    ]
    assert found.troubled == 4
    assert found.tones["storage"] == "down"
    assert found.reported is not None
    assert found.reported.drives_summary == "1 drive, 1 needs attention"


def test_a_silent_server_shows_its_last_known_state() -> None:
    report(minutes=134, storage=FULL)

    found = page()

    assert found.reported is not None
    assert (found.reported.is_old, found.sections[0]) == (True, Section("system", "Last known state", ""))
    assert found.troubled == 0


def test_events_of_one_severity_are_shown_alone_and_an_empty_choice_keeps_the_section() -> None:
    report()
    record_all_events([incoming_event(severity="info", event_type="test"), incoming_event(severity="error")])

    assert [line.severity for day in page().events.days for line in day.events] == ["Error", "Info"]
    assert [line.severity for day in page(view=View("info")).events.days for line in day.events] == ["Info"]
    assert page(view=View("warning")).events.days == []
    assert page(view=View("warning")).sections[-3] == Section("events", "Events", "")
    assert page().events.summary == "newest 50, 1 error and 0 warnings in 24 h"


def test_a_day_without_events_says_so() -> None:
    report()

    assert page().events.summary == "newest 50, no error or warning in 24 h"


def test_the_tiles_have_the_line_of_the_last_day() -> None:
    for minutes in (34, 19, 4, 1500):
        report(minutes, system={"cpu_percent": float(minutes % 100)})

    found = page().reported

    assert found is not None
    assert found.tiles[0].spread == "24 h: 4 to 34 %"
    assert found.tiles[1].spark is None


@pytest.mark.parametrize("reports", [1, 3])
def test_the_number_of_queries_does_not_grow_with_reports_and_events(reports: int) -> None:
    for number in range(reports):
        report(4 + 15 * number)
        record_all_events([incoming_event(message=str(number))])
    Customer.objects.update(phone="+36 1 555 014", is_managed=True)

    with CaptureQueriesContext(connection) as queries:
        page()

    assert len(queries) == 24
