"""Three hubs on one PostgreSQL are one hub to everybody: to open pages, to jobs, to whoever guesses, to controllers."""

import contextlib
import http.client
import itertools
import json
import os
import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.servers.balancer import Balancer, running_balancer
from tests.servers.browser import PASSWORD, PASSWORD_HASH
from tests.servers.clients import Answer, Reporter, request_bytes
from tests.servers.hub import API_KEY, Hub
from tests.servers.own_database import make_database
from tests.servers.resend import KEY, Provider, running_resend

from felhom_hub.reports.body import unpack

SECONDS = 60.0  # far beyond what it takes: who waits so long waits for nothing
DELIVER, LOOK = "notify.deliver_messages", "watch.look_for_silence"
LEASE_SECONDS = 3.0  # in place of 20, for the sake of those who wait for these tests
NOTE = b"event: fleet\ndata: {}\n\n"
# What begins and ends of jobs' runs, in the order in which the database has seen it.
WATCH_THE_JOBS = """
    CREATE TABLE run (id bigserial, job text, holder text, what text, at bigint);
    CREATE FUNCTION note_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.lease_until IS NOT NULL AND NEW.started_at IS DISTINCT FROM OLD.started_at THEN
            INSERT INTO run (job, holder, what, at) VALUES (NEW.name, NEW.lease_holder, 'began', NEW.started_at);
        ELSIF NEW.lease_until IS NULL AND OLD.lease_until IS NOT NULL THEN
            INSERT INTO run (job, holder, what, at) VALUES (NEW.name, NEW.lease_holder, 'ended', NEW.started_at);
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER note_run AFTER UPDATE ON base_job FOR EACH ROW EXECUTE FUNCTION note_run();
"""


@dataclass
class Trio:
    """Three hubs on one database, and the mail provider of all."""

    hubs: tuple[Hub, ...]
    provider: Provider

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.hubs[0].rows(sql)

    def wait_until_sent(self) -> None:
        queued = "SELECT count(*) FROM notify_delivery WHERE result = 'queued'"
        self.hubs[0].wait_until(lambda: self.rows(queued) == [(0,)], "all is sent", SECONDS)

    def sent_keys(self) -> set[str]:
        """The keys of all messages that the hubs say were sent."""
        return {key for (key,) in self.rows("SELECT key FROM notify_delivery WHERE result = 'sent' AND reason = ''")}

    def holder_of(self, job: str) -> "Hub | None":
        """Who runs the job now."""
        found = self.rows(f"SELECT lease_holder FROM base_job WHERE name = '{job}' AND lease_until IS NOT NULL")  # noqa: S608
        return next((hub for (holder,) in found for hub in self.hubs if holder.endswith(f":{hub.pid}")), None)


@pytest.fixture(scope="module")
def trio(
    tmp_path_factory: pytest.TempPathFactory,
    database_server: None,  # noqa: ARG001 - a PostgreSQL has to run first
    pytestconfig: pytest.Config,
) -> Iterator[Trio]:
    """Each test leaves all three serving."""
    if pytestconfig.getoption("database") != "postgresql":
        pytest.skip("a SQLite file has one hub; several replicas share a PostgreSQL")
    url = make_database(pytestconfig, "replicas")
    with running_resend() as provider, contextlib.ExitStack() as stack:
        settings: dict[str, object] = {
            "alerting.check_interval": "1s",
            "auth.password_hash": PASSWORD_HASH,
            "notifications.operator_email": "operator@example.org",
            "notifications.resend_api_key": KEY,
            "notifications.resend_api_url": provider.url,
            "secrets.keys": os.environ["FELHOM_HUB_SECRETS__KEYS"],
            "server.drain_time": "1s",
            "server.trusted_proxies": "127.0.0.1",
        }
        constants = {
            "felhom_hub.base.lease.LEASE_SECONDS": LEASE_SECONDS,
            "felhom_hub.base.lease.RENEW_SECONDS": LEASE_SECONDS / 6,
            "felhom_hub.notify.channels.email.resend.TIMEOUT_SECONDS": SECONDS * 2,
        }
        hubs = tuple(
            Hub(tmp_path_factory.mktemp(f"hub{n}"), settings=settings, constants=constants, database_url=url)
            for n in range(3)
        )
        for hub in hubs:
            stack.callback(hub.close)
            hub.launch()
        for hub in hubs:
            hub.wait_until_healthy()
        hubs[0].execute(WATCH_THE_JOBS)
        yield Trio(hubs, provider)


def form(hub: Hub, password: str, forwarded_for: str) -> http.client.HTTPResponse:
    """The sign-in form as it is sent through a proxy that the hub trusts."""
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=SECONDS)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": forwarded_for}
    with contextlib.closing(connection):
        connection.request("POST", "/login", urlencode({"password": password}), headers)
        response = connection.getresponse()
        response.read()
        return response


@contextlib.contextmanager
def open_page(hub: Hub, cookie: str) -> Iterator[socket.socket]:
    """A page's stream that has begun."""
    with socket.create_connection(("127.0.0.1", hub.port), SECONDS) as page:
        page.sendall(request_bytes("GET", "/live", cookie=cookie))
        assert read_until(page, b": still here\n\n").startswith(b"HTTP/1.1 200 OK\r\n")
        yield page


def read_until(page: socket.socket, end: bytes) -> bytes:
    received = b""
    while end not in received:
        chunk = page.recv(4096)
        assert chunk, received
        received += chunk
    return received


def event(customer: str, number: int) -> bytes:
    return json.dumps(
        {"customer_id": customer, "event_type": "backup_failed", "severity": "error", "message": f"n{number}"}
    ).encode()


def test_what_one_hub_takes_reaches_the_pages_that_are_open_on_the_others_also_after_the_listeners_were_cut_off(
    trio: Trio,
) -> None:
    cookie = (form(trio.hubs[0], PASSWORD, "203.0.113.1").getheader("Set-Cookie") or "").partition(";")[0]
    with open_page(trio.hubs[1], cookie) as one, open_page(trio.hubs[2], cookie) as other:
        assert trio.hubs[0].post("/api/v1/report", b'{"customer_id": "live"}').status == 200
        for page in (one, other):
            read_until(page, NOTE)

        # Hubs of other tests may listen in databases of their own.
        listeners = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        # PostgreSQL may need a moment to see that a hub is gone which another test has killed.
        count = f"SELECT count(*) {listeners}"
        trio.hubs[0].wait_until(lambda: trio.rows(count) == [(3,)], "three hubs listen", SECONDS)
        assert trio.rows(f"SELECT pg_terminate_backend(pid) {listeners}") == [(True,)] * 3
        for page in (one, other):
            read_until(page, NOTE)  # what was missed meanwhile nobody knows: the page asks once

        assert trio.hubs[2].post("/api/v1/event", event("live", 0)).status == 200
        read_until(one, NOTE)


def test_each_job_runs_on_one_hub_at_a_time_and_as_often_as_on_one_and_each_message_is_sent_once(trio: Trio) -> None:
    numbers = range(30)
    trio.wait_until_sent()
    asked, of_others = len(trio.provider.requests), trio.sent_keys()
    since = int(trio.rows("SELECT coalesce(max(id), 0) FROM run")[0][0])
    with ThreadPoolExecutor(3) as threads:
        bodies = [(trio.hubs[n % 3], event(f"told{n}", n)) for n in numbers]
        assert set(threads.map(lambda each: each[0].post("/api/v1/event", each[1]).status, bodies)) == {200}
    trio.wait_until_sent()
    looks = f"SELECT count(*) FROM run WHERE id > {since} AND job = '{LOOK}' AND what = 'ended'"  # noqa: S608
    trio.hubs[0].wait_until(lambda: int(trio.rows(looks)[0][0]) >= 4, "jobs have had their turns", SECONDS)

    requests = trio.provider.requests[asked:]
    assert Counter(request["key"] for request in requests) == Counter(trio.sent_keys() - of_others)
    subjects = Counter(request["body"]["subject"] for request in requests)
    assert {f"[ERROR] told{n}: backup failed": 1 for n in numbers}.items() <= subjects.items()

    runs = defaultdict(list)
    for job, holder, what, at in trio.rows(f"SELECT job, holder, what, at FROM run WHERE id > {since} ORDER BY id"):  # noqa: S608
        runs[job].append((holder, what, at))
    timetables = dict(trio.rows("SELECT name, timetable FROM base_job"))
    for job, steps in runs.items():
        whole = steps[1:] if steps[0][1] == "ended" else steps
        began, ended = whole[0::2], whole[1::2]
        assert {what for _, what, _ in began} | {what for _, what, _ in ended} <= {"began", "ended"}
        assert [(holder, "ended", at) for holder, _, at in began[: len(ended)]] == ended  # nobody in between
        apart = [later[2] - earlier[2] for earlier, later in itertools.pairwise(began)]
        seconds = float(timetables[job].removeprefix("every ").removesuffix(" s"))
        assert all(milliseconds >= seconds * 1000 for milliseconds in apart), (job, apart)


def test_a_run_that_is_longer_than_its_lease_keeps_its_job_and_a_killed_hubs_is_taken_over(trio: Trio) -> None:
    trio.wait_until_sent()
    asked = len(trio.provider.requests)
    trio.provider.behave("hang")
    assert trio.hubs[0].post("/api/v1/event", event("hangs", 1)).status == 200
    trio.hubs[0].wait_until(lambda: len(trio.provider.requests) > asked, "the provider is asked", SECONDS)
    sender, first_end = trio.holder_of(DELIVER), end_of_lease(trio)
    assert sender is not None

    trio.hubs[0].wait_until(lambda: end_of_lease(trio) > first_end + LEASE_SECONDS * 1000, "two leases", SECONDS)
    assert trio.holder_of(DELIVER) is sender
    sender.kill()
    waits = "SELECT floor(extract(epoch from clock_timestamp()) * 1000)::bigint"
    killed_at = int(trio.rows(waits)[0][0])
    others = [hub for hub in trio.hubs if hub is not sender]
    others[0].wait_until(lambda: trio.holder_of(DELIVER) in others or has_run(trio, killed_at), "taken over", SECONDS)

    trio.provider.released.set()
    sender.start()
    trio.hubs[0].execute("UPDATE notify_delivery SET lease_until = 0 WHERE result = 'queued'")  # minutes later
    trio.wait_until_sent()
    trio.provider.released.clear()
    keys = [request["key"] for request in trio.provider.requests[asked:]]
    assert keys == [keys[0]] * 2  # the second time as a try of the same message
    assert list(trio.provider.accepted).count(keys[0]) == 1


def end_of_lease(trio: Trio) -> int:
    return int(trio.rows(f"SELECT lease_until FROM base_job WHERE name = '{DELIVER}'")[0][0] or 0)  # noqa: S608


def has_run(trio: Trio, since: int) -> bool:
    return bool(trio.rows(f"SELECT 1 FROM run WHERE job = '{DELIVER}' AND at >= {since}"))  # noqa: S608


def test_wrong_passwords_count_together_whichever_hub_they_are_tried_at_and_by_the_address_that_a_proxy_names(
    trio: Trio,
) -> None:
    def tried(number: int, password: str, address: str) -> int:
        return form(trio.hubs[number % 3], password, address).status

    assert [tried(n, "wrong", f"198.51.100.{n}, 203.0.113.9") for n in range(5)] == [403] * 5
    assert [tried(n, PASSWORD, "203.0.113.9") for n in range(3)] == [429] * 3
    assert [tried(n, PASSWORD, "203.0.113.10") for n in range(3)] == [303] * 3


def test_of_many_wrong_passphrases_at_once_at_all_hubs_no_more_are_looked_at_than_at_one(trio: Trio) -> None:
    def knock(number: int) -> Answer:
        hub, guess = trio.hubs[number % 3], f"guess {number}"
        return hub.request(
            "GET", "/api/v1/config/nobody", key=None, X_Retrieval_Password=guess, X_Forwarded_For="203.0.113.20"
        )

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(knock, range(36)))
    one_by_one = [knock(number) for number in range(12)]

    statuses = Counter(answer.status for answer in (*answers, *one_by_one))
    assert statuses[401] <= 10
    assert statuses == {401: statuses[401], 429: 48 - statuses[401]}
    assert [answer.status for answer in one_by_one[-2:]] == [429] * 2
    assert int(one_by_one[-1].headers["retry-after"]) > 0


def restart_behind(balancer: Balancer, hub: Hub) -> None:
    """The hub has stopped and is used again."""
    before = balancer.taken_by.get(hub.port, 0)
    hub.signal_stop()
    hub.wait_until(lambda: hub.port not in balancer.ready, "it is not ready", SECONDS)
    assert hub.wait_for_exit() == 0
    hub.start()
    hub.wait_until(lambda: balancer.taken_by.get(hub.port, 0) > before, "it is used", SECONDS)


def test_a_rolling_restart_refuses_no_report_and_each_is_stored_once(trio: Trio) -> None:
    numbers = itertools.count()
    with running_balancer(*(hub.port for hub in trio.hubs)) as balancer:
        trio.hubs[0].wait_until(lambda: len(balancer.ready) == len(trio.hubs), "all are ready")

        def next_request() -> tuple[str, bytes]:
            number = next(numbers)
            return "/api/v1/report", b'{"customer_id": "rolled%d", "number": %d}' % (number % 20, number)

        reporters = [Reporter(balancer.port, API_KEY, next_request) for _ in range(6)]
        for reporter in reporters:
            reporter.start()
        for hub in trio.hubs:
            restart_behind(balancer, hub)
        for reporter in reporters:
            reporter.stop()

    accepted = [body for reporter in reporters for _, body in reporter.accepted]
    stored = Counter(unpack(bytes(body)) for (body,) in trio.rows("SELECT body FROM reports_report"))
    assert balancer.lost == []
    assert sum((reporter.statuses for reporter in reporters), Counter()) == {200: len(accepted)}
    assert [reporter.unanswered for reporter in reporters] == [[]] * len(reporters)
    assert {body: stored[body] for body in accepted} == dict.fromkeys(accepted, 1)
    for hub in trio.hubs:
        assert "Traceback" not in hub.log
