"""`ingest-2m`: the intake with two million reports stored, against the same with next to none."""

import shutil
from datetime import UTC, datetime

from bench.inside import call
from bench.measure import REPORTS, Round, medians, require_all_stored, require_capacity, run_round
from bench.reports import make_sequence
from bench.result import Line, Outcome, Run
from bench.servers import Server, fresh_server
from bench.wrk import CONNECTIONS, Sender, make_sender

_GOAL = 0.8


def run(run: Run) -> Outcome:
    """Rounds of both in turn; the empty database is a fresh copy each time, the full one goes on where it stopped."""
    plan, now = run.plan, datetime.now(UTC)
    sequence = make_sequence(customers=plan.customers, now=now)
    sender = make_sender(sequence, run.directory)
    seeded, full = run.directory / "seeded", Server(run.directory / "full")
    call(seeded, "bench.fill:seed", customers=plan.customers, now=now.isoformat())
    full.data_dir.mkdir(parents=True)
    shutil.copyfile(seeded / "hub.db", full.database)
    run.tell(f"storing {plan.stored:,} reports")
    stored = call(full.data_dir, "bench.fill:store_past", reports=plan.stored, now=now.isoformat())
    file_bytes = full.database.stat().st_size
    empties: list[Round] = []
    fulls: list[Round] = []
    first = plan.customers
    for number in range(plan.rounds):
        run.tell(f"round {number + 1} of {plan.rounds}")
        empty = fresh_server(run.directory / "empty", database=seeded / "hub.db")
        empties.append(_one_round(empty, sender, run, first=plan.customers))
        fulls.append(_one_round(full, sender, run, first=first))
        first = fulls[-1].behind
    return _outcome(empties, fulls, stored=stored, file_bytes=file_bytes)


def _one_round(server: Server, sender: Sender, run: Run, *, first: int) -> Round:
    before = server.count(REPORTS)
    try:
        server.start()
        measured = run_round(server, sender, run.plan, first=first)
        server.stop()
    finally:
        server.close()
    require_all_stored(server, before=before, answers=measured.answers, runs=2)
    require_capacity(sender, measured.behind)
    return measured


def _outcome(empties: list[Round], fulls: list[Round], *, stored: int, file_bytes: int) -> Outcome:
    empty, full = medians(empties), medians(fulls)
    ratio = full["per_second"] / empty["per_second"]
    what = f"durable ingest, {CONNECTIONS} connections, {stored:,} reports stored"
    than = f"empty database {empty['per_second']:,.0f}/s"
    lines = [
        Line(what, full["per_second"], "reports/s", than, ratio, "≥ 0.8 ×", ratio >= _GOAL),
        Line("its p99", full["p99_ms"], "ms", f"empty database {empty['p99_ms']:.1f} ms"),
    ]
    details = {
        "stored": stored,
        "file_bytes": file_bytes,
        "medians": {"empty": empty, "full": full},
        "rounds": {"empty": [each.to_dict() for each in empties], "full": [each.to_dict() for each in fulls]},
    }
    return Outcome(lines, details)
