"""`prune`: how long the intake is held up while what is older than `retention.max_days` is deleted."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from bench.inside import call
from bench.measure import REPORTS
from bench.paced import send_paced
from bench.paced_client import Paced
from bench.result import BenchError, Line, Outcome, Run
from bench.servers import Server, fresh_server
from bench.wrk import CONNECTIONS

_JOB = "fleet.remove_what_is_old"
_KEPT = timedelta(days=7)
_TABLES = {"reports": (REPORTS, "position_at"), "events": ("events_event", "created_at")}
_MOST_MS = 100.0
_ALONE_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
# The job comes to its turn after others of its lane: the sums of apps may take longer than a round.
_TRIES = 4


@dataclass(frozen=True)
class _Side:
    """One stretch of load; `removed` rows went meanwhile, within `seconds` of the job, and `left` stayed."""

    paced: Paced
    removed: int
    left: int
    seconds: float


def run(run: Run) -> Outcome:
    """Rounds without and with the deletion in turn, on a database with old reports and on one with old events."""
    plan, now = run.plan, datetime.now(UTC)
    found: dict[str, dict[str, Any]] = {}
    seeded = run.directory / "seeded"
    call(seeded, "bench.fill:seed", customers=plan.customers, now=now.isoformat())
    for kind in _TABLES:
        run.tell(f"storing {plan.old:,} old {kind}")
        filled = _fill(run, kind, now, seeded / "hub.db")
        sides: dict[str, list[_Side]] = {"without": [], "with": []}
        for number in range(plan.rounds):
            server, first = _fresh(run, filled, now), plan.customers
            # Whoever comes first has the colder cache: they change places.
            for name in ("without", "with") if number % 2 == 0 else ("with", "without"):
                run.tell(f"{kind}, round {number + 1} of {plan.rounds}: {name} deletion")
                for _ in range(_TRIES):
                    side = _side(server, run, kind, now=now, first=first, prunes=name == "with")
                    first = side.paced.behind
                    if name == "without" or side.removed:
                        break
                    run.tell("the job did not come to its turn: once more")
                else:
                    raise BenchError(f"the job did not come to its turn in {_TRIES} rounds")
                sides[name].append(side)
        run.tell(f"{kind}: transactions of the deletion alone")
        found[kind] = {**sides, "alone": _alone(run, kind, now, filled)}
    return _outcome(run, found)


def _fill(run: Run, kind: str, now: datetime, seeded: Path) -> Path:
    """A database with a report of everybody from today, and old rows of the kind."""
    plan, at, directory = run.plan, now.isoformat(), run.directory / f"old-{kind}"
    directory.mkdir()
    shutil.copyfile(seeded, directory / "hub.db")
    if kind == "reports":
        call(directory, "bench.fill:store_past", reports=plan.old, now=at)
    else:
        days = {"since_days": 90, "until_days": _KEPT.days + 1}
        call(directory, "bench.prune_inside:store_old_events", events=plan.old, now=at, **days)
    return directory / "hub.db"


def _fresh(run: Run, filled: Path, now: datetime) -> Server:
    """A hub on a copy of the database, not started, which deletes nothing by itself while this runs."""
    server = fresh_server(run.directory / "hub", database=filled)
    server.settings = {
        "retention.max_days": _KEPT.days,
        "retention.prune_schedule": f"{now + timedelta(hours=12):%H:%M}",
        "server.time_zone": "UTC",
    }
    return server


def _alone(run: Run, kind: str, now: datetime, filled: Path) -> dict[str, float]:
    before, seconds = (now - _KEPT).isoformat(), min(_ALONE_SECONDS, run.plan.prune_seconds)
    alone: dict[str, float] = call(
        filled.parent, "bench.prune_inside:time_transactions", kind=kind, before=before, seconds=seconds
    )
    return alone


def _side(server: Server, run: Run, kind: str, *, now: datetime, first: int, prunes: bool) -> _Side:
    """The hub has run, and answered every report 200."""
    plan = run.plan
    try:
        server.start()
        _wait_for_job(server, "TRUE")  # a fresh hub comes to its row after the other jobs of its lane
        warm = _send(server, run, now=now, first=first, seconds=plan.warm_seconds)
        before = _old_rows(server, kind, now)
        ask = partial(_ask_job, server) if prunes else None
        paced = _send(server, run, now=now, first=warm.behind, seconds=plan.prune_seconds, when_begun=ask)
        after, seconds = _old_rows(server, kind, now), _job_seconds(server) if prunes else 0.0
        server.stop()
    finally:
        server.close()
    _rest_job(server)
    if not prunes and before != after:
        raise BenchError(f"of {before} old {kind} {after} were left after a round without deletion")
    return _Side(paced, before - after, after, seconds)


def _job_seconds(server: Server) -> float:
    """For how long the job has run."""
    (row,) = server.rows(f"SELECT lease_until, started_at, duration_ms FROM base_job WHERE name = '{_JOB}'")  # noqa: S608 - a name of ours
    lease_until, started_at, duration_ms = row
    return float(duration_ms) / 1000 if lease_until is None else time.time() - started_at / 1000


def _send(
    server: Server, run: Run, *, now: datetime, first: int, seconds: int, when_begun: Callable[[], None] | None = None
) -> Paced:
    plan = run.plan
    paced = send_paced(
        server,
        customers=plan.customers,
        now=now,
        first=first,
        rate=plan.prune_rate,
        seconds=seconds,
        when_begun=when_begun,
    )
    if set(paced.statuses) != {200}:
        raise BenchError(f"not all reports were accepted: {paced.statuses}")
    return paced


def _ask_job(server: Server) -> None:
    """The job runs, as after "run now" on the dashboard, which moves its next time."""
    server.execute(f"UPDATE base_job SET next_at = 0 WHERE name = '{_JOB}'")  # noqa: S608 - a name of ours
    _wait_for_job(server, "started_at IS NOT NULL")


def _wait_for_job(server: Server, condition: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not server.rows(f"SELECT 1 FROM base_job WHERE name = '{_JOB}' AND {condition}"):  # noqa: S608 - names of ours
        if time.monotonic() > until:
            raise BenchError(f"the job that deletes does not run: {condition}")
        time.sleep(0.02)


def _rest_job(server: Server) -> None:
    """The job, which a stopping hub has put down in the middle, is not due again by itself."""
    in_an_hour = int((time.time() + 3600) * 1000)
    server.execute(
        f"UPDATE base_job SET next_at = {in_an_hour}, started_at = NULL, lease_until = NULL WHERE name = '{_JOB}'"  # noqa: S608 - names of ours
    )


def _old_rows(server: Server, kind: str, now: datetime) -> int:
    table, column = _TABLES[kind]
    edge = int((now - _KEPT).timestamp() * 1000)
    (count,) = server.rows(f"SELECT count(*) FROM {table} WHERE {column} < {edge}")[0]  # noqa: S608 - names of ours
    return int(count)


def _outcome(run: Run, found: dict[str, dict[str, Any]]) -> Outcome:
    lines = [line for kind, each in found.items() for line in _lines(run, kind, each)]
    return Outcome(lines, msgspec.to_builtins(found, str_keys=True))


def _lines(run: Run, kind: str, each: dict[str, Any]) -> list[Line]:
    longest, p99 = (
        {side: choose(getattr(one.paced, name) for one in each[side]) for side in ("without", "with")}
        for name, choose in (("max_ms", max), ("p99_ms", median))
    )
    what = f"{CONNECTIONS} connections, {run.plan.prune_rate} reports/s"
    rate = sum(one.removed for one in each["with"]) / sum(one.seconds for one in each["with"])
    alone = each["alone"]
    held_up = longest["with"] - longest["without"]
    return [
        Line(
            f"longest answer while old {kind} are deleted, {what}",
            longest["with"],
            "ms",
            f"without {longest['without']:.1f} ms",
            longest["with"] / longest["without"],
            "≤ 100 ms longer",
            held_up <= _MOST_MS,
        ),
        Line("its p99", p99["with"], "ms", f"without {p99['without']:.1f} ms", p99["with"] / p99["without"]),
        Line(f"{kind} deleted meanwhile", rate, "rows/s"),
        Line(
            "longest transaction of it, with nobody beside",
            alone["longest_ms"],
            "ms",
            f"at most {alone['most_rows']:,} rows",
            goal="≤ 2,000 rows",
            is_met=alone["most_rows"] <= 2000,
        ),
    ]
