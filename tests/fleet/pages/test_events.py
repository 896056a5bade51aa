import re
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, incoming_event, record_all_events
from tests.fleet.happenings import end_incident, make_server, open_incident
from tests.fleet.html import checked, title

from felhom_hub.events.models import Event

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def happen(customer_id: str = "anna", minutes: float = 5, **members: Any) -> None:
    record_all_events([incoming_event(customer_id, received_at=NOW - minutes * MINUTE, **members)])


def rows(html: str) -> list[str]:
    return re.findall(r'<tr role="row" id="e-(\d+)"', html)


def test_the_page_lists_what_happened_with_links_to_servers_and_reasons(browser: Any) -> None:
    happen()
    happen("bela", event_type="ups_on_battery", severity="warning", message="battery")

    html = checked(browser, "/events")

    assert title(html) == "Events: no incident open"
    assert "<h1>No incident is open</h1>" in html
    assert len(rows(html)) == 2
    for pk in Event.objects.values_list("pk", flat=True):
        assert f'href="/why/{pk}"' in html
    assert '<a href="/customers/bela">' in html
    assert "uncatalogued: ups_on_battery" in html
    assert "All <b>2</b>" in html


def test_open_incidents_stand_on_top(browser: Any) -> None:
    servers = [make_server(f"s{number}", heard_at=NOW - 47 * MINUTE) for number in range(6)]
    ended = open_incident(NOW - 30 * MINUTE, servers[:1], fleet=8)
    end_incident(NOW - 20 * MINUTE, ended)
    incident = open_incident(NOW, servers[1:], fleet=8, trait="in Győr")

    html = checked(browser, "/events")

    assert title(html) == "Events: 1 incident open"
    assert "<h1>1 incident is open</h1>" in html
    assert "5 of 8 servers silent since 12:13, all <bdi>in Győr</bdi>" in html
    assert f'href="/incidents/{incident.pk}"' in html
    assert "1 ended in the last 7 d" in html
    assert html.index(f'id="i-{incident.pk}"') < html.index(f'id="i-{ended.pk}"') < html.index('id="e-')


def test_filters_are_in_the_address_and_in_the_form(browser: Any) -> None:
    happen()
    happen("bela", event_type="disk_warning", severity="warning")

    html = checked(browser, "/events?q=bela&type=storage&severity=warning&period=7d")

    assert len(rows(html)) == 1
    assert '<option value="storage" selected>' in html
    assert '<input type="hidden" name="severity" value="warning">' in html
    assert '<input type="hidden" name="period" value="7d">' in html
    assert 'href="/events?q=bela&amp;type=storage&amp;period=7d&amp;severity=error"' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No event in the last 24 h"),
        ("?period=90d", "No event in the last 90 d"),
        ("?q=nobody", "No event matches"),
        ("?severity=info&period=7d", "Nothing of this kind in the last 7 d."),
        ("?before=1795435200000.71", "Nothing older"),
    ],
)
def test_an_empty_list_says_why_in_words(browser: Any, query: str, words: str) -> None:
    html = checked(browser, f"/events{query}")

    assert words in html
    assert "kept for 90 days" in html
    assert ("Look at 90 d" in html) is ("90d" not in query)


def test_older_ones_are_a_link_away(browser: Any) -> None:
    for minutes in range(52):
        happen(minutes=minutes)

    first = checked(browser, "/events")
    assert len(rows(first)) == 50
    assert 'href="/events?events=100"' in first
    last = Event.objects.order_by("created_at")[2]
    rest = checked(browser, f"/events?before={int(last.created_at.timestamp() * 1000)}.{last.pk}")

    assert len(rows(rest)) == 2
    assert ">Newest events</a>" in rest


def test_a_refresh_of_the_same_is_no_answer(browser: Any) -> None:
    happen()
    first = browser.get("/events", headers={"HX-Request": "true"})

    again = browser.get("/events", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
