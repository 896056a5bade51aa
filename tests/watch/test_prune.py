from datetime import date, timedelta

import pytest
from tests.build import NOW, make_customer

from felhom_hub.watch.deadlines import number_of
from felhom_hub.watch.models import DeafSpan, Incident, IncidentNode, MissedDeadline
from felhom_hub.watch.prune import prune_deaf_time, prune_incidents, prune_members, prune_missed
from felhom_hub.watch.queries import LEDGER

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEFORE = NOW - 120 * DAY


def make_incident(days: float, *, ended: float | None, nodes: int) -> Incident:
    """It opened so many days ago, and ended likewise."""
    at = NOW - days * DAY
    ended_at = None if ended is None else NOW - ended * DAY
    times = {"opened_at": at, "ended_at": ended_at, "silent_since_at": at, "from_at": at, "until_at": at}
    incident = Incident.objects.create(**times, nodes=nodes, fleet=99)
    for number in range(nodes):
        customer = make_customer(f"c{days:g}-{number}")
        members = {"heard_at": at, "joined_at": at, "left_at": ended_at}
        IncidentNode.objects.create(incident=incident, customer=customer, **members)
    return incident


def test_incidents_that_ended_long_ago_go_with_their_nodes_and_one_that_lasts_stays() -> None:
    make_incident(200, ended=121, nodes=5)
    stay = [make_incident(200.5, ended=119, nodes=2), make_incident(300, ended=None, nodes=3)]

    assert sum(prune_members(BEFORE)) == 5
    assert sum(prune_incidents(BEFORE)) == 1

    assert list(Incident.objects.order_by("pk")) == stay
    assert [incident.members.count() for incident in stay] == [2, 3]


def test_an_incident_waits_for_its_nodes_to_go() -> None:
    make_incident(200, ended=121, nodes=5)

    assert list(prune_incidents(BEFORE)) == []


def make_deaf(days: float, *, is_told: bool = True) -> DeafSpan:
    to_at = NOW - days * DAY
    told_at = to_at if is_told else None
    return DeafSpan.objects.create(from_at=to_at - HOUR, to_at=to_at, cause="off", told_at=told_at)


def test_deaf_time_goes_once_it_was_told() -> None:
    make_deaf(121)
    stay = [make_deaf(122, is_told=False), make_deaf(119)]

    assert sum(prune_deaf_time(BEFORE, now=NOW)) == 1
    assert list(DeafSpan.objects.order_by("pk")) == stay


def test_deaf_time_that_stops_a_clock_stays_however_short_the_rest_is_kept() -> None:
    make_deaf(LEDGER.days + 1)
    stays = make_deaf(LEDGER.days - 1)

    assert sum(prune_deaf_time(NOW - DAY, now=NOW)) == 1
    assert list(DeafSpan.objects.all()) == [stays]


@pytest.mark.parametrize(("keep", "kept"), [(120, ["2026-07-26", "2026-10-24"]), (1, ["2026-10-24"])])
def test_what_was_told_missing_is_kept_for_a_month_at_least(keep: int, kept: list[str]) -> None:
    customer = make_customer("a")
    for day in (date(2026, 7, 25), date(2026, 7, 26), date(2026, 10, 24)):
        MissedDeadline.objects.create(customer=customer, kind="backup", day=number_of(day), stands=False)

    prune = prune_missed(NOW - keep * DAY, now=NOW)

    assert sum(prune) == 3 - len(kept)
    days = MissedDeadline.objects.order_by("day").values_list("day", flat=True)
    assert [str(date(1970, 1, 1) + day * DAY) for day in days] == kept


def test_what_nobody_has_made_up_for_is_kept() -> None:
    customer = make_customer("a")
    stands = MissedDeadline.objects.create(customer=customer, kind="backup", day=1)
    MissedDeadline.objects.create(customer=customer, kind="backup", day=0, stands=False)

    assert sum(prune_missed(NOW, now=NOW)) == 1
    assert list(MissedDeadline.objects.all()) == [stands]
