"""`python -m bench.peers --healthchecks DIR --uptime-kuma DIR`: the hub beside both, in one run, round by round."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click
import msgspec

from bench.inside import call
from bench.machine import describe, flush_times, stolen_seconds
from bench.peers import healthchecks, uptime_kuma
from bench.peers.hub import HubService
from bench.peers.rounds import best_of, lines_of, middle_of, run_round, take_turns
from bench.peers.service import Service
from bench.reports import make_beats, make_sequence
from bench.result import QUICK, BenchError, Measured, Outcome, Plan, Report, Run
from bench.servers import ROOT
from bench.table import text_table
from bench.wrk import find_wrk, make_sender

Choices = dict[str, Service]  # by setting
_Directory = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--healthchecks", "hc", type=_Directory, help="A checkout of Healthchecks with its packages in .venv.")
@click.option("--uptime-kuma", "kuma", type=_Directory, help="A checkout of Uptime Kuma with its node_modules.")
@click.option("--checks", type=click.IntRange(min=100), default=200, show_default=True, help="How many checks and push monitors there are.")  # fmt: skip  # noqa: E501
@click.option("--quick", is_flag=True, help="Runs small loads, to see that it works: the numbers mean nothing.")
@click.option("--directory", type=_Directory, default=ROOT / "build" / "peers", help="Where the databases are made; PostgreSQL's lies in the system's temporary directory. [default: build/peers]")  # fmt: skip  # noqa: E501
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=ROOT / "build" / "peers.json", help="Where the report is written. [default: build/peers.json]")  # fmt: skip  # noqa: E501
def main(*, hc: Path | None, kuma: Path | None, checks: int, quick: bool, directory: Path, output: Path) -> None:
    """Measure the hub beside Healthchecks and Uptime Kuma, each at its best setting."""
    for given, how in ((hc, healthchecks.HOW), (kuma, uptime_kuma.HOW)):
        if given is None:
            click.echo(f"left out: {how}", err=True)
    if hc is None and kuma is None:
        raise click.UsageError("there is nothing to compare with: give --healthchecks, --uptime-kuma or both")
    try:
        find_wrk()
        report = _measure(hc, kuma, checks, directory, is_quick=quick)
    except BenchError as error:
        raise click.UsageError(str(error)) from None
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    click.echo(text_table(report))
    sys.exit(any(line.is_met is False for line in report.items["peers"].lines))


def _measure(hc: Path | None, kuma: Path | None, checks: int, directory: Path, *, is_quick: bool) -> Report:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    began, clock, stolen = datetime.now(UTC), time.monotonic(), stolen_seconds()
    machine, flush_ms = describe(directory), median(flush_times(directory))
    run = Run(QUICK if is_quick else Plan(), directory, lambda text: click.echo(text, err=True))
    with ExitStack() as stack:
        peers: list[Choices] = []
        if hc is not None:
            peers.append(_healthchecks(hc, directory, checks, stack))
        if kuma is not None:
            peers.append(_uptime_kuma(kuma, directory, checks))
        outcome = _compare(run, peers)
    took = time.monotonic() - clock
    machine["stolen_percent"] = (stolen_seconds() - stolen) / (took * machine["cores"]) * 100
    measured = Measured(took, flush_ms, outcome.lines, outcome.details)
    return Report(began.isoformat(timespec="seconds"), took, is_quick, machine, {"peers": measured})


def _healthchecks(checkout: Path, directory: Path, checks: int, stack: ExitStack) -> Choices:
    healthchecks.require(checkout)
    cluster = stack.enter_context(healthchecks.running_cluster())
    return {
        str(way): healthchecks.Healthchecks(
            checkout.resolve(),
            directory / f"healthchecks-{way.database}",
            way,
            checks,
            cluster if way.database == "PostgreSQL" else None,
        )
        for way in healthchecks.SETTINGS
    }


def _uptime_kuma(checkout: Path, directory: Path, monitors: int) -> Choices:
    uptime_kuma.require(checkout)
    return {
        setting: uptime_kuma.UptimeKuma(checkout.resolve(), directory / "uptime-kuma", setting, monitors)
        for setting in uptime_kuma.SETTINGS
    }


def _compare(run: Run, peers: list[Choices]) -> Outcome:
    """Every setting once, then the best ones and the hub in turn."""
    tried = [dict(_try(run, choices)) for choices in peers]
    best = [choices[best_of(found)] for choices, found in zip(peers, tried, strict=True)]
    hubs = hubs_of(run)
    rounds, left_out = take_turns(list(hubs.values()), best, run.plan, run.tell)
    lines = lines_of(
        {sent: middle_of(hub, rounds[hub.name]) for sent, hub in hubs.items()},
        [middle_of(service, rounds[service.name]) for service in best],
    )
    details = {
        "tried": tried,
        "rounds": {name: [asdict(each) for each in found] for name, found in rounds.items()},
        "left_out": left_out,
    }
    return Outcome(lines, details)


def _try(run: Run, choices: Choices) -> Iterator[tuple[str, float]]:
    """What each setting took a second in one round; one that refuses or loses something is left out, and says so."""
    for setting, service in choices.items():
        run.tell(f"trying {service.name}, {setting}")
        try:
            service.prepare()
            yield setting, run_round(service, run.plan).per_second
        except BenchError as error:
            run.tell(f"left out: {error}")


def hubs_of(run: Run) -> dict[str, HubService]:
    """The hub by what it is sent and how it is set, each with a database of its own."""
    now = datetime.now(UTC)
    seeded = run.directory / "seeded"
    call(seeded, "bench.fill:seed", customers=run.plan.customers, now=now.isoformat())
    hubs: dict[str, HubService] = {}
    for name, make, settings in (("whole reports", make_sequence, (False, True)), ("beats", make_beats, (True,))):
        sequence = make(customers=run.plan.customers, now=now)
        directory = run.directory / name.replace(" ", "-")
        directory.mkdir()
        sender = make_sender(sequence, directory)
        for apart in settings:
            how = f"{name}, with a writer process" if apart else name
            hub = HubService(directory / f"hub-{apart}", seeded / "hub.db", sender, f"felhom-hub, {how}", apart)
            hub.prepare()
            hubs[f"{how}, of {sequence.mean_bytes:,.0f} bytes"] = hub
    return hubs


if __name__ == "__main__":
    main()
