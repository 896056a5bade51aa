import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, make_customer
from tests.fleet.html import checked
from tests.notify.alarms import begin_incident, end_incident
from tests.recovery.checked import make_check

from felhom_hub.base.badges import Badge
from felhom_hub.fleet.badges import navigation_badges
from felhom_hub.notify.acknowledge import acknowledge
from felhom_hub.notify.models import Alarm
from felhom_hub.operators.audit import Actor
from felhom_hub.recovery.models import RecoveryCheck
from felhom_hub.watch.models import Incident

ONE_INCIDENT = [Badge("/events", 1, "open incident not acknowledged")]
PATHS = ("/", "/customers/a", "/events", "/silences", "/configs", "/audit")


@pytest.fixture
def incidents(db: None) -> None:  # noqa: ARG001 - there is one
    for customer_id in "ab":
        begin_incident([make_customer(customer_id)])


def shown(html: str) -> list[str]:
    """The words of the badges, as they are spoken with their entry."""
    (navigation,) = re.findall(r'<nav class="nav".*?</nav>', html, re.DOTALL)
    return [re.sub("<.*?>", "", entry) for entry in re.findall(r"<a .*?</a>", navigation) if 'class="nb"' in entry]


@pytest.mark.parametrize(
    ("incidents", "lost", "badges"),
    [
        (0, 0, []),
        (1, 0, ONE_INCIDENT),
        (0, 1, [Badge("/recovery", 1, "server cannot be rebuilt")]),
        (2, 0, [Badge("/events", 2, "open incidents not acknowledged")]),
        (1, 3, [*ONE_INCIDENT, Badge("/recovery", 3, "servers cannot be rebuilt")]),
    ],
)
def test_badges_say_what_they_count(incidents: int, lost: int, badges: list[Badge]) -> None:
    assert navigation_badges(incidents=incidents, lost=lost) == badges


@pytest.mark.django_db
@pytest.mark.usefixtures("incidents")
def test_who_has_taken_an_incident_takes_it_off_the_badge() -> None:
    assert navigation_badges() == navigation_badges(incidents=2, lost=0)
    acknowledge(Alarm.objects.order_by("pk")[0].pk, "", now=NOW, by=Actor("kata"))

    assert navigation_badges() == navigation_badges(incidents=1, lost=0)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PATHS, "/recovery"])
def test_every_page_counts_who_cannot_be_rebuilt(browser: Client, path: str) -> None:
    kept = make_customer("a")
    make_check(kept, "yyyyy")
    for customer_id, members in (("b", {}), ("c", {}), ("blocked", {"blocked_at": NOW}), ("gone", {"deleted_at": NOW})):
        make_check(make_customer(customer_id, **members), "nuuuy")

    assert shown(checked(browser, path)) == ["Recovery2 servers cannot be rebuilt"]
    RecoveryCheck.objects.all().delete()

    assert shown(checked(browser, path)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("incidents")
@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_the_badge_while_an_incident_is_open(browser: Client, path: str) -> None:
    assert shown(checked(browser, path)) == ["Events2 open incidents not acknowledged"]
    for incident in Incident.objects.all():
        end_incident(incident, NOW)

    assert shown(checked(browser, path)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("incidents")
def test_a_page_that_says_what_went_wrong_asks_for_no_badge(browser: Client) -> None:
    assert shown(checked(browser, "/nothing", 404)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("incidents")
@pytest.mark.parametrize(
    ("path", "of_incidents", "of_lost"),
    [("/", 0, 0), ("/customers/a", 0, 1), ("/recovery", 1, 0), ("/configs", 1, 1), ("/login", 0, 0)],
)
def test_a_badge_is_one_query_at_most(browser: Client, path: str, of_incidents: int, of_lost: int) -> None:
    browser.get(path)

    with CaptureQueriesContext(connection) as queries:
        browser.get(path)

    def asked(*parts: str) -> int:
        return sum(all(part in query["sql"] for part in ("COUNT", *parts)) for query in queries)

    assert asked('FROM "notify_alarm"') == of_incidents
    assert asked('"recovery_recoverycheck"."rank" = 0') == of_lost
