"""Two hubs on one PostgreSQL hear the same fleet, and one is killed in the middle of a mail: all is told once.

Nothing here waits for a time that the machine decides: what a dead hub held is given up as if its lease had ended.
"""

# ruff: noqa: S608  # SQL with names and numbers of this file
import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.build import report_body
from tests.servers.clients import Reporter
from tests.servers.hub import API_KEY, Hub
from tests.servers.resend import KEY, Provider, running_resend

from felhom_hub.base.instants import rfc3339, utc_now
from felhom_hub.reports.body import unpack

WAIT_SECONDS = 120.0  # far beyond what it takes: who waits so long waits for nothing
CUSTOMERS = 12
STALE, DOWN = ("c0", "c1"), ("c2", "c3")  # fewer than what counts as an incident
HOUR_MS = timedelta(hours=1) // timedelta(milliseconds=1)
# Of the silence that is made: longer than any that the machine could add, or the ledger of deaf time take away.
STALE_MS, DOWN_MS = 12 * HOUR_MS, 72 * HOUR_MS
DELIVER, LOOK = "notify.deliver_messages", "watch.look_for_silence"
DEADLINE, PROOF = "watch.look_for_missed_backups", "notify.prove_alarm_path"


@dataclass
class Pair:
    """Two hubs on one database, and the provider of both."""

    hubs: tuple[Hub, Hub]
    provider: Provider

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.hubs[0].rows(sql)

    def execute(self, sql: str) -> None:
        self.hubs[0].execute(sql)

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        self.hubs[0].wait_until(holds, what, WAIT_SECONDS)

    def post_to_both(self, path: str, bodies: list[bytes]) -> None:
        """Each hub gets each body, at about the same time, in an order of its own; every one is answered 200."""
        together = threading.Barrier(2)

        def post_all(hub: Hub, ordered: list[bytes]) -> list[int]:
            together.wait(WAIT_SECONDS)
            return [hub.post(path, body, timeout=WAIT_SECONDS).status for body in ordered]

        with ThreadPoolExecutor(2) as threads:
            answers = threads.map(post_all, self.hubs, (bodies, bodies[::-1]))
            assert list(answers) == [[200] * len(bodies)] * 2

    def count(self, sql: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {sql}")[0][0])

    def ask(self, job: str) -> None:
        """The job is due for both hubs."""
        # What the machine's own pauses have left behind would only put the jobs off.
        self.execute("DELETE FROM watch_deafspan")
        self.execute(f"UPDATE base_job SET next_at = 0 WHERE name = '{job}'")

    def run(self, job: str) -> None:
        """The job was due for both hubs, and has run."""
        succeeded = f"SELECT succeeded_at FROM base_job WHERE name = '{job}' AND lease_until IS NULL"
        before = self.rows(succeeded)
        self.ask(job)
        self.wait_until(lambda: self.rows(succeeded) not in ([], before), f"{job} has run")

    def wait_until_sent(self) -> None:
        self.ask(DELIVER)
        self.wait_until(lambda: self.count("notify_delivery WHERE result = 'queued'") == 0, "all is sent")


@pytest.fixture
def pair(new_hub: Callable[..., Hub], pytestconfig: pytest.Config) -> Iterator[Pair]:
    """Both are started at once on an empty database, and know each other's sealed secrets."""
    if pytestconfig.getoption("database") != "postgresql":
        pytest.skip("a SQLite file has one hub; several replicas share a PostgreSQL")
    with running_resend() as provider:
        options: dict[str, Any] = {
            "settings": {
                "alerting.check_interval": "1s",
                "alerting.down_threshold": "48h",
                "notifications.operator_email": "operator@example.org",
                "notifications.resend_api_key": KEY,
                "notifications.resend_api_url": provider.url,
                "secrets.keys": os.environ["FELHOM_HUB_SECRETS__KEYS"],
            },
            # The provider hangs until the hub is killed, however long the machine takes for that.
            "constants": {"felhom_hub.notify.channels.email.resend.TIMEOUT_SECONDS": WAIT_SECONDS},
        }
        first = new_hub(**options)
        hubs = first, new_hub(**options, database_url=first.database_url)
        for hub in hubs:
            hub.launch()
        for hub in hubs:
            hub.wait_until_healthy()
        yield Pair(hubs, provider)


def test_two_hubs_tell_everything_once_although_one_is_killed_in_the_middle_of_a_mail(pair: Pair) -> None:
    hear_the_fleet(pair)
    tell_of_events(pair, "backup_failed")
    for behaviour, event_type in (("hang", "disk_critical"), ("stall", "db_dump_failed")):
        with reporting(pair):
            kill_the_sender(pair, behaviour, event_type)
    fall_silent_and_recover(pair)
    for job in (DEADLINE, PROOF, DEADLINE):
        pair.run(job)
    pair.wait_until_sent()

    for event_type in ("backup_failed", "disk_critical", "db_dump_failed"):
        assert told(pair, event_type) == {
            (f"c{n}", who): 1 for n in range(CUSTOMERS) for who in ("customer", "operator")
        }
    assert found_by_the_hub(pair) == dict.fromkeys(
        [
            *((name, "node_stale") for name in STALE),
            *((name, "node_down") for name in DOWN),
            *((name, "node_recovered") for name in STALE + DOWN),
            *((f"c{n}", f"expected_{kind}_missed") for n in range(CUSTOMERS) for kind in ("backup", "dbdump")),
            ("", "hub_alarm_test"),
        ],
        1,
    )
    check_provider(pair)
    for hub in pair.hubs:
        assert "Traceback" not in hub.log


def hear_the_fleet(pair: Pair) -> None:
    """Everybody is known for days, has last been backed up the day before yesterday, and is mailed."""
    at = utc_now()
    names = [f"c{number}" for number in range(CUSTOMERS)]
    pair.post_to_both("/api/v1/report", [report_of(name, at) for name in names])
    assert pair.count("reports_report") == CUSTOMERS
    wishes = {"enabled_events": ["backup_failed", "disk_critical", "db_dump_failed"], "cooldown_hours": 6}
    pair.post_to_both(
        "/api/v1/preferences",
        [json.dumps({"customer_id": name, "email": f"{name}@example.org", **wishes}).encode() for name in names],
    )
    pair.execute(f"UPDATE customers_customer SET created_at = created_at - {100 * HOUR_MS}")
    pair.execute(f"UPDATE reports_nodestate SET first_received_at = first_received_at - {100 * HOUR_MS}")
    pair.wait_until(lambda: pair.count("watch_nodelevel WHERE level = 'heard'") == CUSTOMERS, "all were looked at")


def report_of(name: str, at: datetime) -> bytes:
    """A report of that time; its backups are two days old, and the customer's name tells its messages from others'."""
    done = rfc3339(at - timedelta(days=2))
    backup = {"last_backup_at": done, "last_backup_ok": True, "last_db_dump_at": done, "last_db_dump_ok": True}
    return report_body(customer_id=name, customer_name=name, timestamp=rfc3339(at), backup=backup)


def tell_of_events(pair: Pair, event_type: str) -> None:
    """Both hubs get the same alarm of everybody at once: the second of each is the same alarm again."""
    names = [f"c{number}" for number in range(CUSTOMERS)]
    pair.post_to_both(
        "/api/v1/event",
        [json.dumps({"customer_id": name, "event_type": event_type, "severity": "error"}).encode() for name in names],
    )
    assert pair.count(f"events_event WHERE event_type = '{event_type}'") == 2 * CUSTOMERS


def kill_the_sender(pair: Pair, behaviour: str, event_type: str) -> None:
    """The hub that sends is killed while the provider does not answer; both are there again and all is sent."""
    pair.wait_until_sent()
    asked = len(pair.provider.requests)
    pair.provider.behave(behaviour)
    tell_of_events(pair, event_type)
    pair.ask(DELIVER)
    pair.wait_until(lambda: len(pair.provider.requests) > asked, "the provider is asked")

    ((holder,),) = pair.rows(f"SELECT lease_holder FROM base_job WHERE name = '{DELIVER}'")
    (sender,) = [hub for hub in pair.hubs if holder.endswith(f":{hub.pid}")]
    sender.kill()
    # Minutes later, for the sake of those who wait for this test.
    pair.execute(f"UPDATE base_job SET lease_until = 0 WHERE lease_holder = '{holder}'")
    key = pair.provider.requests[asked]["key"]
    pair.execute(f"UPDATE notify_delivery SET lease_until = 0 WHERE key = '{key}'")
    sender.start()
    pair.wait_until_sent()


@contextmanager
def reporting(pair: Pair) -> Iterator[None]:
    """Both hubs get the same reports meanwhile, without pause; what one of them answered 200 is stored once."""
    begun, reporters = utc_now(), []
    for hub in pair.hubs:
        numbers = iter(range(1_000_000))

        def next_request(numbers: Iterator[int] = numbers) -> tuple[str, bytes]:
            number = next(numbers)
            return "/api/v1/report", report_of(f"c{number % CUSTOMERS}", begun + timedelta(milliseconds=number))

        reporters.append(Reporter(hub.port, API_KEY, next_request))
    for reporter in reporters:
        reporter.start()
    try:
        yield
    finally:
        for reporter in reporters:
            reporter.stop(WAIT_SECONDS)
    assert all(reporter.accepted for reporter in reporters)
    stored = Counter(unpack(bytes(body)) for (body,) in pair.rows("SELECT body FROM reports_report"))
    assert {body for reporter in reporters for _, body in reporter.accepted} <= stored.keys()
    assert set(stored.values()) == {1}


def fall_silent_and_recover(pair: Pair) -> None:
    """Some were heard last long ago, by the rows, and are heard again when that was told."""
    pair.wait_until(lambda: pair.count("watch_nodelevel WHERE level = 'heard'") == CUSTOMERS, "all are heard")
    for names, milliseconds in ((STALE, STALE_MS), (DOWN, DOWN_MS)):
        pair.execute(
            f"UPDATE reports_nodestate SET last_received_at = last_received_at - {milliseconds} WHERE customer_id IN "
            f"(SELECT id FROM customers_customer WHERE customer_id IN {names})"
        )
    silent = len(STALE + DOWN)
    pair.wait_until(lambda: pair.count("watch_nodelevel WHERE level <> 'heard'") == silent, "they are silent")
    pair.run(LOOK)
    at = utc_now()
    pair.post_to_both("/api/v1/report", [report_of(name, at) for name in STALE + DOWN])
    pair.wait_until(lambda: pair.count("watch_nodelevel WHERE level = 'heard'") == CUSTOMERS, "they are back")


def told(pair: Pair, event_type: str) -> Counter[tuple[str, str]]:
    """How many messages of alarms of that type went out about each customer, to each audience."""
    sql = (
        "SELECT c.customer_id, d.audience FROM notify_delivery d JOIN customers_customer c ON c.id = d.customer_id "
        f"WHERE d.result = 'sent' AND d.event_type = '{event_type}'"
    )
    return Counter((name, audience) for name, audience in pair.rows(sql))


def found_by_the_hub(pair: Pair) -> Counter[tuple[str, str]]:
    """How many events of each kind the hub itself has recorded about each customer."""
    sql = (
        "SELECT coalesce(c.customer_id, ''), e.event_type FROM events_event e "
        "LEFT JOIN customers_customer c ON c.id = e.customer_id WHERE e.source = 'hub'"
    )
    return Counter((name, event_type) for name, event_type in pair.rows(sql))


def check_provider(pair: Pair) -> None:
    """The provider has accepted one message for each delivery that was sent, and no key came with two contents."""
    sent = [key for (key,) in pair.rows("SELECT key FROM notify_delivery WHERE result = 'sent'")]
    assert sorted(pair.provider.accepted) == sorted(sent)
    assert pair.rows("SELECT count(*) FROM notify_delivery WHERE result NOT IN ('sent', 'skipped')") == [(0,)]
    bodies: dict[str, list[dict[str, Any]]] = {}
    for request in pair.provider.requests:
        bodies.setdefault(request["key"], []).append(request["body"])
    assert all(body == pair.provider.accepted[key] for key, each in bodies.items() for body in each)
    # Only the two that nobody answered were sent again.
    assert Counter(len(each) for each in bodies.values()) == {1: len(sent) - 2, 2: 2}
    sent_once = Counter((tuple(each["to"]), each["subject"]) for each in pair.provider.accepted.values())
    assert set(sent_once.values()) == {1}
