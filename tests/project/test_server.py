"""The serving process: its socket, its jobs while it serves, and that a signal ends an open stream at once."""

import asyncio
import contextlib
import errno
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers.clients import request_bytes
from tests.servers.hub import Hub, running_hub
from tests.servers.own_database import make_database

from felhom_hub.base.writer import Writer
from felhom_hub.project import server as server_module
from felhom_hub.project.server import bind

SECONDS = 60


@pytest.fixture(scope="module")
def hub(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    database_server: None,  # noqa: ARG001 - a PostgreSQL has to run first
) -> Iterator[Hub]:
    """A hub without login, whose live streams are as quick as they can be."""
    constants = {"felhom_hub.fleet.live.QUIET_SECONDS": 0.0}
    options = {"settings": {"auth.password_hash": ""}, "constants": constants}
    database_url = make_database(request.config, "project_server")
    with running_hub(tmp_path_factory.mktemp("hub"), database_url=database_url, **options) as running:
        yield running


@contextlib.contextmanager
def stream(hub: Hub) -> Iterator[socket.socket]:
    """An open page's stream that has begun."""
    with socket.create_connection(("127.0.0.1", hub.port), SECONDS) as connection:
        connection.sendall(request_bytes("GET", "/live"))
        assert read_until(connection, b": still here\n\n").startswith(b"HTTP/1.1 200 OK\r\n")
        yield connection


def read_until(connection: socket.socket, end: bytes) -> bytes:
    received = b""
    while end not in received:
        chunk = connection.recv(4096)
        assert chunk, received
        received += chunk
    return received


def connects(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        return True
    return False


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", ""])
def test_bound_socket_takes_connections_when_it_listens_and_not_before(host: str) -> None:
    with bind(host, 0) as listener:
        port = listener.getsockname()[1]
        before = connects(port)
        listener.listen()

        assert (before, connects(port)) == (False, True)


def test_taken_port_is_refused_and_leaves_no_socket_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use") as raised:
        bind("127.0.0.1", taken.getsockname()[1])

    assert raised.value.errno == errno.EADDRINUSE


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(OSError, match="assign") as raised:
        bind("192.0.2.1", 0)

    assert raised.value.errno == errno.EADDRNOTAVAIL


def test_jobs_run_while_it_serves(hub: Hub) -> None:
    sql = "SELECT name, last_error FROM base_job WHERE succeeded_at IS NOT NULL ORDER BY name"
    deadline = time.monotonic() + SECONDS
    while ("operators.clean_up_sign_ins", "") not in (found := hub.rows(sql)):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)

    assert [error for _, error in found if error] == []


def test_open_page_is_told_of_a_report_after_it_is_stored(hub: Hub) -> None:
    with stream(hub) as page:
        page.settimeout(0.2)
        with pytest.raises(TimeoutError):
            page.recv(1)
        assert hub.post("/api/v1/report", b"{}").status == 400
        with pytest.raises(TimeoutError):
            page.recv(1)
        page.settimeout(SECONDS)
        assert hub.post("/api/v1/report", b'{"customer_id": "landed"}').status == 200
        assert read_until(page, b"\n\n\r\n").endswith(b"event: fleet\ndata: {}\n\n\r\n")
        assert hub.rows("SELECT count(*) FROM reports_report") == [(1,)]


def test_sigterm_ends_open_streams_at_once_and_the_status_is_0(tmp_path: Path) -> None:
    # Were a stream waited for as other requests are, it would hold the hub up for an hour.
    constants = {"felhom_hub.project.server.REQUESTS_SECONDS": 3600}
    with running_hub(tmp_path, settings={"auth.password_hash": ""}, constants=constants) as hub, stream(hub) as page:
        hub.signal_stop()
        while page.recv(4096):
            pass
        assert hub.wait_for_exit(SECONDS) == 0


def test_a_signal_in_the_middle_of_beginning_to_wait_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal comes between any two calls: this one after the look at the event, and before anybody waits for it."""
    monkeypatch.setattr(server_module, "LAST_SECONDS", SECONDS * 60)
    monkeypatch.setattr(server_module, "interrupt_all", lambda: None)

    async def begin_to_wait() -> bool:
        server = server_module.HubServer(Writer())
        server.belong_to(asyncio.get_running_loop())
        loop_of_event = server.stopping._get_loop  # type: ignore[attr-defined]  # what it calls in between

        def signalled() -> asyncio.AbstractEventLoop:
            server.handle_exit(signal.SIGTERM, None)
            loop: asyncio.AbstractEventLoop = loop_of_event()
            return loop

        monkeypatch.setattr(server.stopping, "_get_loop", signalled)
        return await asyncio.wait_for(server.stopping.wait(), SECONDS)

    assert asyncio.run(begin_to_wait())


def test_log_has_no_line_of_uvicorns_own_and_none_for_a_strangers_rubbish(hub: Hub) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", hub.port), SECONDS) as connection:
            connection.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")

    assert "INFO:" not in hub.log
    assert "Invalid HTTP" not in hub.log
