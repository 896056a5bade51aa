"""`overview`: what the fleet's pages read and how long they take, and that stored reports do not count."""

import http.client
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from bench.inside import call
from bench.result import BenchError, Line, Outcome, Run
from bench.servers import KEY, Server

Times = dict[str, list[float]]  # milliseconds, by what was read
_PATHS = {"http page": "/", "http api page": "/api/v1/customers?limit=100"}
_MANY, _FEW = "many", "few"
# The machine itself may be half as fast for some seconds: both databases are to meet that alike.
_TURNS = 5
_INDEPENDENT = 1.25  # the measurement's own noise left in


def run(run: Run) -> Outcome:
    """Rounds over two databases in turn, whose fleets are the same and whose pasts are not."""
    plan, now = run.plan, datetime.now(UTC)
    places = {name: run.directory / name / "data" for name in (_FEW, _MANY)}
    run.tell(f"making a fleet of {plan.fleet:,}")
    call(places[_FEW], "bench.fill:seed_fleet", count=plan.fleet, now=now.isoformat())
    places[_MANY].mkdir(parents=True)
    shutil.copyfile(places[_FEW] / "hub.db", places[_MANY] / "hub.db")
    run.tell(f"storing {plan.fleet_stored:,} reports more")
    call(places[_MANY], "bench.fill:store_past", reports=plan.fleet_stored, now=now.isoformat())
    taken: dict[str, Times] = {_FEW: {}, _MANY: {}}
    for number in range(plan.rounds):
        run.tell(f"round {number + 1} of {plan.rounds}")
        for name in [_FEW, _MANY] * _TURNS:
            repetitions = max(1, plan.repetitions // _TURNS)
            _add(taken[name], call(places[name], "bench.overview_inside:time_reads", repetitions=repetitions))
        for name, place in places.items():
            _add(taken[name], _over_http(place.parent, plan.repetitions))
    stored = {name: call(place, "bench.overview_inside:count_reports") for name, place in places.items()}
    return _outcome(taken, stored, plan.fleet)


def _add(taken: Times, times: Times) -> None:
    for what, each in times.items():
        taken.setdefault(what, []).extend(each)


def _over_http(directory: Path, repetitions: int) -> Times:
    # Without a password everybody on this machine is the operator.
    server = Server(directory, settings={"auth.password_hash": ""})
    try:
        server.start()
        times = {what: list(_answer_times(server.port, path, repetitions)) for what, path in _PATHS.items()}
        server.stop()
    finally:
        server.close()
    return times


def _answer_times(port: int, path: str, repetitions: int) -> Iterator[float]:
    """Milliseconds until each answer was there, whole, on one connection; BenchError where it is not 200."""
    headers = {"Authorization": f"Bearer {KEY}"} if path.startswith("/api/") else {}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for number in range(repetitions + 1):
            began = time.perf_counter()
            connection.request("GET", path, headers={**headers, "Accept-Encoding": "gzip"})
            response = connection.getresponse()
            response.read()
            if response.status != http.HTTPStatus.OK:
                raise BenchError(f"GET {path} was answered {response.status}")
            if number:  # the first one meets code that was never run
                yield (time.perf_counter() - began) * 1000


def _outcome(taken: dict[str, Times], stored: dict[str, int], fleet: int) -> Outcome:
    middle = {name: {what: median(each) for what, each in times.items()} for name, times in taken.items()}
    p95 = {
        name: {what: quantiles(each, n=20, method="inclusive")[-1] for what, each in times.items()}
        for name, times in taken.items()
    }
    many, few = middle[_MANY], middle[_FEW]

    def line(what: str, name: str, below: float | None = None) -> Line:
        ratio = many[name] / few[name]
        return Line(
            what,
            many[name],
            "ms",
            f"with {stored[_FEW]:,} stored {few[name]:.2f} ms",
            ratio,
            "" if below is None else f"< {below:.0f} ms, about 1 ×",
            None if below is None else many[name] < below and ratio < _INDEPENDENT,
        )

    def p95_line(name: str) -> Line:
        return Line("its p95", p95[_MANY][name], "ms", f"with {stored[_FEW]:,} stored {p95[_FEW][name]:.2f} ms")

    lines = [
        line(f"overview's data of {fleet:,} customers, {stored[_MANY]:,} reports stored", "overview", 100),
        p95_line("overview"),
        line("a page of 100 of them", "page", 5),
        p95_line("page"),
        line("every customer's whole summary", "summaries"),
        line("the overview as a page over HTTP", "http page"),
        p95_line("http page"),
        line("a page of 100 from the API over HTTP", "http api page"),
        p95_line("http api page"),
    ]
    return Outcome(lines, {"stored": stored, "p50_ms": middle, "p95_ms": p95})
