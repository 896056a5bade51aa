"""`felhom-controller fleet`: a simulated fleet against a hub."""

import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from felhom_controller.blueprint import build_fleet
from felhom_controller.boxes import FleetBoxes
from felhom_controller.cli.options import Duration, HubUrl, Interval, ListenAddress, read_key
from felhom_controller.cli.signals import StopSignal
from felhom_controller.durations import duration_of
from felhom_controller.fleet import Fleet, FleetPlan, Tally
from felhom_controller.server import ControllerServer
from felhom_controller.state import StateDirectory

_MAX_COUNT = 10_000
_NEWS_SECONDS = 10.0


@click.command(
    epilog="Example: felhom-controller fleet --hub http://127.0.0.1:8080 --count 1000 --interval 1m --for 10m"
)
@click.option("--hub", "hub_url", required=True, type=HubUrl(), help="Address of the hub.")
@click.option("--count", type=click.IntRange(1, _MAX_COUNT), default=24, show_default=True, help="Machines.")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same machines and same readings.")
@click.option(
    "--interval",
    type=Interval(),
    default="15m",
    show_default=True,
    help="Time between reports of a machine.",
)
@click.option("--spread", type=Duration(), default="10s", show_default=True, help="Span of the first reports.")
@click.option("--for", "--duration", "duration", type=Duration(), help="Stop after this time; else at SIGTERM.")
@click.option("--connections", type=click.IntRange(1, 256), default=16, show_default=True, help="To the hub at once.")
@click.option("--events", "sends_events", is_flag=True, help="Send what befalls the machines as events, too.")
@click.option("--snapshots", "sends_snapshots", is_flag=True, help="Send infrastructure backups, too.")
@click.option("--listen", type=ListenAddress(), help="Let the hub reach each machine under http://ADDRESS/CUSTOMER-ID.")
@click.option("--state-dir", type=click.Path(path_type=Path), help="Keep applied configurations here.")
@click.option("--key", help="API key, for trying out; any user of the machine can read it.")
@click.option("--key-file", type=click.Path(path_type=Path), help="File with the API key; else FELHOM_CONTROLLER_KEY.")
@click.option("--keys", "keys_file", type=click.Path(path_type=Path), help="JSON file of customers' own keys.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for scripts.")
def fleet(
    *,
    hub_url: str,
    count: int,
    seed: int,
    interval: float,
    spread: float,
    duration: float | None,
    connections: int,
    sends_events: bool,
    sends_snapshots: bool,
    listen: tuple[str, int] | None,
    state_dir: Path | None,
    key: str | None,
    key_file: Path | None,
    keys_file: Path | None,
    as_json: bool,
) -> None:
    """Report a fleet of simulated machines to a hub, until it is stopped.

    The machines behave: load by day and night, disks that fill, memory that leaks, failing backups, outages, wrong
    clocks, old controllers. A fleet of 24 shows about two failures and four warnings at any time.
    """
    keys = _keys_of(keys_file)
    machines = build_fleet(seed, count)
    common = "" if all(machine.customer_id in keys for machine in machines) else read_key(key_file, key)

    def key_of(customer_id: str) -> str:
        return keys.get(customer_id, common)

    plan = FleetPlan(
        hub_url,
        interval,
        spread,
        connections=connections,
        duration_seconds=duration,
        sends_events=sends_events,
        sends_snapshots=sends_snapshots,
    )
    with ExitStack() as stack:
        if listen is None and state_dir is None:
            running = Fleet(plan, machines, key_of)
        else:
            directory = (
                _prepared(state_dir)
                if state_dir
                else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="felhom-fleet-")))
            )
            server = _bound(listen) if listen else None
            address = "{}:{}".format(*server.server_address[:2]) if server else ""
            boxes = FleetBoxes(machines, directory, base_url=f"http://{address}" if address else None, key_of=key_of)
            if server:
                server.find = boxes.find
                threading.Thread(target=server.serve_forever, daemon=True).start()
                click.echo(f"listening on {address}", err=True)
            running = Fleet(
                plan, machines, boxes.key_of, dealt_of=boxes.dealt, live_config_of=boxes.live_config, doer_of=boxes.doer
            )
        click.echo(f"{count} machines report to {hub_url} every {duration_of(interval)}", err=True)
        tally = _run_until_stopped(running)
    click.echo(msgspec.json.encode(tally).decode() if as_json else _sentence_of(tally))
    if running.last_error:
        click.echo(f"newest failure: {running.last_error}", err=True)


def _keys_of(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except OSError as error:
        raise click.UsageError(f"the keys file {path} cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise click.UsageError(f'the keys file {path} must be one JSON object: {{"customer-id": "key", …}}') from None


def _prepared(path: Path) -> Path:
    try:
        StateDirectory(path).prepare()
    except OSError as error:
        raise click.UsageError(f"the state directory {path} cannot be written: {error.strerror}") from None
    return path


def _bound(address: tuple[str, int]) -> ControllerServer:
    try:
        return ControllerServer(address, lambda _path: None)
    except OSError as error:
        raise click.UsageError(f"cannot listen on {address[0]}:{address[1]}: {error.strerror}") from None


def _run_until_stopped(running: Fleet) -> Tally:
    signal = StopSignal()
    worker = threading.Thread(target=running.run)
    worker.start()
    news_at = 0.0
    while worker.is_alive() and not signal.wait(0.2):
        news_at += 0.2
        if news_at >= _NEWS_SECONDS:
            news_at = 0.0
            click.echo(_sentence_of(running.tally()), err=True)
    running.stop()
    worker.join()
    return running.tally()


def _sentence_of(tally: Tally) -> str:
    parts = [f"{number} × {status or 'no answer'}" for status, number in tally.answers.items()]
    return f"answers: {', '.join(parts) or 'none'}; events: {tally.events}; silences: {tally.silences}"
