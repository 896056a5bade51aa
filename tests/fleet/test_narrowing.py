from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.fleet.summaries import server

from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.clock import clock_at
from felhom_hub.fleet.narrowing import narrowed
from felhom_hub.fleet.order import Buckets
from felhom_hub.fleet.places import OK, WARN
from felhom_hub.reports.status import Status

pytestmark = pytest.mark.django_db


def places() -> Buckets:
    found: Buckets = [[] for _ in range(6)]
    found[WARN] = [server(1, text="Kéve\nkeve\n", has_problem=True)]
    found[OK] = [server(2, text="Ádám\n2\nVác", has_problem=False), server(3, text="Zoltán\n3\n", has_problem=0)]
    return found


def kept(view: View, changed: tuple[int, ...] = ()) -> list[int]:
    found = narrowed(places(), view, clock_at(NOW), changed=changed)
    return [each.pk for servers in found for each in servers]


@pytest.mark.parametrize(
    ("view", "pks"),
    [
        (View(), [1, 2, 3]),
        (View(status=Status.OK), [2, 3]),
        (View(problem=Problem.SILENT), [1]),
        (View(problem=Problem.SILENT, status=Status.OK), []),
        (View(problem=Problem.CHANGED), [2]),
        (View(text="KEVE"), [1]),
        (View(text="adam", status=Status.WARN), []),
        (View(text="a", problem=Problem.CHANGED), [2]),
    ],
)
def test_a_server_has_to_pass_everything_that_was_asked(view: View, pks: list[int]) -> None:
    assert kept(view, changed=(2,)) == pks


def test_towns_and_reasons_are_searched_too() -> None:
    town = make_customer("a", town="Győr")
    waits = make_customer("b", created_at=NOW - timedelta(hours=3))
    found: Buckets = [[server(town.pk, text="A\na\nGyőr"), server(waits.pk, text="B\nb\n")]]

    by_town = narrowed(found, View(text="gyor"), clock_at(NOW), changed=())
    by_reason = narrowed(found, View(text="created 3 h ago"), clock_at(NOW), changed=())

    assert [each.pk for each in by_town[0]] == [town.pk]
    assert [each.pk for each in by_reason[0]] == [waits.pk]
