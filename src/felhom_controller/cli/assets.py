"""`felhom-controller assets`: syncs the logos and screenshots now, whatever the schedule says."""

from pathlib import Path

import click

from felhom_controller.assets import AssetsError, sync_assets
from felhom_controller.cli.logs import configure_logging
from felhom_controller.cli.options import STATE_DIRECTORY, STATE_HELP, HubUrl, read_key
from felhom_controller.client import HubClient, HubError
from felhom_controller.config import read_config
from felhom_controller.keys import HeldKey
from felhom_controller.state import StateDirectory


@click.command(epilog="Example: felhom-controller assets --hub https://hub.example.hu")
@click.option("--hub", "hub_url", required=True, type=HubUrl(), help="Address of the hub.")
@click.option("--key-file", type=click.Path(path_type=Path), help="File with the API key; else FELHOM_CONTROLLER_KEY.")
@click.option(
    "--state-dir", type=click.Path(path_type=Path), default=STATE_DIRECTORY, show_default=True, help=STATE_HELP
)
def assets(*, hub_url: str, key_file: Path | None, state_dir: Path) -> None:
    """Download what changed of the apps' logos and screenshots, beside a running controller or without one.

    The status is 0 when everything is as at the hub, and 1 when something is not.
    """
    given = read_key(key_file)
    configure_logging()
    state = StateDirectory(state_dir)
    key = HeldKey(lambda: read_config(state.config), given)
    try:
        state.prepare()
        done = sync_assets(HubClient(hub_url), key(), state)
    except (HubError, AssetsError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        sentence = f"{error.filename or state_dir} cannot be written: {error.strerror}"
        raise click.ClickException(sentence) from None
    click.echo(f"{len(done.downloaded)} downloaded, {len(done.removed)} removed, {done.same} the same")
    if done.failed:
        raise click.ClickException(f"not downloaded: {', '.join(done.failed)}")
