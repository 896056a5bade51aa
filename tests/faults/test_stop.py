"""SIGTERM: what was accepted is stored and answered, nobody else holds the hub up, and it is gone within 10 seconds."""

import contextlib
import itertools
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from tests.servers.clients import Reporter, answers_in, request_bytes, talk
from tests.servers.hub import API_KEY, Hub

from felhom_hub.reports.body import unpack

REPORT = "/api/v1/report"
GONE_SECONDS = 10.0
WHOLE = request_bytes("POST", REPORT, b'{"customer_id": "half"}', key=API_KEY)


@contextlib.contextmanager
def connections(port: int, number: int, data: bytes) -> Iterator[list[socket.socket]]:
    """So many connections, each of which has sent `data` and waits."""
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection(("127.0.0.1", port), 30)) for _ in range(number)]
        for each in opened:
            each.sendall(data)
        yield opened


def read_to_end(connection: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65536):
            received += chunk
    return received


def stored_bodies(hub: Hub) -> list[bytes]:
    return sorted(unpack(bytes(body)) for (body,) in hub.rows("SELECT body FROM reports_report"))


def test_everything_accepted_is_stored_and_answered_and_nobody_else_holds_the_hub_up(
    new_hub: Callable[..., Hub],
) -> None:
    hub = new_hub(settings={"auth.password_hash": ""})
    hub.start()
    numbers = itertools.count()
    reporters = [
        Reporter(hub.port, API_KEY, lambda: (REPORT, b'{"customer_id": "c", "number": %d}' % next(numbers)))
        for _ in range(8)
    ]
    with (
        connections(hub.port, 10, b"") as silent,
        connections(hub.port, 10, request_bytes("GET", "/livez")) as idle,
        connections(hub.port, 10, WHOLE[:40]) as half_headers,
        connections(hub.port, 10, WHOLE[:-5]) as half_bodies,
        connections(hub.port, 10, request_bytes("GET", "/live")) as live,
    ):
        for each in (*idle, *live):
            assert each.recv(15) == b"HTTP/1.1 200 OK"
        for reporter in reporters:
            reporter.start()
        while sum(len(reporter.accepted) for reporter in reporters) < 50:
            time.sleep(0.01)

        seconds = hub.terminate()

        for reporter in reporters:
            reporter.stop()
        answers = [answers_in(read_to_end(each)) for each in half_bodies]
        ends = [read_to_end(each) for each in (*silent, *half_headers)]
        streams = [read_to_end(each) for each in live]

    assert hub.wait_for_exit() == 0
    assert seconds < GONE_SECONDS
    assert stored_bodies(hub) == sorted(body for reporter in reporters for _, body in reporter.accepted)
    assert {status for reporter in reporters for status in reporter.statuses} <= {200, 503}
    assert [[answer.status for answer in each] for each in answers] == [[503]] * 10
    assert answers[0][0].document == {"ok": False, "error": "The hub is stopping; send it again"}
    assert ends == [b""] * 20
    assert all(stream.endswith(b"0\r\n\r\n") for stream in streams)
    assert "Traceback" not in hub.log


def test_body_that_comes_in_while_the_hub_stops_is_still_stored(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.start()
    with connections(hub.port, 1, WHOLE[:-5]) as (half,), connections(hub.port, 1, b"") as (watch,):
        talk(hub.port, request_bytes("GET", "/livez"))  # what was sent before has been taken
        hub.signal_stop()
        with contextlib.suppress(ConnectionResetError):  # where it was not even accepted
            assert watch.recv(1) == b""  # the hub has begun to stop: silent connections are closed
        half.sendall(WHOLE[-5:])
        answer = answers_in(read_to_end(half))[0]

    assert answer.status == 200
    assert hub.wait_for_exit() == 0
    assert stored_bodies(hub) == [b'{"customer_id": "half"}']


@pytest.mark.sqlite_only
def test_hub_stops_in_time_although_another_process_holds_the_database(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.start()
    with contextlib.closing(hub.connect()) as outside, connections(hub.port, 20, b"") as waiting:
        outside.execute("BEGIN IMMEDIATE")
        for each in waiting:
            each.sendall(WHOLE)
        talk(hub.port, request_bytes("GET", "/livez"))  # what was sent before has been taken

        seconds = hub.terminate()

        answers = [answers_in(read_to_end(each)) for each in waiting]
        outside.execute("ROLLBACK")

    assert seconds < GONE_SECONDS
    assert [[answer.status for answer in each] for each in answers] == [[503]] * 20
    assert stored_bodies(hub) == []
    assert "Traceback" not in hub.log


def test_hub_stops_in_time_in_the_middle_of_long_work(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.start()
    bodies = [b'{"customer_id": "box-%d", "app_telemetry": [{"app_name": "immich"}]}' % index for index in range(1500)]
    for start in range(0, len(bodies), 100):
        sent = [request_bytes("POST", REPORT, body, key=API_KEY) for body in bodies[start : start + 100]]
        assert talk(hub.port, b"".join(sent), answers=100).statuses == [200] * 100
    assert hub.terminate() < GONE_SECONDS
    assert hub.wait_for_exit() == 0

    hub.start()  # the job that sums up what the apps use begins with all of them
    seconds = hub.terminate()

    assert seconds < GONE_SECONDS / 2
    assert hub.wait_for_exit() == 0
    assert len(stored_bodies(hub)) == len(bodies)
    assert "Traceback" not in hub.log


def test_a_hub_whose_place_others_can_take_says_that_it_leaves_and_takes_reports_until_then(
    new_hub: Callable[..., Hub],
) -> None:
    hub = new_hub(settings={"auth.password_hash": "", "server.drain_time": "1h"})
    hub.start()
    assert (hub.get("/readyz").status, hub.get("/healthz").status) == (200, 200)
    with connections(hub.port, 1, request_bytes("GET", "/livez")) as (idle,):
        assert b"connection: close" not in idle.recv(4096)
        hub.signal_stop()
        if hub.database_url is None:  # nobody could take its place
            assert hub.wait_for_exit() == 0
            return

        hub.wait_until(lambda: hub.get("/readyz").status == 503, "it says so")
        assert (hub.get("/healthz").status, hub.get("/livez").status) == (503, 200)
        report = hub.post(REPORT, b'{"customer_id": "late"}')
        assert (report.status, report.headers["connection"]) == (200, "close")
        idle.sendall(WHOLE)
        assert b"connection: close" in read_to_end(idle)

    hub.signal_stop()  # enough of that
    assert hub.wait_for_exit() == 0
    assert stored_bodies(hub) == [b'{"customer_id": "half"}', b'{"customer_id": "late"}']
    assert "Traceback" not in hub.log
