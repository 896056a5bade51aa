from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.build import NOW, make_customer, make_node

from felhom_hub.customers.models import Customer
from felhom_hub.fleet.clock import clock_at
from felhom_hub.fleet.places import (
    BLOCKED,
    DISABLED,
    DOWN_BY_HEALTH,
    DOWN_BY_SILENCE,
    LISTED,
    OK,
    PENDING,
    STATUSES,
    TROUBLED,
    WARN,
    place_at,
)
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import summaries

pytestmark = pytest.mark.django_db

MILLISECOND = timedelta(milliseconds=1)
STALE, DOWN = timedelta(minutes=30), timedelta(minutes=60)


def places() -> dict[str, int]:
    return dict(Customer.objects.annotate(place=place_at(clock_at(NOW))).values_list("customer_id", "place"))


@pytest.mark.parametrize(
    ("silence", "members", "place"),
    [
        (timedelta(minutes=4), {"health": "ok"}, OK),
        (timedelta(minutes=4), {"health": None}, OK),
        (timedelta(minutes=4), {"health": "warn"}, WARN),
        (timedelta(minutes=4), {"health": "fail"}, DOWN_BY_HEALTH),
        (STALE - MILLISECOND, {"health": "ok"}, OK),
        (STALE, {"health": "ok"}, WARN),
        (STALE, {"health": "fail"}, WARN),
        (DOWN, {"health": "ok"}, WARN),
        (DOWN + MILLISECOND, {"health": "ok"}, DOWN_BY_SILENCE),
        (DOWN + MILLISECOND, {"health": "fail"}, DOWN_BY_SILENCE),
        (timedelta(minutes=4), {"health": "fail", "monitoring_paused": True}, DISABLED),
        (DOWN + MILLISECOND, {"monitoring_paused": True}, DOWN_BY_SILENCE),
    ],
)
def test_each_server_has_its_place(silence: timedelta, members: dict[str, object], place: int) -> None:
    make_node(make_customer("a"), last_received_at=NOW - silence, **members)
    make_node(make_customer("b", blocked_at=NOW), last_received_at=NOW - silence, **members)
    make_customer("c")

    assert places() == {"a": place, "b": BLOCKED, "c": PENDING}


def edges() -> Iterator[dict[str, object]]:
    for silence in (timedelta(), STALE - MILLISECOND, STALE, STALE + MILLISECOND, DOWN, DOWN + MILLISECOND):
        for health in ("ok", "warn", "fail", None):
            for paused in (True, False, None):
                yield {"last_received_at": NOW - silence, "health": health, "monitoring_paused": paused}


def test_the_database_gives_the_place_of_the_status_that_python_gives() -> None:
    make_customer("waits")
    for number, members in enumerate(edges()):
        make_node(make_customer(f"c{number}"), **members)  # type: ignore[arg-type]
        make_node(make_customer(f"b{number}", blocked_at=NOW), **members)  # type: ignore[arg-type]

    statuses = {each.customer_id: each.verdict.status for each in summaries(Customer.objects.all(), now=NOW)}

    assert {customer_id: STATUSES[place] for customer_id, place in places().items()} == statuses
    assert set(statuses.values()) == set(Status)


def test_all_but_the_blocked_are_listed_and_the_first_ones_are_trouble() -> None:
    assert [STATUSES[place] for place in LISTED] == [*STATUSES[:-1]]
    assert {STATUSES[place] for place in TROUBLED} == {Status.DOWN, Status.WARN}
