"""Many controllers that report at about the same time, each on a connection of its own, until all are accepted.

`python -m bench.herd_client PORT KEY COUNT SECONDS` prints a `Wave` as JSON. A controller that is told to wait waits;
one that gets no answer backs off. What it sends again is the same report.
"""

import asyncio
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

import msgspec
import uvloop

from bench.reports import Sequence, make_sequence

DEADLINE_SECONDS = 300.0  # the goal is 180
_ANSWER_SECONDS = 30.0
_FIRST_BACKOFF, _LAST_BACKOFF = 1.0, 30.0
_SPARE_FILES = 200
NO_ANSWER = 0


class Wave(msgspec.Struct, frozen=True):
    """What became of one wave; latencies are those of the accepted requests, from connecting to the whole answer."""

    statuses: dict[int, int]  # 0: no answer
    accepted: int
    seconds: float  # until the last one was in
    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass
class Herd:
    """The controllers of one wave."""

    port: int
    key: str
    sequence: Sequence
    began: float = field(default_factory=time.monotonic)
    statuses: "Counter[int]" = field(default_factory=Counter)
    accepted: list[float] = field(default_factory=list)
    last_in: float = 0.0
    idle: list[asyncio.StreamWriter] = field(default_factory=list)

    async def report(self, number: int, delay: float) -> None:
        """The controller's report is accepted, however many times it has to be sent."""
        await asyncio.sleep(delay)
        body = self.sequence.body_now(number, datetime.now(UTC))
        backoff = _FIRST_BACKOFF
        while True:
            status, wait, seconds = await self._send(body)
            self.statuses[status] += 1
            if status == HTTPStatus.OK:
                self.accepted.append(seconds * 1000)
                self.last_in = time.monotonic() - self.began
                return
            if status == NO_ANSWER:
                wait, backoff = backoff, min(backoff * 2, _LAST_BACKOFF)
            await asyncio.sleep(wait + random.random())

    async def _send(self, body: bytes) -> tuple[int, float, float]:
        """Status, seconds to wait before the next try, seconds that this one took."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                status, headers = await self._exchange(body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return NO_ANSWER, 0.0, time.monotonic() - began
        return status, float(headers.get("retry-after", _LAST_BACKOFF)), time.monotonic() - began

    async def _exchange(self, body: bytes) -> tuple[int, dict[str, str]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        status = NO_ANSWER
        try:
            writer.write(self._head(body) + body)
            status_line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            await reader.readexactly(int(headers.get("content-length", "0")))
            status = int(status_line.split(" ")[1])
        finally:
            if status == HTTPStatus.OK:
                self.idle.append(writer)  # a controller that is done leaves it open until the hub closes it
            else:
                writer.close()
        return status, headers

    def _head(self, body: bytes) -> bytes:
        return (
            f"POST /api/v1/report HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()


async def run_wave(port: int, key: str, count: int, seconds: float) -> Wave:
    """The wave is over: all are in, or the deadline has come."""
    herd = Herd(port, key, make_sequence(customers=count, now=datetime.now(UTC)))
    order = random.sample(range(count), count)
    tasks = [asyncio.create_task(herd.report(number, seconds * place / count)) for place, number in enumerate(order)]
    _, late = await asyncio.wait(tasks, timeout=seconds + DEADLINE_SECONDS)
    for task in late:
        task.cancel()
    for task in tasks:
        if task not in late:
            task.result()
    accepted = sorted(herd.accepted) or [0.0]
    return Wave(
        dict(sorted(herd.statuses.items())),
        len(herd.accepted),
        herd.last_in,
        accepted[len(accepted) // 2],
        accepted[len(accepted) * 99 // 100],
        accepted[-1],
    )


def main(port: str, key: str, count: str, seconds: str) -> None:
    """Runs one wave."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = int(count) * 2 + _SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise SystemExit(f"{wanted} files have to be open at once, but {hard} are allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        wave = runner.run(run_wave(int(port), key, int(count), float(seconds)))
    sys.stdout.buffer.write(msgspec.json.encode(wave))


if __name__ == "__main__":
    main(*sys.argv[1:])
