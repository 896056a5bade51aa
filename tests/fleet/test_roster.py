from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, incoming_event, make_customer, make_node, record, record_all_events
from tests.fleet.summaries import NOW_MS

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import Problem
from felhom_hub.fleet.clock import clock_at
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.order import by_column
from felhom_hub.fleet.places import BLOCKED, DISABLED, DOWN_BY_HEALTH, DOWN_BY_SILENCE, OK, PENDING, WARN
from felhom_hub.fleet.roster import (
    Rhythm,
    Server,
    Signals,
    read_census,
    read_fleet,
    read_reasons,
    read_signals,
)
from felhom_hub.reports.arrivals import LAST_HOUR_CELLS

pytestmark = pytest.mark.django_db

ILL = {"status": "warn", "issues": [], "warnings": ["drive hdd1 is 91 % full"]}
CLOCK = clock_at(NOW)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


def test_a_server_comes_with_its_place_and_its_name() -> None:
    record([incoming("kovacs-peter", received_at=NOW)])
    make_customer("lukacs", name="Lukács")
    make_customer("nameless", name="")
    make_customer("blocked", blocked_at=NOW)
    pks = dict(Customer.objects.values_list("customer_id", "pk"))

    assert sorted(read_fleet(CLOCK)) == [
        Server(pks["kovacs-peter"], OK, "Kovács Péter", None, None, None),
        Server(pks["lukacs"], PENDING, "Lukács", None, None, None),
        Server(pks["nameless"], PENDING, "nameless", None, None, None),
    ]


def test_only_the_places_that_are_asked_for_are_read_and_whoever_is_named() -> None:
    record([incoming("well", received_at=NOW), incoming("also", received_at=NOW), incoming("ill", health=ILL)])
    make_node(make_customer("silent"), last_received_at=NOW - 90 * MINUTE)
    make_customer("waits")
    blocked = make_customer("blocked", blocked_at=NOW)
    also = Customer.objects.get(customer_id="also")
    names = dict(Customer.objects.values_list("pk", "customer_id"))

    def found(*places: int, also: tuple[int, ...] = ()) -> dict[str, int]:
        return {names[each.pk]: each.place for each in read_fleet(CLOCK, places=places, also=also)}

    assert found(WARN, DOWN_BY_SILENCE) == {"ill": WARN, "silent": DOWN_BY_SILENCE}
    assert found(PENDING, also=(also.pk, blocked.pk)) == {"waits": PENDING, "also": OK, "blocked": BLOCKED}


def test_a_search_looks_into_name_id_and_town() -> None:
    make_customer("kovacs", name="Kovács", town="Győr")

    assert [server.text for server in read_fleet(CLOCK, texts=True)] == ["Kovács\nkovacs\nGyőr"]


@pytest.mark.parametrize(
    ("minutes", "silent"), [(None, False), (0, False), (29.999, False), (30, True), (30.001, True), (500, True)]
)
def test_silent_are_those_that_have_reported_and_do_no_more(minutes: float | None, silent: bool) -> None:
    customer = make_customer("a")
    if minutes is not None:
        make_node(customer, last_received_at=NOW - timedelta(minutes=minutes))

    (server,) = read_fleet(CLOCK, problem=Problem.SILENT)

    assert bool(server.has_problem) is silent
    assert sum(rhythm.silent for rhythm in read_census(CLOCK).rhythms) == silent


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

    (server,) = read_fleet(CLOCK, problem=Problem.NO_BACKUP)
    (rhythm,) = read_census(CLOCK).rhythms

    assert bool(server.has_problem) is missing
    assert rhythm.without_backup == missing


def test_one_that_has_never_reported_owes_no_backup() -> None:
    make_customer("waits")

    assert [bool(server.has_problem) for server in read_fleet(CLOCK, problem=Problem.NO_BACKUP)] == [False]
    assert read_census(CLOCK).rhythms == []


def test_servers_are_counted_by_their_places() -> None:
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
    make_customer("blocked", blocked_at=NOW)
    make_node(make_customer("blocked-too", blocked_at=NOW))

    sizes = read_census(CLOCK).sizes

    assert dict(enumerate(sizes)) == {
        DOWN_BY_HEALTH: 1, DOWN_BY_SILENCE: 1, WARN: 2, PENDING: 1, DISABLED: 1, OK: 1, BLOCKED: 2,
    }  # fmt: skip


def test_servers_are_counted_by_what_their_last_hour_looks_like() -> None:
    for number in range(3):
        record([incoming(f"c{number}", received_at=NOW - minutes * MINUTE) for minutes in (500, 45, 30, 15, 1)])
    record([incoming("silent", received_at=NOW - 30 * MINUTE)])
    record([incoming("new", received_at=NOW - 29 * MINUTE)])
    make_customer("pending")
    make_node(make_customer("blocked", blocked_at=NOW))

    rhythms = sorted(read_census(CLOCK).rhythms)

    assert rhythms == [
        Rhythm(b"\x01\x00", 5, 5, 1, 0, 0),
        Rhythm(b"\x01\x00", 6, 6, 1, 1, 0),
        Rhythm(rhythms[-1].arrivals, LAST_HOUR_CELLS, 0, 3, 0, 0),
    ]
    # 11:59 lies in the newest cell; two cells before it 11:45, three more each 11:30 and 11:15.
    assert rhythms[-1].arrivals == bytes([0b0010_0101, 0b0000_0001])[:2]


def test_the_strip_sorts_by_missed_reports_and_those_that_never_reported_come_last() -> None:
    for customer_id, minutes in (("a", 0), ("c", 600), ("d", 3000)):
        record([incoming(customer_id, customer_name=customer_id, received_at=NOW - timedelta(minutes=minutes + since))
                for since in range(0, 1500, 15)])  # fmt: skip
    make_customer("b")

    most_first = by_column([read_fleet(CLOCK, Column.REPORTS)], Column.REPORTS, is_reversed=False)

    assert [server.name for server in most_first] == ["d", "c", "a", "b"]
    assert [server.sort_value for server in most_first] == [96, 40, 0, None]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (Column.CUSTOMER, None),
        (Column.REPORT, NOW_MS),
        (Column.CPU, 7.5),
        (Column.MEMORY, 61.2),
        (Column.DISK, 41.0),
        (Column.TEMPERATURE, 48.0),
        (Column.BACKUP, NOW_MS - 10 * 3_600_000),
        (Column.CONTROLLER, "v0.30.0"),
        (Column.EVENTS, 200_001),
    ],
)
def test_a_sort_brings_its_column_along(column: Column, value: object) -> None:
    record([incoming(received_at=NOW)])
    record_all_events([incoming_event(severity=severity) for severity in ("error", "error", "warning", "info")])

    assert [server.sort_value for server in read_fleet(CLOCK, column)] == [value]


def test_signals_are_those_of_the_servers_in_the_places_that_are_asked_for() -> None:
    record(
        [
            incoming("ill", received_at=NOW, health=ILL),
            incoming("well", received_at=NOW),
            incoming("down", received_at=NOW, health={"status": "fail"}),
        ]
    )
    waits = make_customer("waits", created_at=NOW - MINUTE)
    record_all_events([incoming_event("ill", severity="error")])
    pks = dict(Customer.objects.values_list("customer_id", "pk"))
    ill, down = (
        Signals(pks["ill"], NOW_MS, NOW_MS, "warn", NOW_MS, 7.5, 61.2, 41.0, 48.0, 1, {"disk_high": 70.0}),
        Signals(pks["down"], NOW_MS, NOW_MS, "fail", NOW_MS, 7.5, 61.2, 41.0, 48.0, None, None),
    )
    CustomerConfig.objects.create(customer_id=pks["ill"], thresholds={"disk_high": 70.0}, changed_at=NOW)

    assert read_signals(CLOCK, [WARN, DOWN_BY_HEALTH]) == {pks["ill"]: ill, pks["down"]: down}
    assert read_signals(CLOCK, [DOWN_BY_HEALTH]) == {pks["down"]: down}
    assert read_signals(CLOCK, [PENDING]) == {
        waits.pk: Signals(waits.pk, NOW_MS - 60_000, None, None, None, None, None, None, None, None, None)
    }


def test_reasons_are_read_for_searching() -> None:
    make_customer("a")
    make_customer("blocked", blocked_at=NOW)
    record(
        [
            incoming("ill", received_at=NOW, health=ILL),
            incoming("well", received_at=NOW),
            incoming("paused", received_at=NOW, monitoring_paused=True),
        ]
    )
    make_node(make_customer("late"), last_received_at=NOW - 31 * MINUTE, health="warn", health_messages='["hot"]')
    make_node(make_customer("silent"), last_received_at=NOW - 61 * MINUTE, health="warn", health_messages='["hot"]')
    names = dict(Customer.objects.values_list("pk", "customer_id"))

    assert {names[pk]: reason for pk, reason in read_reasons(CLOCK).items()} == {
        "a": "Config created under 1 min ago. Waiting for the first report.",
        "ill": "Health warning: drive hdd1 is 91 % full",
        "paused": "Monitoring is paused on the controller",
        "late": "Report is 31 min old. Becomes DOWN in 29 min",
        "silent": "No report for 1 h 1 min. Last report: hot",
    }


def test_a_reason_is_the_one_that_was_reported_last() -> None:
    for number, said in enumerate(("hot", "full")):
        health = {"status": "warn", "issues": [], "warnings": [said]}
        record([incoming("ill", received_at=NOW + number * MINUTE, health=health)])
        (reason,) = read_reasons(clock_at(NOW + number * MINUTE)).values()
        assert reason == f"Health warning: {said}"


@pytest.mark.parametrize("servers", [1, 3])
def test_the_fleet_is_one_query(servers: int) -> None:
    record([incoming(f"c{number}", received_at=NOW - number * MS) for number in range(servers)])

    with CaptureQueriesContext(connection) as queries:
        assert len(read_fleet(CLOCK)) == servers

    assert len(queries) == 1


def test_each_reading_asks_for_its_own_moment() -> None:
    make_node(make_customer("a"), last_received_at=NOW, health="warn", last_backup_at=NOW, last_backup_ok=True)

    def seen(later: timedelta) -> tuple[list[int], list[int], bool, bool, str]:
        clock = clock_at(NOW + later)
        (server,) = read_fleet(clock, problem=Problem.SILENT)
        (backup,) = read_fleet(clock, problem=Problem.NO_BACKUP)
        return (
            [place for place, size in enumerate(read_census(clock).sizes) if size],
            [place for place in (WARN, DOWN_BY_SILENCE) if read_signals(clock, [place])],
            bool(server.has_problem),
            bool(backup.has_problem),
            "".join(read_reasons(clock).values()),
        )

    assert seen(MINUTE) == ([WARN], [WARN], False, False, "Health warning: the controller gives no reason")
    assert seen(31 * MINUTE) == ([WARN], [WARN], True, False, "Report is 31 min old. Becomes DOWN in 29 min")
    assert seen(27 * 60 * MINUTE) == (
        [DOWN_BY_SILENCE], [DOWN_BY_SILENCE], True, True,
        "No report for 1 d 3 h. Last report: the controller gives no reason",
    )  # fmt: skip
    assert seen(MINUTE)[0] == [WARN]
