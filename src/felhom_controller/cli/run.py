"""`felhom-controller run`: reports this machine until it is stopped, and answers the hub where it listens."""

import threading
from collections.abc import Callable
from pathlib import Path

import click

from felhom_controller import __version__
from felhom_controller.asset_schedule import Syncing, run_syncing
from felhom_controller.assets import sync_assets
from felhom_controller.cli.logs import configure_logging
from felhom_controller.cli.options import (
    STATE_DIRECTORY,
    STATE_HELP,
    HubUrl,
    Interval,
    Line,
    ListenAddress,
    checked_customer_id,
    opened_state,
    read_key,
)
from felhom_controller.cli.signals import StopSignal
from felhom_controller.client import HubClient, HubError
from felhom_controller.config import ConfigFile
from felhom_controller.controller import Loop, Memory, report_once, run_loop, see_to_wishes
from felhom_controller.keys import HeldKey
from felhom_controller.machine import Identity, Machine
from felhom_controller.outbox import run_outbox
from felhom_controller.server import Box, ControllerServer
from felhom_controller.snapshot import holdings_at
from felhom_controller.spool import Spool
from felhom_controller.wishes import Doer

_STOP_SECONDS = 1.5  # for an event that is under way when the controller stops


@click.command(epilog="Example: felhom-controller run --hub https://hub.example.hu --customer-id kiss-foto --once")
@click.option("--hub", "hub_url", required=True, type=HubUrl(), help="Address of the hub.")
@click.option("--customer-id", required=True, callback=checked_customer_id, help="Who this machine belongs to.")
@click.option("--customer-name", type=Line(), help="The name that people know, such as 'Kiss Fotóstúdió'.")
@click.option("--key-file", type=click.Path(path_type=Path), help="File with the API key; else FELHOM_CONTROLLER_KEY.")
@click.option("--interval", type=Interval(), default="15m", show_default=True, help="Time between reports.")
@click.option(
    "--state-dir", type=click.Path(path_type=Path), default=STATE_DIRECTORY, show_default=True, help=STATE_HELP
)
@click.option("--listen", type=ListenAddress(), help="Answer the hub on this address, such as 127.0.0.1:8090.")
@click.option(
    "--url", "controller_url", type=HubUrl(), help="Address under which the hub can reach --listen; it is reported."
)
@click.option("--container-socket", type=click.Path(path_type=Path), help="Docker's or Podman's socket, if elsewhere.")
@click.option("--once", is_flag=True, help="Send one report and end: 0 when the hub has it, 1 when not.")
def run(
    *,
    hub_url: str,
    customer_id: str,
    customer_name: str | None,
    key_file: Path | None,
    interval: float,
    state_dir: Path,
    listen: tuple[str, int] | None,
    controller_url: str | None,
    container_socket: Path | None,
    once: bool,
) -> None:
    """Report this machine to a hub: at the start, and then every interval, until it is stopped.

    Measured: processor, memory, disks, temperature, containers of Docker or Podman, failed systemd units. What
    changes between two reports is sent as events, which wait on disk while the hub is away.
    """
    given = read_key(key_file)
    configure_logging()
    state = opened_state(state_dir)
    config = ConfigFile(state.config, customer_id)
    key = HeldKey(config.read, given)
    identity = Identity(customer_id, customer_name, f"v{__version__}", controller_url)
    loop = Loop(
        machine=Machine(identity, container_socket=container_socket),
        client=HubClient(hub_url, connections=3),
        key=key,
        interval_seconds=interval,
        config_hash=config.hash,
        memory=Memory(Spool(state.spool), state.last_report),
        stop=threading.Event(),
        holdings=lambda: holdings_at(state.path, config.read()),
        doer=Doer(customer_id, key, config, lambda _version: state.record_update_wish()),
    )
    if once:
        try:
            see_to_wishes(loop, report_once(loop))
        except HubError as error:
            raise click.ClickException(str(error)) from None
        return
    if listen is not None:
        _serve(listen, lambda: Box(key(), config, state.record_update_wish))
    syncing = Syncing(lambda: sync_assets(loop.client, key(), state), config.read, loop.stop)
    _run_until_stopped(loop, syncing)


def _serve(address: tuple[str, int], box: Callable[[], Box]) -> None:
    try:
        server = ControllerServer(address, lambda path: (box(), path))
    except OSError as error:
        raise click.UsageError(f"cannot listen on {address[0]}:{address[1]}: {error.strerror}") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    click.echo(f"listening on {server.server_address[0]!s}:{server.server_address[1]}", err=True)


def _run_until_stopped(loop: Loop, syncing: Syncing) -> None:
    signal = StopSignal()
    arguments = (loop.memory.spool, loop.client, loop.key)
    threads = [
        threading.Thread(target=run_loop, args=(loop,), daemon=True),
        threading.Thread(
            target=run_outbox, args=arguments, kwargs={"stop": loop.stop, "backoff": loop.backoff}, daemon=True
        ),
        threading.Thread(target=run_syncing, args=(syncing,), daemon=True),
    ]
    for thread in threads:
        thread.start()
    while not signal.wait(60):
        pass
    loop.stop.set()
    for thread in threads:
        thread.join(_STOP_SECONDS / len(threads))
