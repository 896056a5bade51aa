"""A hub that is killed hears nothing meanwhile: nobody is told silent for that time, and the ledger has it."""

import os
import signal
import time
from collections.abc import Callable

import pytest
from tests.build import report_body
from tests.servers.hub import Hub

from felhom_hub.base.instants import rfc3339, utc_now

SIX_HOURS_MS = 6 * 3600 * 1000
NODES = 40
TYPES = "SELECT event_type, count(*) FROM events_event GROUP BY event_type ORDER BY event_type"
SETTINGS = {"alerting.check_interval": "1s"}


def fleet(hub: Hub) -> None:
    """A fleet that the hub has heard, and has looked at."""
    hub.start()
    for number in range(NODES):
        assert hub.post("/api/v1/report", report_body(customer_id=f"c{number}")).status == 200
    looked_at = "SELECT count(*) FROM watch_nodelevel WHERE level = 'heard'"
    hub.wait_until(lambda: hub.rows(looked_at) == [(NODES,)], "every node was looked at")
    hub.wait_until(lambda: hub.rows("SELECT count(*) FROM watch_hearing") == [(1,)], "the hub has a pulse")


def sleep_six_hours(hub: Hub, *, with_ledger: bool) -> None:
    """All that the killed hub has stored is six hours older."""
    hub.execute("UPDATE base_job SET lease_until = NULL")  # six hours later it has ended
    shifted = [
        ("reports_nodestate", "last_received_at"),
        ("reports_nodestate", "first_received_at"),
        ("reports_report", "received_at"),
        ("watch_nodelevel", "heard_at"),
        *([("watch_hearing", "at")] if with_ledger else []),
    ]
    for table, column in shifted:
        hub.execute(f"UPDATE {table} SET {column} = {column} - {SIX_HOURS_MS}")  # noqa: S608 - names of ours


def looks(hub: Hub) -> str:
    """When the last look for silence ended well."""
    return str(hub.rows("SELECT succeeded_at FROM base_job WHERE name = 'watch.look_for_silence'"))


def wait_for_looks(hub: Hub, count: int) -> None:
    for _ in range(count):
        before = looks(hub)
        hub.wait_until(lambda before=before: looks(hub) != before, "another look for silence")  # type: ignore[misc]


def test_a_hub_that_was_killed_for_six_hours_tells_nobody_silent(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub(settings=SETTINGS)
    fleet(hub)
    hub.kill()
    sleep_six_hours(hub, with_ledger=True)

    hub.start()
    wait_for_looks(hub, 3)

    assert hub.rows(TYPES) == []
    ((cause, milliseconds),) = hub.rows("SELECT cause, to_at - from_at FROM watch_deafspan")
    assert cause == "off"
    assert SIX_HOURS_MS <= milliseconds < SIX_HOURS_MS + 120_000


def test_without_its_ledger_the_same_hub_would_tell_all_of_them(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub(settings=SETTINGS)
    fleet(hub)
    hub.kill()
    sleep_six_hours(hub, with_ledger=False)

    hub.start()
    wait_for_looks(hub, 3)

    assert hub.rows(TYPES) == [("hub_incident_began", 1), ("node_down", NODES)]


def test_kills_between_beats_lose_no_hearing(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub(settings=SETTINGS)
    fleet(hub)
    for _ in range(3):
        hub.kill()
        hub.execute("UPDATE base_job SET lease_until = NULL")  # it may have died in a job, whose turn then waits
        time.sleep(1)
        hub.start()
    wait_for_looks(hub, 2)

    assert hub.rows(TYPES) == []
    assert hub.rows("SELECT count(*) FROM watch_deafspan WHERE from_at >= to_at") == [(0,)]


def test_a_recovery_is_told_at_once_and_not_at_the_next_look(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub(settings={"alerting.check_interval": "24h"})
    hub.start()
    hub.wait_until(lambda: looks(hub) not in {"[]", "[(None,)]"}, "the first look")
    assert hub.post("/api/v1/report", report_body(customer_id="szabo")).status == 200
    hub.execute(
        "INSERT INTO watch_nodelevel (customer_id, level, since_at, heard_at, is_told, falls, is_unsteady) "
        "SELECT customer_id, 'down', last_received_at, last_received_at, TRUE, '[]', FALSE FROM reports_nodestate"
    )

    assert hub.post("/api/v1/report", report_body(customer_id="szabo", timestamp=rfc3339(utc_now()))).status == 200

    hub.wait_until(lambda: hub.rows(TYPES) == [("node_recovered", 1)], "the recovery was told")


@pytest.mark.long
def test_a_hub_that_stands_still_writes_it_down_when_it_goes_on(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub(settings=SETTINGS)
    fleet(hub)
    os.kill(hub.pid, signal.SIGSTOP)
    time.sleep(20)
    os.kill(hub.pid, signal.SIGCONT)

    spans = "SELECT cause, count(*) FROM watch_deafspan WHERE to_at - from_at >= 15000 GROUP BY cause"
    hub.wait_until(lambda: hub.rows(spans) == [("stalled", 1)], "the ledger has it")
    assert hub.rows(TYPES) == []
