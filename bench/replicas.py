"""`replicas`: the intake of 1, 2 and 4 hubs on one PostgreSQL, and what it costs that they tell each other (NOTIFY)."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from tests.servers import postgresql
from tests.servers.hub import Hub

from bench.measure import REPORTS
from bench.reports import make_sequence
from bench.result import BenchError, Line, Outcome, Run
from bench.servers import KEY
from bench.wrk import CONNECTIONS, Load, Sender, make_sender

_PAUSE = "felhom_hub.base.broadcast.PAUSE_SECONDS"
_NEVER_AGAIN = 1e9  # seconds: after the first news no more are told
_CUSTOMERS = 2000  # a fleet that each hub hears a part of
# As an operator's own server: the tests' does not flush.
_DURABLE = ("max_connections=100", "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=128MB")


@dataclass(frozen=True)
class Contender:
    """So many hubs; `pause_seconds` between two that one tells, None for the hub's own."""

    hubs: int
    pause_seconds: float | None = None


CONTENDERS = {
    "1": Contender(1),
    "2": Contender(2),
    "4": Contender(4),
    "4 that tell nothing": Contender(4, _NEVER_AGAIN),
    "4 that tell of every batch": Contender(4, 0.0),
}


def run(run: Run) -> Outcome:
    """Rounds of all in turn, each on an empty database of one cluster; every hub is sent a part of the sequence."""
    customers = min(_CUSTOMERS, run.plan.customers)
    sender = make_sender(make_sequence(customers=customers, now=datetime.now(UTC)), run.directory)
    rates: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    loads: dict[str, list[Any]] = {name: [] for name in CONTENDERS}
    with _cluster() as cluster:
        for number in range(run.plan.rounds):
            for name, contender in CONTENDERS.items():
                run.tell(f"round {number + 1} of {run.plan.rounds}: {name}")
                round_loads = _one_round(contender, sender, run, cluster)
                rates[name].append(sum(load.per_second for load in round_loads))
                loads[name].append(msgspec.to_builtins(round_loads))
    medians = {name: median(each) for name, each in rates.items()}
    return Outcome(_lines(medians), {"per_second": rates, "loads": loads, "customers": customers})


def _lines(per_second: dict[str, float]) -> list[Line]:
    def line(name: str, than: str) -> Line:
        words = f"durable reports on one PostgreSQL, hubs: {name}"
        ratio = per_second[name] / per_second[than] if than else None
        return Line(words, per_second[name], "1/s", than, ratio)

    quiet, loud = "4 that tell nothing", "4 that tell of every batch"
    return [line("1", ""), line("2", "1"), line("4", "1"), line("4", quiet), line(loud, quiet)]


def _one_round(contender: Contender, sender: Sender, run: Run, cluster: Path) -> list[Load]:
    with ExitStack() as stack:
        url = stack.enter_context(_database(cluster))
        hubs = []
        for number in range(contender.hubs):
            directory = run.directory / f"hub{number}"
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir()
            constants = {} if contender.pause_seconds is None else {_PAUSE: contender.pause_seconds}
            hub = Hub(directory, constants=constants, database_url=url)
            stack.callback(hub.close)
            hub.start()
            hubs.append(hub)
        begin = 0
        rounds = []
        for seconds in (run.plan.warm_seconds, run.plan.seconds):
            rounds.append(_send_to_all(hubs, sender, begin=begin, seconds=seconds))
            begin += max(load.sent for load in rounds[-1])
        _require_all_stored(hubs, rounds)
        return rounds[-1]


def _send_to_all(hubs: list[Hub], sender: Sender, *, begin: int, seconds: int) -> list[Load]:
    """Each hub gets reports that no other gets, at the same time."""
    stride = sender.sequence.capacity // len(hubs)
    with ThreadPoolExecutor(len(hubs)) as threads:
        futures = [
            threads.submit(sender.send, hub.port, key=KEY, first=number * stride + begin, seconds=seconds)
            for number, hub in enumerate(hubs)
        ]
        return [future.result() for future in futures]


def _require_all_stored(hubs: list[Hub], rounds: list[list[Load]]) -> None:
    loads = [load for each in rounds for load in each]
    if any(load.refused or load.broken for load in loads):
        raise BenchError(f"reports were refused; the first hub's log ends with {hubs[0].log[-1500:]!r}")
    answers = sum(load.answers for load in loads)
    ((stored,),) = hubs[0].rows(f'SELECT count(*) FROM "{REPORTS}"')  # noqa: S608 - our own table's name
    if not answers <= stored <= answers + len(loads) * CONNECTIONS:
        raise BenchError(f"{answers} reports were answered with 200, but {stored} are stored")


@contextmanager
def _cluster() -> Iterator[Path]:
    """A PostgreSQL that flushes, in the system's temporary directory: root may not run one elsewhere."""
    try:
        directory = postgresql.make_directory()
    except postgresql.MissingError as error:
        raise BenchError(str(error)) from None
    try:
        with postgresql.running_cluster(directory, besides=_DURABLE):
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _database(cluster: Path) -> Iterator[str]:
    """An empty database, and gone afterwards; what it left to write is written before the next one is measured."""
    with psycopg.connect(postgresql.database_url(cluster, "postgres"), autocommit=True) as server:
        server.execute("CREATE DATABASE bench")
        try:
            yield postgresql.database_url(cluster, "bench")
        finally:
            server.execute(sql.SQL("DROP DATABASE bench WITH (FORCE)"))
            server.execute("CHECKPOINT")
