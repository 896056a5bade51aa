"""The overview against the plain way to make it, on fleets by chance."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from tests.build import NOW
from tests.fleet.fleets import a_look_before, a_random_fleet
from tests.fleet.plain import plain_ids

from felhom_hub.controllers.releases import note_tags
from felhom_hub.customers.models import Customer
from felhom_hub.fleet import listing
from felhom_hub.fleet.address import SHOWN_STATUSES, Problem, View
from felhom_hub.fleet.changes import Then
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.overview import overview
from felhom_hub.reports.status import Status
from felhom_hub.reports.summary import summaries

pytestmark = pytest.mark.django_db

SERVERS, A_PAGE = 70, 11
TEXTS = ("a", "kov", "KOVÁCS", "gyor", "91 % full", "no report for 2 h", "created", "paused", "nobody")


def seeds(first: int) -> list[Any]:
    """Four fleets, three of which are for the long rounds."""
    return [first, *(pytest.param(first + more, marks=pytest.mark.long) for more in (1, 2, 3))]


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WHOLE_ROWS", A_PAGE)
    monkeypatch.setattr(listing, "PAGE_ROWS", A_PAGE)


def through_all_pages(view: View, then: Then | None) -> list[str]:
    """The ids on one page after the other; each says how many there are in all."""
    first = overview(view, now=NOW, then=then)
    numbers = range(1, first.part.of + 1)
    pages = [overview(replace(view, page=number), now=NOW, then=then) for number in numbers]
    shown = [[row.anchor.removeprefix("c-") for group in page.groups for row in group.rows] for page in pages]
    assert [len(ids) for ids in shown[:-1]] == [A_PAGE] * (len(shown) - 1)
    assert {page.found for page in pages} == {sum(map(len, shown))}
    return [customer_id for ids in shown for customer_id in ids]


def check(view: View, then: Then | None = None) -> None:
    assert through_all_pages(view, then) == plain_ids(view, NOW, then), view


@pytest.mark.parametrize("seed", seeds(0))
def test_the_list_is_the_plain_one_however_it_is_sorted(seed: int) -> None:
    a_random_fleet(seed, SERVERS)

    check(View())
    for column, is_reversed in product(Column, (False, True)):
        check(View(sort=column, is_reversed=is_reversed))


@pytest.mark.parametrize("seed", seeds(4))
def test_the_list_is_the_plain_one_whatever_it_is_narrowed_to(seed: int) -> None:
    a_random_fleet(seed, SERVERS)
    then = a_look_before(seed)
    note_tags(["v0.30.0"], now=NOW)

    for status, problem in product((None, *SHOWN_STATUSES), (None, *Problem)):
        check(View(status=status, problem=problem), then)
    for text in TEXTS:
        check(View(text=text), then)
        check(View(text=text, problem=Problem.NO_BACKUP, sort=Column.DISK), then)
        check(View(text=text, status=Status.WARN, sort=Column.CONTROLLER, is_reversed=True), then)
    check(View(problem=Problem.CHANGED, sort=Column.REPORTS), then)


@pytest.mark.parametrize("seed", seeds(8))
def test_the_counts_are_those_of_the_statuses(seed: int) -> None:
    a_random_fleet(seed, SERVERS)

    found = overview(View(), now=NOW)

    counts = Counter(each.verdict.status for each in summaries(Customer.objects.all(), now=NOW))
    statuses = zip(SHOWN_STATUSES, found.filters, strict=True)
    assert {status: chip.count for status, chip in statuses} == {each: counts[each] for each in SHOWN_STATUSES}
    assert (found.blocked, found.total) == (counts[Status.BLOCKED], counts.total() - counts[Status.BLOCKED])
    silent, lacking = (
        len(plain_ids(View(problem=problem), NOW, None)) for problem in (Problem.SILENT, Problem.NO_BACKUP)
    )
    assert (found.reports.missing, found.backups.missing) == (silent, lacking)


def test_two_moments_of_one_fleet_are_two_lists() -> None:
    a_random_fleet(12, SERVERS)
    check(View())
    later = NOW + timedelta(minutes=31)

    found = [row.anchor.removeprefix("c-") for group in overview(View(), now=later).groups for row in group.rows]

    assert found == plain_ids(View(), later, None)[:A_PAGE] != plain_ids(View(), NOW, None)[:A_PAGE]
