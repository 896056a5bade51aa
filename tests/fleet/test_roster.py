from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, make_customer, make_node, record
from tests.recovery.checked import make_check

from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import Problem
from felhom_hub.fleet.clock import clock_at
from felhom_hub.fleet.facts import Fact, config_fact
from felhom_hub.fleet.places import DISABLED, DOWN_BY_HEALTH, DOWN_BY_SILENCE, OK, PENDING, WARN
from felhom_hub.fleet.roster import Kind, names_of, read_census
from felhom_hub.recovery.check_queries import count_not_recoverable
from felhom_hub.reports.arrivals import LAST_HOUR_CELLS
from felhom_hub.reports.config_sync import ConfigSync, config_sync

pytestmark = pytest.mark.django_db

ILL = {"status": "warn", "issues": [], "warnings": ["drive hdd1 is 91 % full"]}
CLOCK = clock_at(NOW)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "silent"), [(None, False), (0, False), (29.999, False), (30, True), (30.001, True), (500, True)]
)
def test_silent_are_those_that_have_reported_and_do_no_more(minutes: float | None, silent: bool) -> None:
    customer = make_customer("a")
    if minutes is not None:
        make_node(customer, last_received_at=NOW - timedelta(minutes=minutes))

    (kind,) = read_census(CLOCK).kinds

    assert (kind.has(Problem.SILENT), kind.pks) == (silent, [customer.pk])


@pytest.mark.parametrize(
    ("hours", "ok", "missing"),
    [
        (10, True, False),
        (10, None, False),
        (10, False, True),
        (26, True, False),
        (26.001, True, True),
        (26.001, None, True),
        (-1, True, False),
        (None, None, True),
        (None, True, True),
    ],
)
def test_a_backup_is_missing_when_it_is_old_failed_or_unheard_of(
    hours: float | None, ok: bool | None, missing: bool
) -> None:
    at = None if hours is None else NOW - timedelta(hours=hours)
    make_node(make_customer("a"), last_backup_at=at, last_backup_ok=ok)

    (kind,) = read_census(CLOCK).kinds

    assert kind.has(Problem.NO_BACKUP) is missing


def test_one_that_has_never_reported_owes_no_backup() -> None:
    make_customer("waits")

    census = read_census(CLOCK)

    assert [kind.has(Problem.NO_BACKUP) for kind in census.listed] == [False]
    assert census.reporting == []


def test_everybody_stands_in_a_place_but_the_blocked() -> None:
    record(
        [
            incoming("failed", received_at=NOW, health={"status": "fail"}),
            incoming("ill", received_at=NOW, health=ILL),
            incoming("ill-too", received_at=NOW - MINUTE, health=ILL),
            incoming("paused", received_at=NOW, monitoring_paused=True),
            incoming("well", received_at=NOW),
        ]
    )
    make_node(make_customer("silent"), last_received_at=NOW - 90 * MINUTE)
    make_customer("waits")
    make_customer("gone", deleted_at=NOW)
    make_customer("blocked", blocked_at=NOW)
    make_node(make_customer("blocked-too", blocked_at=NOW))
    names = dict(Customer.objects.values_list("pk", "customer_id"))

    census = read_census(CLOCK)

    assert {place: sorted(map(names.__getitem__, pks)) for place, pks in enumerate(census.standing())} == {
        DOWN_BY_HEALTH: ["failed"], DOWN_BY_SILENCE: ["silent"], WARN: ["ill", "ill-too"], PENDING: ["waits"],
        DISABLED: ["paused"], OK: ["well"],
    }  # fmt: skip
    assert census.blocked == 2


def test_servers_whose_last_hour_looks_alike_are_one_kind() -> None:
    for number in range(3):
        record([incoming(f"c{number}", received_at=NOW - minutes * MINUTE) for minutes in (500, 45, 30, 15, 1)])
    record([incoming("silent", received_at=NOW - 30 * MINUTE)])
    record([incoming("new", received_at=NOW - 29 * MINUTE)])
    make_customer("pending")
    make_node(make_customer("blocked", blocked_at=NOW))
    pks = dict(Customer.objects.values_list("customer_id", "pk"))

    kinds = [kind._replace(pks=sorted(kind.pks)) for kind in sorted(read_census(CLOCK).reporting)]

    # 11:59 lies in the newest cell; two cells before it 11:45, three more each 11:30 and 11:15.
    heard = bytes([0b0010_0101, 0b0000_0001])
    assert kinds == [
        Kind(WARN, b"\x01\x00", 6, 6, True, False, [pks["silent"]]),
        Kind(OK, b"\x01\x00", 5, 5, False, False, [pks["new"]]),
        Kind(OK, heard, LAST_HOUR_CELLS, 0, False, False, [pks[f"c{number}"] for number in range(3)]),
    ]


def test_a_config_differs_exactly_where_it_is_a_mismatch() -> None:
    hashes = (None, "a" * 64, "b" * 64, "c" * 64)
    expected: dict[int, bool] = {}
    for number, (reported, hubs, same) in enumerate(product(hashes, repeat=3)):
        for is_managed in (True, False):
            customer = make_customer(f"c{number}-{is_managed}".lower(), is_managed=is_managed)
            make_node(customer, config_hash=reported, expected_hash=hubs, same_hash=same)
            expected[customer.pk] = config_sync(reported, hubs, same) is ConfigSync.MISMATCH
    make_customer("waits")
    blocked = make_customer("blocked", blocked_at=NOW)
    make_node(blocked, config_hash="a" * 64, expected_hash="b" * 64)

    census = read_census(CLOCK)
    found = census.having(Problem.CONFIG)

    assert config_fact(census.reporting) == Fact(18, 64, 18, 28)
    assert set(found) == {pk for pk, differs in expected.items() if differs}
    assert (len(found), len(expected)) == (36, 128)


def test_lost_are_those_whose_check_says_that_they_cannot_be_rebuilt() -> None:
    for name, states in (("well", "yyyyy"), ("gap", "yygyy"), ("lost", "nuuuy"), ("unheard", "nuuuy")):
        customer = make_customer(name)
        make_check(customer, states)
        if name != "unheard":
            make_node(customer)
    make_check(make_customer("blocked", blocked_at=NOW), "nuuuy")
    make_check(make_customer("gone", deleted_at=NOW), "nuuuy")
    make_node(make_customer("unchecked"))
    names = dict(Customer.objects.values_list("pk", "customer_id"))

    found = read_census(CLOCK).having(Problem.UNRECOVERABLE)

    assert sorted(map(names.__getitem__, found)) == ["lost", "unheard"]
    assert len(found) == count_not_recoverable()


@pytest.mark.parametrize("ahead", [timedelta(minutes=4), timedelta(hours=3)])
def test_a_report_from_ahead_of_our_clock_came_just_now(ahead: timedelta) -> None:
    make_node(make_customer("a"), first_received_at=NOW + ahead, last_received_at=NOW + ahead)

    (kind,) = read_census(CLOCK).kinds

    assert (kind.place, kind.age, kind.silence) == (OK, 0, 0)


def test_names_are_those_that_are_shown() -> None:
    named, nameless = make_customer("a", name="Ádám"), make_customer("b")
    make_customer("c")

    assert names_of([named.pk, nameless.pk]) == {named.pk: "Ádám", nameless.pk: "b"}


@pytest.mark.parametrize("servers", [1, 3])
def test_the_census_is_one_query(servers: int) -> None:
    record([incoming(f"c{number}", received_at=NOW - number * MS) for number in range(servers)])

    with CaptureQueriesContext(connection) as queries:
        assert sum(map(len, read_census(CLOCK).standing())) == servers

    assert len(queries) == 1


def test_each_reading_asks_for_its_own_moment() -> None:
    make_node(make_customer("a"), last_received_at=NOW, health="warn", last_backup_at=NOW, last_backup_ok=True)

    def seen(later: timedelta) -> tuple[int, int, bool, bool]:
        (kind,) = read_census(clock_at(NOW + later)).kinds
        return kind.place, kind.silence, kind.is_silent, kind.lacks_backup

    assert seen(MINUTE) == (WARN, 0, False, False)
    assert seen(31 * MINUTE) == (WARN, 6, True, False)
    assert seen(27 * 60 * MINUTE) == (DOWN_BY_SILENCE, LAST_HOUR_CELLS, True, True)
    assert seen(MINUTE) == (WARN, 0, False, False)
