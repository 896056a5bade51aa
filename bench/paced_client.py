"""Reports at a fixed rate over connections that are kept, as a fleet sends them: however long the hub takes to answer.

`python -m bench.paced_client PORT KEY CUSTOMERS NOW FIRST RATE SECONDS` prints a line when
it begins and a `Paced` as JSON when it is over. A latency counts from the moment at which the report was due, so that
those that had to wait for a held up one count as held up too.
"""

import asyncio
import gc
import sys
import time
from collections import Counter
from datetime import datetime

import msgspec
import uvloop

from bench.reports import Sequence, make_sequence
from bench.wrk import CONNECTIONS


class Paced(msgspec.Struct, frozen=True):
    """What one run has seen; the numbers from `first` to before `behind` were sent."""

    statuses: dict[int, int]
    behind: int
    seconds: float
    p50_ms: float
    p99_ms: float
    max_ms: float


async def run_paced(  # noqa: PLR0917 - what one command line says
    port: int, key: str, sequence: Sequence, first: int, rate: float, seconds: int
) -> Paced:
    """The reports that were due within so many seconds are answered."""
    statuses: Counter[int] = Counter()
    latencies: list[float] = []
    count, begin = int(rate * seconds), time.perf_counter() + 0.1

    async def send(connection: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(connection, count, CONNECTIONS):
            body = sequence.body(first + number)
            due = begin + number / rate
            await asyncio.sleep(due - time.perf_counter())
            writer.write(_head(key, body) + body)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            latencies.append((time.perf_counter() - due) * 1000)
            statuses[int(head.split(b" ", 2)[1])] += 1
        writer.close()

    await asyncio.gather(*(send(connection) for connection in range(min(CONNECTIONS, count))))
    took = time.perf_counter() - begin
    latencies.sort()
    p50, p99 = (latencies[len(latencies) * percent // 100] for percent in (50, 99))
    return Paced(dict(statuses), first + count, took, p50, p99, latencies[-1])


def _head(key: str, body: bytes) -> bytes:
    return (
        f"POST /api/v1/report HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n")[1:])
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def main(arguments: list[str]) -> None:
    """Runs once."""
    port, key, customers, now, first, rate, seconds = arguments
    sequence = make_sequence(customers=int(customers), now=datetime.fromisoformat(now))
    gc.freeze()
    gc.disable()  # a pause of this process would be taken for one of the hub
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        paced = runner.run(run_paced(int(port), key, sequence, int(first), float(rate), int(seconds)))
    sys.stdout.buffer.write(msgspec.json.encode(paced))


if __name__ == "__main__":
    main(sys.argv[1:])
