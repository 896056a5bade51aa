"""`herd`: as after a power cut in a district, thousands of controllers report within seconds."""

import resource
import subprocess
import sys
from collections import Counter

import msgspec

from bench.herd_client import DEADLINE_SECONDS, Wave
from bench.measure import REPORTS
from bench.result import BenchError, Line, Outcome, Plan, Run
from bench.servers import KEY, ROOT, Server, fresh_server, plain_environment

_ALL_IN_SECONDS, _P99_MS = 180, 2000
_ANSWERS = {200, 503}


def run(run: Run) -> Outcome:
    """One hub that knows nobody meets the herd a few times; in the end it has every report once."""
    plan = run.plan
    server = fresh_server(run.directory / "hub")
    waves = []
    try:
        server.start()
        for number in range(plan.waves):
            run.tell(f"wave {number + 1} of {plan.waves}")
            waves.append(_wave(server, plan))
            _require_all_in(waves[-1], plan)
        server.stop()
    finally:
        server.close()
    stored = server.count(REPORTS)
    if stored != plan.herd * plan.waves:
        raise BenchError(f"{plan.herd * plan.waves} reports were accepted, but {stored} stored")
    return _outcome(waves, plan)


def _wave(server: Server, plan: Plan) -> Wave:
    command = [sys.executable, "-m", "bench.herd_client", str(server.port), KEY, str(plan.herd), str(plan.herd_seconds)]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=plain_environment(),
            check=True,
            capture_output=True,
            timeout=plan.herd_seconds + DEADLINE_SECONDS + 60,
        )
    except subprocess.CalledProcessError as error:
        raise BenchError(f"the herd failed: {error.stderr[-1000:]!r}") from None
    return msgspec.json.decode(done.stdout, type=Wave)


def _require_all_in(wave: Wave, plan: Plan) -> None:
    if wave.accepted != plan.herd:
        raise BenchError(f"only {wave.accepted} of {plan.herd} controllers were accepted; answers: {wave.statuses}")


def _outcome(waves: list[Wave], plan: Plan) -> Outcome:
    statuses: Counter[int] = Counter()
    for wave in waves:
        statuses.update(wave.statuses)
    other = sum(count for status, count in statuses.items() if status not in _ANSWERS)
    seconds, p99 = max(wave.seconds for wave in waves), max(wave.p99_ms for wave in waves)
    what = f"{plan.herd:,} controllers within {plan.herd_seconds:.0f} s, {plan.waves} times"
    lines = [
        Line(f"{what}: answers 503", statuses[503], "", f"200: {statuses[200]:,}"),
        Line("answers but 200 and 503, or none", other, "", goal="0", is_met=other == 0),
        Line("until all are in, at worst", seconds, "s", goal="< 180 s", is_met=seconds < _ALL_IN_SECONDS),
        Line("p50 of accepted requests, at worst", max(wave.p50_ms for wave in waves), "ms"),
        Line("p99 of accepted requests, at worst", p99, "ms", goal="< 2,000 ms", is_met=p99 < _P99_MS),
        Line("slowest accepted request", max(wave.max_ms for wave in waves), "ms"),
    ]
    details = {
        "waves": [msgspec.to_builtins(wave, str_keys=True) for wave in waves],
        "hub_open_files_limit": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    }
    return Outcome(lines, details)
