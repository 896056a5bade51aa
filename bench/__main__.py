"""`python -m bench`: runs the items one after the other, prints the table, writes build/bench.json."""

import shutil
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click
import msgspec

from bench import (
    dashboard,
    disk,
    generate,
    herd,
    ingest,
    memory,
    overview,
    prune,
    recovery,
    replicas,
    stored,
    whole_fleet,
)
from bench.machine import describe, flush_times, stolen_seconds
from bench.result import QUICK, BenchError, Measured, Outcome, Plan, Report, Run
from bench.servers import ROOT
from bench.table import text_table, write_docs
from bench.wrk import find_wrk

ITEMS: dict[str, Callable[[Run], Outcome]] = {
    "ingest": ingest.run,
    "ingest-2m": stored.run,
    "overview": overview.run,
    "dashboard": dashboard.run,
    "herd": herd.run,
    "memory": memory.run,
    "disk": disk.run,
    "prune": prune.run,
    "generate": generate.run,
    "recovery": recovery.run,
    "replicas": replicas.run,
    "hundred-thousand": whole_fleet.hundred_thousand,
    "half-a-core": whole_fleet.within_half_a_core,
}
_DOCUMENT = ROOT / "docs" / "performance.md"


@click.command()
@click.option("--only", "names", multiple=True, type=click.Choice(list(ITEMS)), help="Runs this item; may be repeated.")
@click.option("--quick", is_flag=True, help="Runs small loads, to see that it works: the numbers mean nothing.")
@click.option("--seconds", type=click.IntRange(min=1), help="For how long the items of a whole fleet run. [default: 600 and 180]")  # fmt: skip  # noqa: E501
@click.option("--directory", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "build" / "bench", help="Where the databases are made: the disk that is measured. [default: build/bench]")  # fmt: skip  # noqa: E501
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=ROOT / "build" / "bench.json", help="Where the report is written. [default: build/bench.json]")  # fmt: skip  # noqa: E501
@click.option("--write-docs", is_flag=True, help="Measures nothing: puts the report's table into docs/performance.md.")
def main(
    *, names: tuple[str, ...], quick: bool, seconds: int | None, directory: Path, output: Path, write_docs: bool
) -> None:
    """Measure the hub on this machine, which should have nothing else to do."""
    try:
        if write_docs:
            put_into_docs(output)
            return
        find_wrk()
        report = measure(names or tuple(ITEMS), _plan(quick=quick, seconds=seconds), directory)
    except BenchError as error:
        raise click.UsageError(str(error)) from None
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    click.echo(text_table(report))
    if any(item.error for item in report.items.values()):
        sys.exit(1)


def _plan(*, quick: bool, seconds: int | None) -> Plan:
    plan = QUICK if quick else Plan()
    return plan if seconds is None else replace(plan, crowd_seconds=seconds, half_seconds=seconds)


def put_into_docs(output: Path) -> None:
    """docs/performance.md shows the report that was written last."""
    try:
        report = msgspec.json.decode(output.read_bytes(), type=Report)
    except FileNotFoundError:
        raise BenchError(f"{output} is not there; `make bench` writes it") from None
    write_docs(report, _DOCUMENT)


def measure(names: tuple[str, ...], plan: Plan, directory: Path) -> Report:
    """What the items have measured; one that fails leaves its directory to be looked at, and the others run."""
    directory.mkdir(parents=True, exist_ok=True)
    began, clock, stolen = datetime.now(UTC), time.monotonic(), stolen_seconds()
    machine = describe(directory)
    items = {name: _measure_item(name, plan, directory / name) for name in names}
    took = time.monotonic() - clock
    machine["stolen_percent"] = (stolen_seconds() - stolen) / (took * machine["cores"]) * 100
    return Report(began.isoformat(timespec="seconds"), took, plan.customers == QUICK.customers, machine, items)


def _measure_item(name: str, plan: Plan, directory: Path) -> Measured:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    began, flush_ms = time.monotonic(), median(flush_times(directory))

    def tell(text: str) -> None:
        click.echo(f"{name}: {text}", err=True)

    try:
        outcome = ITEMS[name](Run(plan, directory, tell))
    except Exception as error:  # noqa: BLE001 - whatever it is, the other items still run
        traceback.print_exc()
        return Measured(time.monotonic() - began, flush_ms, [], {}, f"{type(error).__name__}: {error}")
    shutil.rmtree(directory)
    return Measured(time.monotonic() - began, flush_ms, outcome.lines, outcome.details)


if __name__ == "__main__":
    main()
