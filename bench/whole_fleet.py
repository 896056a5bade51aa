"""`hundred-thousand` and `half-a-core`: a whole fleet at its usual pace for minutes, with the dashboard open.

Every customer reports once in 15 minutes. In `half-a-core` the hub may use half a core, as `limits: cpu: 500m` in
deploy/kubernetes says.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median, quantiles

import msgspec
import psutil

from bench.dashboard import Visitor, with_password
from bench.inside import call
from bench.limits import half_a_core
from bench.measure import REPORTS
from bench.memory import resident
from bench.paced import send_paced
from bench.paced_client import Paced
from bench.reports import INTERVAL, end_of_live
from bench.result import BenchError, Line, Outcome, Run
from bench.servers import Server
from bench.watcher import Watcher

_OK = 200
_MOST_MIB = 256
_SAMPLE_SECONDS = 1.0


@dataclass(frozen=True)
class _Minutes:
    """What was seen: latencies in ms, memory in MiB, and the hub's processor seconds."""

    customers: int
    paced: Paced
    overview_ms: list[float]
    begin_mib: dict[str, float]
    end_mib: dict[str, float]
    rss_mib: list[float]
    cpu_seconds: float

    @property
    def refused(self) -> int:
        """Reports that were not answered with 200."""
        return sum(count for status, count in self.paced.statuses.items() if status != _OK)


def hundred_thousand(run: Run) -> Outcome:
    """The hub without any limit."""
    plan = run.plan
    server = _filled(run, plan.crowd)
    with closing(server):
        server.start()
        seen = _minutes(server, run, plan.crowd, plan.crowd_seconds)
        server.stop()
    _require_all_stored(server, seen)
    most = seen.end_mib["VmHWM"]
    memory = Line("most memory that the hub ever had", most, "MiB", f"before {seen.begin_mib['VmRSS']:.0f} MiB",
                  goal=f"< {_MOST_MIB} MiB", is_met=most < _MOST_MIB)  # fmt: skip
    return Outcome([*_lines(seen), memory], msgspec.to_builtins(seen, str_keys=True))


def within_half_a_core(run: Run) -> Outcome:
    """The hub is started, serves and stops within the limit; the clients are outside."""
    plan = run.plan
    server = _filled(run, plan.half)
    with half_a_core() as limit, closing(server):
        server.prefix = limit.prefix
        server.launch()
        limit.hold(server.pid)
        server.wait_until_healthy()
        seen = _minutes(server, run, plan.half, plan.half_seconds)
        held = limit.held_seconds
        limit.release()
        server.stop()
    _require_all_stored(server, seen)
    memory = Line("most memory that the hub ever had", seen.end_mib["VmHWM"], "MiB")
    details = {"how": limit.how, "held_seconds": held, **msgspec.to_builtins(seen, str_keys=True)}
    return Outcome([*_lines(seen, f", half a core ({limit.how})"), memory], details)


def _filled(run: Run, customers: int) -> Server:
    """A hub whose customers have all reported within the last 15 minutes; not started."""
    run.tell(f"making {customers:,} customers")
    directory = run.directory / "hub"
    call(directory / "data", "bench.fill:seed_until", customers=customers, now=datetime.now(UTC).isoformat())
    return with_password(directory)


def _minutes(server: Server, run: Run, customers: int, seconds: int) -> _Minutes:
    rate = customers / INTERVAL.total_seconds()
    run.tell(f"{rate:.1f} reports a second for {seconds} s, with the overview open")
    begin, cpu = resident(server.pid), server.cpu_seconds
    watcher = Watcher(Visitor(server.port))
    with _sampled(server) as rss:
        watcher.start()
        try:
            # What the customers sent last was made when the database was: the next ones follow at once.
            paced = send_paced(server, customers=customers, now=end_of_live(datetime.now(UTC)), first=customers,
                               rate=rate, seconds=seconds)  # fmt: skip
        finally:
            watcher.stop()
    return _Minutes(customers, paced, watcher.milliseconds, begin, resident(server.pid), rss, server.cpu_seconds - cpu)


@contextmanager
def _sampled(server: Server) -> Iterator[list[float]]:
    """The hub's resident memory in MiB, second by second."""
    taken: list[float] = []
    done = threading.Event()
    process = psutil.Process(server.pid)

    def sample() -> None:
        while not done.wait(_SAMPLE_SECONDS):
            taken.append(process.memory_info().rss / 2**20)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield taken
    finally:
        done.set()
        thread.join()


def _require_all_stored(server: Server, seen: _Minutes) -> None:
    stored, accepted = server.count(REPORTS) - seen.customers, seen.paced.statuses.get(_OK, 0)
    if stored != accepted:
        raise BenchError(f"{accepted} reports were answered with 200, but {stored} stored")


def _lines(seen: _Minutes, how: str = "") -> list[Line]:
    paced, pages = seen.paced, seen.overview_ms
    p99 = quantiles(pages, n=100, method="inclusive")[-1] if len(pages) > 1 else pages[0]
    what = f"{seen.customers:,} customers every 15 minutes for {paced.seconds:.0f} s{how}"
    sent = sum(paced.statuses.values())
    return [
        Line(f"{what}: refused reports", seen.refused, "", f"of {sent:,}", goal="0", is_met=seen.refused == 0),
        Line("p99 of ingest, since it was due", paced.p99_ms, "ms", f"p50 {paced.p50_ms:.1f} ms"),
        Line("slowest report", paced.max_ms, "ms"),
        Line("p99 of the overview", p99, "ms", f"p50 {median(pages):.1f} ms of {len(pages)}"),
        Line("the hub's share of one core", seen.cpu_seconds / paced.seconds * 100, "%"),
    ]
