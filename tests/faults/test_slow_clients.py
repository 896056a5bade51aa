"""Slow clients by the hundred: the hub ends them in time, honest ones hardly notice, and live streams go on."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.servers.clients import answers_in, request_bytes
from tests.servers.hub import API_KEY, Hub

REPORT = "/api/v1/report"
WHOLE = request_bytes("POST", REPORT, b'{"customer_id": "honest"}', key=API_KEY)
LONG = request_bytes("POST", REPORT, b" " * 50_000, key=API_KEY)
PAUSE = 0.15  # between two bytes
# An answer of 4 MB, several of which are more than the kernel takes for a client that does not read.
PADDING = "x" * 4_000_000
ASKING = request_bytes("GET", "/api/v1/customers/slow", key=API_KEY)

# The hub waits that long at least for a slow client, and so would an honest one that had to wait for it.
LEAST_PATIENCE = 2

_GUARD = "felhom_hub.base.guard"
SHORTENED = {
    f"{_GUARD}.HEADER_SECONDS": LEAST_PATIENCE,
    f"{_GUARD}.BODY_SECONDS": 3,
    f"{_GUARD}.STALL_SECONDS": 3,
    f"{_GUARD}.LINGER_SECONDS": LEAST_PATIENCE,
    "felhom_hub.fleet.live.HEARTBEAT_SECONDS": 1,
}


@dataclass
class Crowd:
    """The slow clients, their ports, and what they heard before they were ended."""

    hub: Hub
    sockets: list[socket.socket] = field(default_factory=list)
    heard: dict[int, bytes] = field(default_factory=dict)

    def connect(self) -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", self.hub.port))
        connection.setblocking(False)
        self.sockets.append(connection)
        return connection

    def still_connected(self) -> int:
        mine = {connection.getsockname()[1] for connection in self.sockets}
        return len(mine & self.hub.connected_ports)

    async def drip(self, at_once: bytes, slowly: bytes) -> None:
        """Sends the second part byte by byte, for as long as the hub takes it, and keeps what it answers."""
        loop, connection = asyncio.get_running_loop(), self.connect()
        port = connection.getsockname()[1]
        with contextlib.suppress(ConnectionError):
            await loop.sock_sendall(connection, at_once)
            for byte in slowly:
                await asyncio.sleep(PAUSE)
                await loop.sock_sendall(connection, bytes([byte]))
                with contextlib.suppress(BlockingIOError):
                    self.heard[port] = self.heard.get(port, b"") + connection.recv(4096)

    async def sip(self, request: bytes) -> None:
        """Reads the answer byte by byte."""
        loop, connection = asyncio.get_running_loop(), self.connect()
        with contextlib.suppress(ConnectionError):
            await loop.sock_sendall(connection, request)
            for _ in range(len(PADDING)):
                await loop.sock_recv(connection, 1)
                await asyncio.sleep(PAUSE)


async def honest_seconds(hub: Hub, until: asyncio.Event) -> list[float]:
    """How long each report took of a client that sends one after the other until the event."""
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
    took = []
    while not until.is_set():
        began = time.monotonic()
        writer.write(WHOLE)
        assert (await reader.readuntil(b'{"ok":true}')).startswith(b"HTTP/1.1 200")
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.01)
    writer.close()
    return sorted(took)


async def live_bytes(hub: Hub, until: asyncio.Event) -> int:
    """How much a live stream brought until the event; fails when it ended before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
    writer.write(request_bytes("GET", "/live"))
    received = 0
    while not until.is_set():
        chunk = await reader.read(4096)
        assert chunk, "the live stream was ended"
        received += len(chunk)
    writer.close()
    return received


async def torment(hub: Hub, each: int, *, within: float) -> tuple[Crowd, list[float], list[int]]:
    """`each` slow clients of every kind until the hub has ended them all; what the honest ones saw meanwhile."""
    crowd, all_ended = Crowd(hub), asyncio.Event()
    kinds: list[Callable[[], Coroutine[Any, Any, None]]] = [
        lambda: crowd.drip(b"", WHOLE),
        lambda: crowd.drip(LONG[:-50_000], LONG[-50_000:]),
        lambda: crowd.sip(ASKING * 3),
    ]
    async with asyncio.timeout(within + 30):
        slow = [asyncio.create_task(kind()) for kind in kinds for _ in range(each)]
        live = [asyncio.create_task(live_bytes(hub, all_ended)) for _ in range(3)]
        honest = asyncio.create_task(honest_seconds(hub, all_ended))
        deadline = time.monotonic() + within
        while len(crowd.sockets) < len(slow) or crowd.still_connected():
            assert time.monotonic() < deadline, f"{crowd.still_connected()} slow clients are still connected"
            await asyncio.sleep(0.2)
        all_ended.set()
        took, streamed = await honest, await asyncio.gather(*live)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
    for connection in crowd.sockets:
        connection.close()
    return crowd, took, streamed


def test_hub_takes_more_connections_than_a_process_may_have_at_first(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub(prefix=("prlimit", "--nofile=128:4096"))
    hub.start()
    with contextlib.ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(socket.create_connection(("127.0.0.1", hub.port), 30))

        assert hub.post(REPORT, b'{"customer_id": "honest"}').status == 200
        assert hub.open_files > 300


@pytest.mark.parametrize(
    ("each", "constants", "within", "most"),
    # The long form is the promise itself: 300 slow clients, the hub's own deadlines, and a second for honest ones.
    [(13, SHORTENED, 20, LEAST_PATIENCE), pytest.param(100, {}, 35, 1.0, marks=pytest.mark.long)],
)
def test_slow_clients_are_ended_and_honest_ones_do_not_wait_for_them(
    new_hub: Callable[..., Hub],
    each: int,
    constants: dict[str, float],
    within: float,
    most: float,
) -> None:
    hub = new_hub(constants=constants, settings={"auth.password_hash": ""})
    hub.start()
    assert hub.post(REPORT, json.dumps({"customer_id": "slow", "padding": PADDING}).encode()).status == 200

    hub.reset_peak()
    before = hub.rss_bytes

    crowd, took, streamed = asyncio.run(torment(hub, each, within=within))

    p99 = took[len(took) * 99 // 100]
    assert len(took) > 50
    assert p99 < most
    assert all(streamed)
    heard = [answer.status for received in crowd.heard.values() for answer in answers_in(received)]
    assert heard == [408] * each
    assert hub.peak_rss_bytes - before < 300 * 1024 * 1024
    assert "Traceback" not in hub.log
