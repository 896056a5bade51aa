from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, make_customer, make_node, record
from tests.recovery.checked import make_check

from felhom_hub.controllers.releases import note_tags
from felhom_hub.customers.models import Customer
from felhom_hub.fleet import listing
from felhom_hub.fleet.address import SHOWN_STATUSES, Problem, View
from felhom_hub.fleet.changes import Then, Trouble
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.facts import Fact
from felhom_hub.fleet.overview import Overview, overview
from felhom_hub.fleet.proportion import Share
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.state import Incoming

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def report(customer_id: str, *, minutes: float = 4, health: str = "ok", message: str = "", **members: Any) -> Incoming:
    """One that came so many minutes ago."""
    issues = [message] if message else []
    said = {"status": health, "issues": issues, "warnings": []}
    return incoming(
        customer_id, received_at=NOW - minutes * MINUTE, health=said, customer_name=customer_id.title(), **members
    )


def a_fleet() -> None:
    """One of each kind."""
    make_customer("waits", name="Waits", town="Győr", created_at=NOW - 180 * MINUTE)
    record(
        [
            report("silent", minutes=134),
            report("late", minutes=38),
            report("failed", health="fail", message="drive hdd1 is read-only"),
            report("warned", health="warn", message="Ékezet: árvíz"),
            report("paused", monitoring_paused=True),
            report("zoltan"),
            report("adam"),
            report("blocked", health="fail"),
        ]
    )
    Customer.objects.filter(customer_id="blocked").update(blocked_at=NOW)
    Customer.objects.filter(customer_id="adam").update(name="Ádám", town="Pécs")


def names(found: Overview) -> dict[str, list[str]]:
    return {group.name: [row.anchor.removeprefix("c-") for row in group.rows] for group in found.groups}


def test_an_empty_hub_has_no_servers() -> None:
    found = overview(View(), now=NOW)

    assert (found.total, found.attention, found.groups, found.shares) == (0, 0, [], [])


def test_the_fleet_stands_worst_first_and_blocked_ones_nowhere() -> None:
    a_fleet()

    found = overview(View(), now=NOW)

    assert names(found) == {
        "attention": ["failed", "silent", "late", "warned"],
        "waiting": ["waits", "paused"],
        "normal": ["adam", "zoltan"],
    }
    assert {group.name: group.total for group in found.groups} == {"attention": 4, "waiting": 2, "normal": 2}
    assert (found.attention, found.total, found.blocked, found.waiting, found.found) == (4, 8, 1, 2, 8)
    assert {chip.word: chip.count for chip in found.filters} == {
        "Down": 2, "Warning": 2, "Pending": 1, "Disabled": 1, "OK": 2,
    }  # fmt: skip
    assert found.shares == [
        Share("down", 0.0, 24.5),
        Share("warn", 25.0, 24.5),
        Share("idle", 50.0, 24.5),
        Share("ok", 75.0, 24.5),
    ]


def test_the_facts_count_reports_and_backups_of_those_that_report() -> None:
    a_fleet()

    found = overview(View(), now=NOW)

    # Five have sent their first and only report just now; of the silent ones, one owes two of three, one all four.
    assert (found.reports, found.backups) == (Fact(6, 12, 2), Fact(7, 7, 0))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(text="gyor"), {"waiting": ["waits"]}),
        (View(text="ÁDAM"), {"normal": ["adam"]}),
        (View(text="arviz"), {"attention": ["warned"]}),
        (View(text="read-only"), {"attention": ["failed"]}),
        (View(text="no report for 2 h"), {"attention": ["silent"]}),
        (View(text="blocked"), {}),
        (View(problem=Problem.SILENT), {"attention": ["silent", "late"]}),
        (View(problem=Problem.SILENT, text="late"), {"attention": ["late"]}),
        (View(problem=Problem.NO_BACKUP), {}),
    ],
)
def test_filters_narrow_the_list_and_nothing_else(view: View, expected: dict[str, list[str]]) -> None:
    a_fleet()

    found = overview(view, now=NOW)

    assert names(found) == expected
    assert (found.total, found.attention) == (8, 4)


def test_a_status_shows_its_servers_alone() -> None:
    a_fleet()

    shown = {
        chip.word: names(overview(View(status=chip_status), now=NOW))
        for chip_status, chip in zip(SHOWN_STATUSES, overview(View(), now=NOW).filters, strict=True)
    }

    assert shown == {
        "Down": {"attention": ["failed", "silent"]},
        "Warning": {"attention": ["late", "warned"]},
        "Pending": {"waiting": ["waits"]},
        "Disabled": {"waiting": ["paused"]},
        "OK": {"normal": ["adam", "zoltan"]},
    }


def test_a_column_takes_the_place_of_the_groups() -> None:
    a_fleet()

    found = overview(View(sort=Column.CUSTOMER), now=NOW)

    assert names(found) == {
        "sorted": ["adam", "failed", "late", "paused", "silent", "waits", "warned", "zoltan"],
    }
    assert found.sorted_words == "sorted by Customer, A to Z"
    assert names(overview(View(sort=Column.REPORT), now=NOW))["sorted"][:2] == ["silent", "late"]


def test_what_changed_since_then_is_counted_named_and_shown_alone() -> None:
    a_fleet()
    pks = dict(Customer.objects.values_list("customer_id", "pk"))
    then = Then(NOW - timedelta(hours=6), Trouble(frozenset({pks["silent"], pks["adam"]}), frozenset({pks["warned"]})))

    found = overview(View(problem=Problem.CHANGED), now=NOW, then=then)

    assert found.changes is not None
    assert [(part.words, part.name) for part in found.changes.parts] == [
        ("1 went down", "Failed"), ("1 new warning", "Late"), ("1 recovered", "Ádám"),
    ]  # fmt: skip
    assert names(found) == {"attention": ["failed", "late"], "normal": ["adam"]}
    assert found.trouble == Trouble(frozenset({pks["silent"], pks["failed"]}), frozenset({pks["warned"], pks["late"]}))
    assert overview(View(), now=NOW).changes is None


def test_who_recovered_is_told_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WHOLE_ROWS", 3)
    monkeypatch.setattr(listing, "PAGE_ROWS", 3)
    a_fleet()
    pks = dict(Customer.objects.values_list("customer_id", "pk"))
    were_down = frozenset(pks[name] for name in ("adam", "failed", "silent", "paused", "waits", "blocked"))
    then = Then(NOW - timedelta(hours=6), Trouble(were_down, frozenset({pks["warned"], pks["late"]})))

    pages = [overview(View(page=number), now=NOW, then=then) for number in (1, 2, 3)]

    assert [names(page) for page in pages] == [
        {"attention": ["failed", "silent", "late"]},
        {"attention": ["warned"], "waiting": ["waits", "paused"]},
        {"normal": ["adam", "zoltan"]},
    ]
    for page in pages:
        assert page.changes is not None
        assert [(part.words, part.name) for part in page.changes.parts] == [("1 recovered", "Ádám")]
        assert page.trouble == pages[0].trouble


def test_every_warned_server_is_on_one_of_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WHOLE_ROWS", 3)
    monkeypatch.setattr(listing, "PAGE_ROWS", 3)
    # Silent ones whose last report was of a failure stand by its readings, whatever else is on the page.
    record([report("failed", health="fail")])
    for number, health in enumerate(("ok", "fail", "warn", "fail", "ok")):
        hot = {"cpu_percent": 99.0, "memory_percent": 99.0 if number % 2 else 10.0, "disk_percent": 10.0}
        record([report(f"late{number}", minutes=40, health=health, system=hot)])

    shown = [name for page in (1, 2) for name in names(overview(View(page=page), now=NOW))["attention"]]

    assert shown == ["failed", "late1", "late3", "late2", "late0", "late4"]


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize(
    ("view", "count"),
    [(View(), 5), (View(sort=Column.CPU), 5), (View(text="c"), 6), (View(problem=Problem.SILENT), 5)],
)
def test_the_number_of_queries_does_not_grow_with_the_fleet(servers: int, view: View, count: int) -> None:
    record([report(f"c{number}", minutes=40, health="warn") for number in range(servers)])

    with CaptureQueriesContext(connection) as queries:
        assert overview(view, now=NOW).found == servers

    assert len(queries) == count


def test_who_could_have_a_newer_controller_is_found_among_the_others() -> None:
    record([report("behind", controller_version="v0.30.1"), report("newest", controller_version="v0.31.0")])
    assert [each.word for each in overview(View(), now=NOW).problems] == ["Silent", "Backup overdue"]

    note_tags(["v0.31.0"], now=NOW)
    page = overview(View(problem=Problem.UPDATE), now=NOW)

    assert names(page) == {"normal": ["behind"]}
    assert [(each.word, each.count, each.path) for each in page.problems][2] == ("Update available", 1, "/")
    assert (page.newest, page.controllers) == ("v0.31.0", Fact(1, 2, 1))


def test_whose_config_differs_and_who_cannot_be_rebuilt_is_found_where_there_are_any() -> None:
    differs, lost = make_customer("differs"), make_customer("lost")
    make_node(differs, config_hash="a" * 64, expected_hash="b" * 64)
    make_node(lost, config_hash="a" * 64, expected_hash="a" * 64)
    make_check(lost, "nuuuy")

    page = overview(View(problem=Problem.CONFIG), now=NOW)
    assert names(page) == {"normal": ["differs"]}
    assert [(each.word, each.count, each.path) for each in page.problems][2:] == [
        ("Config differs", 1, "/"),
        ("Cannot be rebuilt", 1, "/?show=unrecoverable"),
    ]

    page = overview(View(problem=Problem.UNRECOVERABLE), now=NOW)
    assert names(page) == {"normal": ["lost"]}
    assert [row.is_lost for group in overview(View(), now=NOW).groups for row in group.rows] == [False, True]

    NodeState.objects.update(expected_hash="a" * 64)
    page = overview(View(problem=Problem.CONFIG), now=NOW)
    assert [(each.word, each.count, each.is_current) for each in page.problems][2:] == [
        ("Config differs", 0, True),
        ("Cannot be rebuilt", 1, False),
    ]
