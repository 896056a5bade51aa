"""`ingest`: durable intake of reports, against an ordinary Django view and against the server's own echo."""

from datetime import UTC, datetime

from bench.inside import call
from bench.measure import (
    REPORTS,
    Round,
    medians,
    require_all_stored,
    require_capacity,
    run_round,
)
from bench.reports import make_sequence
from bench.result import BenchError, Line, Outcome, Run
from bench.servers import BASELINE, ECHO, HUB, Server, fresh_server
from bench.wrk import CONNECTIONS, Sender, make_sender

CONTENDERS = {"hub": HUB, "django": BASELINE, "echo": ECHO}
_COLUMNS = (
    "r.reported_at, r.position_at, r.digest, r.health, r.cpu_percent, r.memory_percent, r.disk_percent, "
    "r.temperature_celsius, r.controller_version, r.body"
)
_FIRST_STORED = (
    f"SELECT c.customer_id, {_COLUMNS} FROM {REPORTS} r JOIN customers_customer c ON c.id = r.customer_id "  # noqa: S608 - no values in it
    "ORDER BY r.id LIMIT {count} OFFSET {behind}"
)
_COMPARED = 1000


def run(run: Run) -> Outcome:
    """Rounds of all three in turn, each on a fresh copy of the same database."""
    plan, now = run.plan, datetime.now(UTC)
    sequence = make_sequence(customers=plan.customers, now=now)
    sender = make_sender(sequence, run.directory)
    seeded = run.directory / "seeded"
    call(seeded, "bench.fill:seed", customers=plan.customers, now=now.isoformat())
    rounds: dict[str, list[Round]] = {name: [] for name in CONTENDERS}
    stored: dict[str, Server] = {}
    for number in range(plan.rounds):
        for name, program in CONTENDERS.items():
            run.tell(f"round {number + 1} of {plan.rounds}: {name}")
            server = fresh_server(run.directory / name, program, database=seeded / "hub.db")
            rounds[name].append(_one_round(server, sender, run))
            stored[name] = server
        _require_same(stored["hub"], stored["django"], behind=plan.customers)
    run.tell("what is done of a report after its answer")
    later = call(stored["hub"].data_dir, "bench.ingest_inside:read_apps_later")
    return _outcome(rounds, sender, later)


def _one_round(server: Server, sender: Sender, run: Run) -> Round:
    customers = sender.sequence.customers
    try:
        server.start()
        measured = run_round(server, sender, run.plan, first=customers)
        server.stop()
    finally:
        server.close()
    if server.program != ECHO:
        require_all_stored(server, before=customers, answers=measured.answers, runs=2)
        require_capacity(sender, measured.behind)
    return measured


def _require_same(hub: Server, django: Server, *, behind: int) -> None:
    """What both have stored of the same reports is the same, column by column."""
    rows = [
        {row[:2]: row for row in server.rows(_FIRST_STORED.format(count=_COMPARED, behind=behind))}
        for server in (hub, django)
    ]
    common = rows[0].keys() & rows[1].keys()
    if not common:
        raise BenchError("hub and Django view have no report in common")
    for key in common:
        if rows[0][key] != rows[1][key]:
            raise BenchError(f"of the report {key} the hub stored {rows[0][key]}, the Django view {rows[1][key]}")


def _outcome(rounds: dict[str, list[Round]], sender: Sender, later: dict[str, float]) -> Outcome:
    middle = {name: medians(each) for name, each in rounds.items()}
    hub, rate = middle["hub"], {name: each["per_second"] for name, each in middle.items()}
    to_django, to_echo = rate["hub"] / rate["django"], rate["hub"] / rate["echo"]
    what = f"durable ingest, {CONNECTIONS} connections"
    lines = [
        Line(
            what, rate["hub"], "reports/s", f"Django view {rate['django']:,.0f}/s", to_django, "≥ 12 ×", to_django >= 12
        ),
        Line(
            what, rate["hub"], "reports/s", f"echo {rate['echo']:,.0f}/s", to_echo, "≥ 0.12 ×, aim 0.2", to_echo >= 0.12
        ),
        Line("its p50", hub["p50_ms"], "ms"),
        Line("its p99", hub["p99_ms"], "ms", goal="< 60 ms", is_met=hub["p99_ms"] < 60),
        Line("its processor time a report", hub["cpu_us"], "µs", f"echo {middle['echo']['cpu_us']:,.0f} µs"),
        Line("its apps, read after the answer", later["us"], "µs"),
    ]
    details = {
        "body_bytes": sender.sequence.mean_bytes,
        "customers": sender.sequence.customers,
        "medians": middle,
        "later": later,
        "rounds": {name: [one.to_dict() for one in each] for name, each in rounds.items()},
    }
    return Outcome(lines, details)
