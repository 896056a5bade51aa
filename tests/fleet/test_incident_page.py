from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.build import NOW, incoming, record
from tests.fleet.happenings import end_incident, make_server, open_incident

from felhom_hub.customers.models import Customer
from felhom_hub.fleet.event_list import View
from felhom_hub.fleet.incident_page import FEW, IncidentPage, incident_page
from felhom_hub.notify.models import Delivery
from felhom_hub.reports.status import Status
from felhom_hub.watch.models import DeafSpan, Incident, IncidentNode

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Budapest")
MINUTE = timedelta(minutes=1)
PLAIN = View()


@pytest.fixture(autouse=True)
def _with_mail(settings: Settings) -> None:
    mail = replace(settings.HUB.notifications, operator_email="operator@example.org", resend_api_key="re_key")
    settings.HUB = replace(settings.HUB, notifications=mail)


def page(incident: Incident, view: View = PLAIN, *, shows_all: bool = False) -> IncidentPage:
    found = incident_page(incident.pk, view=view, shows_all=shows_all, now=NOW, zone=ZONE)
    assert found is not None
    return found


def silent_servers(count: int) -> list[Customer]:
    return [make_server(f"s{number:03}", heard_at=NOW - 47 * MINUTE) for number in range(count)]


def test_there_is_no_page_of_no_incident() -> None:
    assert incident_page(1, view=PLAIN, shows_all=False, now=NOW, zone=ZONE) is None


def test_an_open_incident_says_what_happened_who_it_hit_and_what_speaks_for_which_cause() -> None:
    make_server("well", heard_at=NOW - 2 * MINUTE, controller_version="v0.31.0")
    incident = open_incident(NOW, silent_servers(5), fleet=6, trait="on controller v0.30.0")

    found = page(incident)

    assert found.finding == "5 of 6 servers silent since 12:13"
    assert [reason.fact for reason in found.reasons] == [
        "Suspect the software rather than the sites.",
        "The hub itself hears.",
        "0 of 5 report again, 5 are silent still.",
    ]
    assert [(share.label, share.is_telling) for share in found.shares] == [("Controller v0.30.0", True)]
    assert found.telling == 1
    assert {(row.fate, row.is_silent, row.last_known) for row in found.servers} == {("silent", True, "healthy")}
    assert {row.summary.verdict.status for row in found.servers if row.summary} == {Status.WARN}
    assert found.servers[0].path == "/customers/s000"
    assert [row.event.event_type for day in found.days for row in day.rows] == [
        *["node_stale"] * 5,
        "hub_incident_began",
    ]
    assert found.left_behind == []


def test_who_was_told_is_what_became_of_its_own_messages() -> None:
    incident = open_incident(NOW, silent_servers(5), fleet=6)
    announced = Delivery.objects.filter(event_type="hub_incident_began")
    announced.update(result="sent", attempts=2, ended_at=NOW - 20 * MINUTE)

    (row,) = page(incident).told

    assert (row.tone, row.who, row.what, row.at) == (
        "ok",
        "Operator, mail: its beginning",
        "o…@example.org, sent after 2 tries",
        NOW - 20 * MINUTE,
    )


def test_an_ended_one_names_those_that_did_not_come_back() -> None:
    servers = silent_servers(12)
    incident = open_incident(NOW - 30 * MINUTE, servers, fleet=20)
    IncidentNode.objects.filter(customer=servers[3]).update(left_at=NOW - 9 * MINUTE)  # was blocked meanwhile
    end_incident(NOW, incident, left_behind=["s007"])
    Customer.objects.filter(customer_id="s011").update(deleted_at=NOW)

    found = page(incident)

    assert [row.name for row in found.left_behind] == ["Ügyfél s007"]
    fates = {row.member.customer_id: row.fate for row in found.servers}
    assert (fates["s007"], fates["s003"], fates["s000"]) == (
        "silent at its end", "left out: blocked or deleted", "reports again",
    )  # fmt: skip
    (gone,) = [row for row in found.servers if row.member.customer_id == "s011"]
    assert (gone.path, gone.summary, gone.last_known) == ("", None, "")
    assert found.shares == []
    assert [event.event_type for event in found.announced] == ["hub_incident_ended", "hub_incident_began"]
    assert [row.who for row in found.told] == ["Operator, mail: its end", "Operator, mail: its beginning"]


def test_deaf_time_meanwhile_speaks_against_the_hub() -> None:
    DeafSpan.objects.create(from_at=NOW - 40 * MINUTE, to_at=NOW - 31 * MINUTE, cause="off")
    incident = open_incident(NOW, silent_servers(5), fleet=6)

    assert page(incident).reasons[1].rest == " it was deaf for 9 min"


def test_a_server_without_a_word_of_its_health_has_no_last_state() -> None:
    odd = make_server("odd", heard_at=NOW - 47 * MINUTE, health=None)
    ill = make_server("ill", heard_at=NOW - 47 * MINUTE, health={"status": "warn", "warnings": ["hdd2 87 % full"]})
    bare = make_server("bare", heard_at=NOW - 47 * MINUTE, health="fail")
    found = page(open_incident(NOW, [odd, ill, bare], fleet=6))

    assert [row.last_known for row in found.servers] == ["", "hdd2 87 % full", "fail"]


def test_of_many_servers_a_few_are_shown_until_all_are_asked_for() -> None:
    incident = open_incident(NOW, silent_servers(FEW + 3), fleet=99)

    assert (len(page(incident).servers), len(page(incident, shows_all=True).servers)) == (FEW, FEW + 3)


def test_its_events_come_by_fifties() -> None:
    incident = open_incident(NOW, silent_servers(52), fleet=99)

    first = page(incident)
    last = first.days[-1].rows[-1].event
    rest = page(incident, replace(PLAIN, before=(last.created_at, last.pk)))

    assert (first.shown, first.more) == (50, ("Show 50 more", "?events=100"))
    assert (rest.shown, rest.more) == (3, None)


def test_the_number_of_queries_does_not_grow() -> None:
    counts = []
    for count in (5, 40):
        Customer.objects.all().delete()
        Incident.objects.all().delete()
        incident = open_incident(NOW, silent_servers(count), fleet=99)
        record([incoming("well", received_at=NOW)])
        with CaptureQueriesContext(connection) as caught:
            page(incident, shows_all=True)
        counts.append(len(caught))

    assert counts == [12, 12]
