"""`recovery`: how long the daily check of everybody's recovery takes, and what one check does."""

from datetime import UTC, datetime
from statistics import median

from bench.inside import call
from bench.result import BenchError, Line, Outcome, Run


def run(run: Run) -> Outcome:
    """A fleet of managed customers that have reported and sent a snapshot each, with the file that the hub makes."""
    directory, count, now = run.directory / "fleet", run.plan.fleet, datetime.now(UTC).isoformat()
    run.tell(f"entering {count:,} customers with a snapshot each")
    call(directory, "bench.recovery_inside:enter", count=count, now=now)
    call(directory, "bench.fill:seed_fleet", count=count, now=now)
    run.tell("checking everybody")
    some = min(count, 300)
    found = call(directory, "bench.recovery_inside:measure", rounds=run.plan.rounds, some=some, now=now)
    if found["checked"] != count:
        raise BenchError(f"{found['checked']:,} of {count:,} were checked")
    check, careful = median(found["check_ms"]), median(found["careful_ms"])
    than = f"with the careful reader {careful:.1f} ms"
    lines = [
        Line("one check of a server's recovery", check, "ms", than, check / careful),
        Line(f"the daily round of {count:,} servers, with its rests", found["round_seconds"], "s"),
        Line("its processor time", found["work_seconds"], "s"),
    ]
    return Outcome(lines, found)
