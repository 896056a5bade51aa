from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer, make_node

from felhom_hub.customers.models import Customer
from felhom_hub.watch.incident_queries import (
    KnownIncident,
    Member,
    Share,
    ended_incidents,
    incident_by_number,
    members_of,
    open_incident_of,
    open_incidents,
    others_heard,
    shares_of,
)
from felhom_hub.watch.models import Incident, IncidentNode, NodeLevel

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def incident(*, nodes: int = 3, ended_at: datetime | None = None, trait: str = "") -> Incident:
    return Incident.objects.create(
        opened_at=NOW - HOUR, ended_at=ended_at, silent_since_at=NOW - 80 * MINUTE, from_at=NOW - 2 * HOUR,
        until_at=NOW, nodes=nodes, fleet=9, trait=trait,
    )  # fmt: skip


def server(customer_id: str, *, version: str = "v0.30.2", minutes: float = 5, **columns: Any) -> Customer:
    customer = make_customer(customer_id, **columns)
    heard_at = NOW - minutes * MINUTE
    make_node(customer, last_received_at=heard_at, controller_version=version)
    NodeLevel.objects.create(customer=customer, level="heard", since_at=NOW, heard_at=heard_at, is_told=True)
    return customer


def join(
    of: Incident, customer: Customer, *, minutes: float = 90, left: float | None = None, back: bool = False
) -> None:
    IncidentNode.objects.create(
        incident=of, customer=customer, heard_at=NOW - minutes * MINUTE, joined_at=NOW - HOUR,
        left_at=None if left is None else NOW - left * MINUTE, is_back=back,
    )  # fmt: skip


def test_an_incident_comes_with_how_many_are_silent_and_back() -> None:
    large = incident(nodes=4, trait="in Győr")
    small = incident(nodes=1)
    for number, (left, back) in enumerate(((None, False), (None, False), (5, True), (6, False))):
        join(large, make_customer(f"c{number}"), left=left, back=back)
    ended = incident(ended_at=NOW - 2 * HOUR)
    incident(ended_at=NOW - 200 * HOUR)

    known = KnownIncident(large.pk, NOW - HOUR, None, NOW - 80 * MINUTE, 4, 9, "in Győr", silent=2, back=1)
    assert open_incidents(limit=9)[0] == known
    assert [each.pk for each in open_incidents(limit=9)] == [large.pk, small.pk]
    assert [each.pk for each in open_incidents(limit=1)] == [large.pk]
    assert [each.pk for each in ended_incidents(since=NOW - 168 * HOUR, limit=9)] == [ended.pk]
    assert incident_by_number(large.pk) == known
    assert (known.is_open, ended_incidents(since=NOW - 3 * HOUR, limit=1)[0].is_open) == (True, False)


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30, 999])
def test_nobodys_number_is_no_incident(number: int) -> None:
    assert incident_by_number(number) is None


def test_the_silent_ones_come_first_and_of_them_the_longest_silent() -> None:
    one = incident()
    back = server("back", name="Gál Mihály", town="Győr")
    join(one, back, minutes=95, left=10, back=True)
    join(one, server("later"), minutes=85)
    join(one, make_customer("sooner", deleted_at=NOW), minutes=92)
    join(incident(), server("another"), minutes=99)

    members = members_of(one.pk, limit=9)

    assert [(each.customer_id, each.is_deleted) for each in members] == [
        ("sooner", True),
        ("later", False),
        ("back", False),
    ]
    assert members[2] == Member(
        back.pk, "back", "Gál Mihály", "Győr", False, NOW - 95 * MINUTE, NOW - HOUR, NOW - 10 * MINUTE, True
    )
    assert len(members_of(one.pk, limit=1)) == 1


def test_what_the_silent_ones_share_is_held_against_all_others() -> None:
    one = incident()
    for number in range(3):
        join(one, server(f"s{number}", town="Pécs" if number else "Győr", domain=f"s{number}.felhom.eu"))
    join(one, server("back", version="v0.29.0"), left=4, back=True)
    server("well", version="v0.30.2", town="Pécs", domain="well.felhom.eu")
    server("blocked", version="v0.1", blocked_at=NOW)
    make_customer("never-reported")

    assert shares_of(one.pk) == [
        Share("Controller v0.30.2", 3, 3, 1, 2),
        Share("Town Pécs", 2, 3, 1, 2),
        Share("Under felhom.eu", 3, 3, 1, 2),
    ]
    assert [share.is_telling for share in shares_of(one.pk)] == [True, False, True]
    assert shares_of(one.pk)[1].silent_percent == pytest.approx(66.7, abs=0.1)
    assert shares_of(one.pk)[1].others_percent == 50


def test_what_is_not_known_is_no_trait_and_nobody_is_no_percentage() -> None:
    one = incident()
    join(one, server("s0", version=""))

    assert shares_of(one.pk) == []
    assert (Share("x", 0, 0, 0, 0).silent_percent, Share("x", 0, 0, 0, 0).others_percent) == (0, 0)


def test_others_are_those_that_report_and_are_not_in_it() -> None:
    one = incident()
    join(one, server("silent", minutes=2))
    join(one, server("back", minutes=2), left=4, back=True)
    server("well", minutes=14)
    server("late", minutes=16)
    server("blocked", minutes=1, blocked_at=NOW)

    assert others_heard(one.pk, since=NOW - 15 * MINUTE) == 2


def test_a_node_is_in_the_open_incident_until_it_is_heard_again() -> None:
    one = incident()
    silent, back = server("silent"), server("back")
    join(one, silent)
    join(one, back, left=4, back=True)

    assert [open_incident_of(customer.pk) for customer in (silent, back, server("well"))] == [one.pk, None, None]


@pytest.mark.parametrize("count", [1, 12])
def test_each_question_costs_the_same_however_many_there_are(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = incident()
    for number in range(count):
        join(one, server(f"s{number}"))

    with django_assert_num_queries(4):
        open_incidents(limit=9)
        members_of(one.pk, limit=99)
        shares_of(one.pk)
