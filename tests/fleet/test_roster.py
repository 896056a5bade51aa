from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, incoming_event, make_customer, record, record_all_events
from tests.fleet.summaries import NOW_MS

from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.roster import Server, Signals, read_fleet, read_reasons, read_signals, read_towns

pytestmark = pytest.mark.django_db

ILL = {"status": "warn", "issues": [], "warnings": ["drive hdd1 is 91 % full"]}
MS = timedelta(milliseconds=1)


def test_a_server_comes_as_it_is_stored() -> None:
    record([incoming("kovacs-peter", received_at=NOW)])
    make_customer("lukacs", name="Lukács", blocked_at=NOW)

    found = {server.customer_id: server for server in read_fleet()}

    reporting, waiting = found["kovacs-peter"], found["lukacs"]
    assert bytes(reporting.arrivals or b"")[:1] == b"\x01"
    assert reporting._replace(arrivals=None, is_paused=bool(reporting.is_paused), last_backup_ok=True) == Server(
        pk=reporting.pk,
        customer_id="kovacs-peter",
        name="Kovács Péter",
        created_ms=NOW_MS,
        blocked_ms=None,
        first_received_ms=NOW_MS,
        last_received_ms=NOW_MS,
        arrivals=None,
        is_paused=False,
        health="ok",
        last_backup_ms=NOW_MS - 10 * 3_600_000,
        last_backup_ok=True,
        sort_value=None,
    )
    assert waiting == Server(
        waiting.pk, "lukacs", "Lukács", NOW_MS, NOW_MS, None, None, None, None, None, None, None, None
    )


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


def test_signals_are_those_of_servers_with_a_health_problem() -> None:
    record([incoming("ill", health=ILL), incoming("well"), incoming("down", health={"status": "fail"})])
    record_all_events([incoming_event("ill", severity="error")])

    found = sorted(read_signals().values(), key=lambda signals: signals.errors_24h or 0)

    assert found[1] == Signals(found[1].pk, NOW_MS, 7.5, 61.2, 41.0, 48.0, 1)
    assert found[0] == Signals(found[0].pk, NOW_MS, 7.5, 61.2, 41.0, 48.0, None)
    assert len(found) == 2


def test_towns_and_reasons_are_read_for_searching() -> None:
    town = make_customer("a", town="Győr").pk
    make_customer("blocked", blocked_at=NOW)
    record([incoming("ill", health=ILL), incoming("well")])
    names = {server.pk: server.customer_id for server in read_fleet()}

    assert read_towns() == {town: "Győr"}
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
