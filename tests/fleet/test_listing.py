from collections.abc import Collection

import pytest
from tests.build import NOW
from tests.fleet.test_overview import a_fleet, names

from felhom_hub.customers.models import Customer
from felhom_hub.fleet import listing
from felhom_hub.fleet.address import View
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.listing import Part, pages_of, part_of, reached_by
from felhom_hub.fleet.overview import overview
from felhom_hub.notify.taken import Takings, read_takings

pytestmark = pytest.mark.django_db


def test_pages_go_through_the_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WHOLE_ROWS", 3)
    monkeypatch.setattr(listing, "PAGE_ROWS", 3)
    a_fleet()

    pages = [overview(View(page=number), now=NOW) for number in (1, 2, 3)]

    assert [names(page) for page in pages] == [
        {"attention": ["failed", "silent", "late"]},
        {"attention": ["warned"], "waiting": ["waits", "paused"]},
        {"normal": ["adam", "zoltan"]},
    ]
    assert [page.part for page in pages] == [
        Part(1, 3, 1, 3, "", "/?page=2"),
        Part(4, 6, 2, 3, "/", "/?page=3"),
        Part(7, 8, 3, 3, "/?page=2", ""),
    ]
    assert {group.name: group.total for group in pages[1].groups} == {"attention": 4, "waiting": 2}
    assert overview(View(page=99), now=NOW).part == pages[2].part


@pytest.mark.parametrize(("found", "pages"), [(0, 1), (1, 1), (200, 1), (201, 3), (10_000, 100)])
def test_up_to_two_hundred_are_one_page_and_more_are_pages_of_a_hundred(found: int, pages: int) -> None:
    assert pages_of(found) == pages


@pytest.mark.parametrize(
    ("page", "reached"),
    [
        (1, {0: slice(0, 100), 2: slice(0, 70)}),
        (2, {2: slice(70, 170)}),
        (3, {2: slice(170, 270), 5: slice(0, 70)}),
        (4, {5: slice(70, 170)}),
        (9, {}),
    ],
)
def test_a_page_reaches_the_places_that_its_rows_stand_in(page: int, reached: dict[int, slice]) -> None:
    assert reached_by(View(page=page), [30, 0, 200, 0, 0, 171]) == reached


def test_links_to_other_pages_keep_everything_else() -> None:
    view = View(text="a", sort=Column.CPU, columns=(Column.CPU,), page=2)

    part = part_of(view, 601)

    assert part == Part(101, 200, 2, 7, "/?q=a&sort=cpu&cols=cpu", "/?q=a&sort=cpu&cols=cpu&page=3")


def test_a_page_asks_who_has_taken_the_alarms_of_its_own_servers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WHOLE_ROWS", 3)
    monkeypatch.setattr(listing, "PAGE_ROWS", 3)
    a_fleet()
    asked: list[Collection[int]] = []

    def noted(pks: Collection[int]) -> Takings:
        asked.append(pks)
        return read_takings(pks)

    monkeypatch.setattr(listing, "read_takings", noted)

    overview(View(page=2), now=NOW)

    ids = Customer.objects.filter(pk__in=asked[0]).values_list("customer_id", flat=True)
    assert (len(asked), sorted(ids)) == (1, ["paused", "waits", "warned"])
