from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, incoming_event, make_customer, make_node, record, record_all_events
from tests.fleet.summaries import NOW_MS, STALE_MS

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.facts import has_no_backup, is_silent
from felhom_hub.fleet.roster import (
    Rhythm,
    Server,
    Signals,
    read_fleet,
    read_reasons,
    read_rhythms,
    read_signals,
)
from felhom_hub.reports.arrivals import LAST_HOUR_CELLS
from felhom_hub.reports.status import Health

pytestmark = pytest.mark.django_db

ILL = {"status": "warn", "issues": [], "warnings": ["drive hdd1 is 91 % full"]}
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


def test_a_server_comes_as_it_is_stored() -> None:
    record([incoming("kovacs-peter", received_at=NOW)])
    make_customer("lukacs", name="Lukács", blocked_at=NOW)

    found = {server.customer_id: server for server in read_fleet()}

    reporting, waiting = found["kovacs-peter"], found["lukacs"]
    assert reporting._replace(is_paused=bool(reporting.is_paused)) == Server(
        pk=reporting.pk,
        customer_id="kovacs-peter",
        name="Kovács Péter",
        created_ms=NOW_MS,
        blocked_ms=None,
        first_received_ms=None,
        last_received_ms=NOW_MS,
        arrivals=None,
        is_paused=False,
        health="ok",
        last_backup_ms=None,
        last_backup_ok=None,
        town=None,
        sort_value=None,
    )
    assert waiting == Server(
        waiting.pk, "lukacs", "Lukács", NOW_MS, NOW_MS, None, None, None, None, None, None, None, None, None
    )


def test_what_few_ask_for_comes_when_it_is_asked_for() -> None:
    record([incoming("kovacs-peter", received_at=NOW)])

    (server,) = read_fleet(Column.REPORTS)
    assert (bytes(server.arrivals or b"")[:1], server.first_received_ms) == (b"\x01", NOW_MS)
    (server,) = read_fleet(backups=True)
    assert (server.last_backup_ms, bool(server.last_backup_ok)) == (NOW_MS - 10 * 3_600_000, True)
    Customer.objects.update(town="Győr")
    assert [server.town for server in read_fleet(towns=True)] == ["Győr"]


def rhythms() -> list[Rhythm]:
    return sorted(read_rhythms(stale_ms=STALE_MS, now_ms=NOW_MS))


def test_servers_are_counted_by_what_their_last_hour_looks_like() -> None:
    for number in range(3):
        record([incoming(f"c{number}", received_at=NOW - minutes * MINUTE) for minutes in (500, 45, 30, 15, 1)])
    record([incoming("silent", received_at=NOW - 30 * MINUTE)])
    record([incoming("new", received_at=NOW - 29 * MINUTE)])
    make_customer("pending")
    make_node(make_customer("blocked", blocked_at=NOW))

    assert rhythms() == [
        Rhythm(b"\x01\x00", 5, 5, 1, 0, 0),
        Rhythm(b"\x01\x00", 6, 6, 1, 1, 0),
        Rhythm(rhythms()[-1].arrivals, LAST_HOUR_CELLS, 0, 3, 0, 0),
    ]
    # 11:59 lies in the newest cell; two cells before it 11:45, three more each 11:30 and 11:15.
    assert rhythms()[-1].arrivals == bytes([0b0010_0101, 0b0000_0001])[:2]


@pytest.mark.parametrize("ok", [True, False, None])
@pytest.mark.parametrize("hours", [None, 0, 25.999, 26, 26.001, 900])
def test_backups_are_counted_by_the_rule_that_the_list_is_narrowed_by(hours: float | None, ok: bool | None) -> None:
    at = None if hours is None else NOW - timedelta(hours=hours)
    make_node(make_customer("a"), last_backup_at=at, last_backup_ok=ok)

    (server,) = read_fleet(backups=True)
    (rhythm,) = rhythms()
    assert rhythm.without_backup == has_no_backup(server, now_ms=NOW_MS)


@pytest.mark.parametrize("minutes", [0, 29.999, 30, 30.001, 500])
def test_silent_servers_are_counted_by_the_rule_that_the_list_is_narrowed_by(minutes: float) -> None:
    make_node(make_customer("a"), last_received_at=NOW - timedelta(minutes=minutes))

    (server,) = read_fleet()
    (rhythm,) = rhythms()
    assert rhythm.silent == is_silent(server, stale_ms=STALE_MS, now_ms=NOW_MS)


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

    assert [server.sort_value for server in read_fleet(column)] == [value]


def test_signals_are_those_of_servers_of_the_healths_that_are_asked_for() -> None:
    record([incoming("ill", health=ILL), incoming("well"), incoming("down", health={"status": "fail"})])
    record_all_events([incoming_event("ill", severity="error")])
    pks = dict(Customer.objects.values_list("customer_id", "pk"))
    ill, down = (
        Signals(pks["ill"], NOW_MS, 7.5, 61.2, 41.0, 48.0, 1, {"disk_high": 70.0}),
        Signals(pks["down"], NOW_MS, 7.5, 61.2, 41.0, 48.0, None, None),
    )
    CustomerConfig.objects.create(customer_id=pks["ill"], thresholds={"disk_high": 70.0}, changed_at=NOW)

    assert read_signals([Health.WARN, Health.FAIL]) == {pks["ill"]: ill, pks["down"]: down}
    assert read_signals([Health.FAIL]) == {pks["down"]: down}


def test_reasons_are_read_for_searching() -> None:
    make_customer("a")
    make_customer("blocked", blocked_at=NOW)
    record([incoming("ill", health=ILL), incoming("well")])
    names = {server.pk: server.customer_id for server in read_fleet()}

    assert {names[pk]: reason for pk, reason in read_reasons(now=NOW).items()} == {
        "a": "Config created under 1 min ago. Waiting for the first report.",
        "ill": "Health warning: drive hdd1 is 91 % full",
    }


@pytest.mark.parametrize("servers", [1, 3])
def test_the_fleet_is_one_query(servers: int) -> None:
    record([incoming(f"c{number}", received_at=NOW - number * MS) for number in range(servers)])

    with CaptureQueriesContext(connection) as queries:
        assert len(read_fleet()) == servers

    assert len(queries) == 1
