"""`memory`: what a hub holds after a hundred thousand reports, and how soon a fresh one takes its first."""

import contextlib
import http.client
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.measure import REPORTS, require_all_accepted, require_all_stored, require_capacity
from bench.reports import Sequence, make_sequence
from bench.result import BenchError, Line, Outcome, Run
from bench.servers import KEY, Server, fresh_server
from bench.wrk import Sender, make_sender

_MIB = 2**20
_MOST_MIB, _START_SECONDS = 128, 2.0
_SEND_SECONDS = 1800.0  # a hub that takes longer for all reports is stuck
_POLL_SECONDS = 0.005
_PATIENCE_SECONDS = 60.0


def run(run: Run) -> Outcome:
    """First the memory of one hub, then cold starts on an existing and on an empty directory in turn."""
    plan = run.plan
    sequence = make_sequence(customers=plan.customers, now=datetime.now(UTC))
    sender = make_sender(sequence, run.directory)
    run.tell(f"sending {plan.reports:,} reports")
    server = fresh_server(run.directory / "hub")
    try:
        server.start()
        begin = resident(server.pid)
        sent = _send(server, sender, reports=plan.reports, seconds=plan.seconds)
        end = resident(server.pid)
        server.stop()
    finally:
        server.close()
    require_all_stored(server, before=0, answers=sent["answers"], runs=sent["runs"])
    existing: list[float] = []
    empty: list[float] = []
    for number in range(plan.starts):
        run.tell(f"cold start {number + 1} of {plan.starts}")
        existing.append(_first_accepted(server, sequence, sequence.capacity - 1 - number))
        empty.append(_first_accepted(fresh_server(run.directory / "empty"), sequence, number))
    return _outcome(sent["answers"], begin, end, existing, empty)


def _send(server: Server, sender: Sender, *, reports: int, seconds: int) -> dict[str, int]:
    """At least so many reports were accepted, in runs of `seconds`."""
    answers = runs = first = 0
    began = time.monotonic()
    while answers < reports:
        load = sender.send(server.port, key=KEY, first=first, seconds=seconds)
        require_all_accepted(load, server)
        answers, runs, first = answers + load.answers, runs + 1, first + load.sent
        require_capacity(sender, first)
        if time.monotonic() - began > _SEND_SECONDS:
            raise BenchError(f"the hub took only {answers} reports in {_SEND_SECONDS:.0f} s")
    return {"answers": answers, "runs": runs}


def resident(pid: int) -> dict[str, float]:
    """MiB that the process holds now and held at most."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
    return {name: int(status[name].split()[0]) * 1024 / _MIB for name in ("VmRSS", "VmHWM")}


def _first_accepted(server: Server, sequence: Sequence, number: int) -> float:
    """Seconds from the start of the process to the 200 of the first report."""
    try:
        before = server.count(REPORTS) if server.database.exists() else 0
        began = time.monotonic()
        server.launch()
        while not _is_accepted(server, sequence.body(number)):
            time.sleep(_POLL_SECONDS)
            if time.monotonic() - began > _PATIENCE_SECONDS:
                raise BenchError(f"the hub did not start: {server.log[-1500:]}")
        taken = time.monotonic() - began
        server.stop()
    finally:
        server.close()
    if server.count(REPORTS) != before + 1:
        raise BenchError("the first report was accepted, but not stored")
    return taken


def _is_accepted(server: Server, body: bytes) -> bool:
    """False as long as nobody listens; what is answered has to be 200."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        try:
            connection.connect()
        except ConnectionRefusedError:
            return False
        connection.request("POST", "/api/v1/report", body, {"Authorization": f"Bearer {KEY}"})
        status = connection.getresponse().status
    if status != http.HTTPStatus.OK:
        raise BenchError(f"the first report was answered {status}")
    return True


def _outcome(
    answers: int, begin: dict[str, float], end: dict[str, float], existing: list[float], empty: list[float]
) -> Outcome:
    rss, start, first_start = end["VmRSS"], median(existing), median(empty)
    before, goal = f"before the first {begin['VmRSS']:.1f} MiB", "< 128 MiB, aim 96"
    lines = [
        Line(f"RSS after {answers:,} reports", rss, "MiB", before, rss / begin["VmRSS"], goal, rss < _MOST_MIB),
        Line("most that it ever was", end["VmHWM"], "MiB"),
        Line("cold start to the first accepted report", start, "s", goal="< 2 s", is_met=start < _START_SECONDS),
        Line("the same in an empty directory", first_start, "s"),
    ]
    details = {"begin_mib": begin, "end_mib": end, "existing_seconds": existing, "empty_seconds": empty}
    return Outcome(lines, details)
