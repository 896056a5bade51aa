from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW
from tests.fleet.happenings import end_incident, make_server, open_incident
from tests.fleet.html import checked, title

from felhom_hub.events.models import Event
from felhom_hub.watch.models import Incident, IncidentNode

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def an_incident(count: int = 5, now: Any = NOW) -> Incident:
    make_server("well", heard_at=NOW - 2 * MINUTE, controller_version="v0.31.0")
    silent = [make_server(f"s{number:02}", heard_at=NOW - 47 * MINUTE) for number in range(count)]
    return open_incident(now, silent, fleet=count + 1, trait="on controller v0.30.0")


def test_an_open_incident_is_told_with_its_servers_and_events(browser: Any) -> None:
    incident = an_incident()

    html = checked(browser, f"/incidents/{incident.pk}")

    assert title(html) == f"Incident {incident.pk}: 5 servers silent"
    assert "<h1>5 of 6 servers silent since 12:13</h1>" in html
    for words in (
        "All 5 <bdi>on controller v0.30.0</bdi>",
        "Suspect the software rather than the sites.",
        "1 other server reported in the last 15 min",
        "5 of 5 silent",
        "0 of 1 others",
        "It ends by itself",
        "5 of 5 shown",
    ):
        assert words in html
    began = Event.objects.get(event_type="hub_incident_began")
    assert html.count(f'href="/why/{began.pk}"') == 2  # of who was told, and of the timeline
    assert '<a href="/customers/s00">' in html
    assert html.count("btn pri") == 1  # to acknowledge it


def test_an_ended_incident_names_who_was_left(browser: Any) -> None:
    incident = an_incident(12, NOW - 30 * MINUTE)
    end_incident(NOW, incident, left_behind=["s07"])

    html = checked(browser, f"/incidents/{incident.pk}")

    assert title(html) == f"Incident {incident.pk}: ended"
    assert 'Silent still at its end: <a href="/customers/s07"><bdi>Ügyfél s07</bdi></a>.' in html
    assert "What they share" not in html
    assert "By itself, " in html


def test_more_servers_and_events_are_a_link_away(browser: Any) -> None:
    incident = an_incident(60)

    html = checked(browser, f"/incidents/{incident.pk}")
    everything = checked(browser, f"/incidents/{incident.pk}?servers=all")

    assert "20 of 60 shown" in html
    assert f'href="/incidents/{incident.pk}?servers=all#servers"' in html
    assert f'href="/incidents/{incident.pk}?events=100#timeline"' in html
    assert "60 of 60 shown" in everything
    assert "?servers=all#servers" not in everything


def test_what_is_left_of_an_old_one_says_what_is_missing(browser: Any) -> None:
    incident = an_incident(5, NOW - 30 * MINUTE)
    end_incident(NOW, incident)
    Event.objects.all().delete()
    IncidentNode.objects.all().delete()
    Incident.objects.update(trait="")

    html = checked(browser, f"/incidents/{incident.pk}")

    for words in (
        "Nothing that the hub knows is common to all",
        "Its events are not kept any more",
        "No server is known any more",
        "Nobody yet, or what was decided is not kept any more.",
    ):
        assert words in html


@pytest.mark.parametrize("number", ["1", "0", "9" * 40])
def test_an_unknown_incident_is_not_found(browser: Any, number: str) -> None:
    checked(browser, f"/incidents/{number}", 404)


def test_its_events_lead_to_it_from_every_list(browser: Any) -> None:
    incident = an_incident()

    customer = checked(browser, "/customers/s00")
    assert customer.count(f'href="/incidents/{incident.pk}"') == 3  # of its banner, its alarm, and its event
    assert "It fell silent together with others" in customer
    assert "It fell silent together" not in checked(browser, "/customers/well")
    assert checked(browser, "/events").count(f'href="/incidents/{incident.pk}"') == 8  # itself twice, and six events
