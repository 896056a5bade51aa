from datetime import timedelta

import pytest
from tests.build import NOW, make_customer

from felhom_hub.fleet.address import Problem, View
from felhom_hub.fleet.clock import clock_at
from felhom_hub.fleet.narrowing import narrowed
from felhom_hub.fleet.places import BLOCKED, OK, PENDING, WARN
from felhom_hub.fleet.roster import Census, Kind, Places, read_census
from felhom_hub.reports.status import Status

pytestmark = pytest.mark.django_db


def kept(view: View, changed: tuple[int, ...] = ()) -> list[int]:
    keve = make_customer("keve", name="Kéve").pk
    adam, zoltan = make_customer("2", name="Ádám", town="Vác").pk, make_customer("3", name="Zoltán").pk
    blocked = make_customer("4", name="Ákos", blocked_at=NOW).pk
    known = {keve: 1, adam: 2, zoltan: 3, blocked: 4}
    keys = {number: pk for pk, number in known.items()}
    census = Census(
        [
            Kind(WARN, b"\x01\x00", 6, 6, True, False, [keve]),
            Kind(OK, b"\x01\x00", 0, 0, False, True, [adam]),
            Kind(OK, b"\x01\x00", 0, 0, False, False, [zoltan]),
            Kind(BLOCKED, b"\x01\x00", 6, 6, True, True, [blocked]),
        ]
    )
    found = narrowed(census, view, clock_at(NOW), listed=[keys[number] for number in changed])
    return [known[pk] for pks in found for pk in pks]


@pytest.mark.parametrize(
    ("view", "pks"),
    [
        (View(), [1, 2, 3]),
        (View(status=Status.OK), [2, 3]),
        (View(problem=Problem.SILENT), [1]),
        (View(problem=Problem.NO_BACKUP), [2]),
        (View(problem=Problem.SILENT, status=Status.OK), []),
        (View(problem=Problem.CHANGED), [2]),
        (View(problem=Problem.UPDATE), [2]),
        (View(text="KEVE"), [1]),
        (View(text="adam", status=Status.WARN), []),
        (View(text="a", problem=Problem.CHANGED), [2]),
        (View(text="lta"), [3]),
    ],
)
def test_a_server_has_to_pass_everything_that_was_asked(view: View, pks: list[int]) -> None:
    assert kept(view, changed=(2, 4)) == pks


def test_towns_and_reasons_are_searched_too() -> None:
    town = make_customer("a", town="Győr")
    waits = make_customer("b", created_at=NOW - timedelta(hours=3))

    def pending(text: str) -> Places:
        return narrowed(read_census(clock_at(NOW)), View(text=text), clock_at(NOW), listed=())

    assert pending("gyor")[PENDING] == [town.pk]
    assert pending("created 3 h ago")[PENDING] == [waits.pk]
