"""`generate`: how long every customer's file takes in one go, beside a file at a time, on one core."""

import os
from datetime import UTC, datetime

from bench.inside import call
from bench.result import Line, Outcome, Run

_MOST_SECONDS = 20.0


def run(run: Run) -> Outcome:
    """A fleet of managed customers, a third of them with overrides, with the built-in template and one of 150 lines."""
    directory, count = run.directory / "managed", run.plan.fleet
    run.tell(f"entering {count:,} customers")
    call(directory, "bench.generate_inside:enter", count=count, now=datetime.now(UTC).isoformat())
    run.tell("making every file")
    with _one_core():
        found = call(directory, "bench.generate_inside:measure", rounds=run.plan.rounds, alone=min(count, 200))
    lines = [
        Line(
            f"files of {count:,} customers, template of {size} lines",
            seconds,
            "s",
            "a file at a time",
            seconds / found["alone_seconds"] if size == found["sizes"][0] else None,
            f"< {_MOST_SECONDS:.0f} s",
            seconds < _MOST_SECONDS,
        )
        for size, seconds in zip(found["sizes"], found["seconds"], strict=True)
    ]
    return Outcome(lines, found)


class _one_core:  # noqa: N801 - used as a word in a with statement
    """What is started within it has one processor."""

    def __enter__(self) -> None:
        self._usual = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(self._usual)})

    def __exit__(self, *_: object) -> None:
        os.sched_setaffinity(0, self._usual)
