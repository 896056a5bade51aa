"""`felhom-hub serve`: prepares what is missing, and serves until it is told to stop."""

import click

from felhom_hub.cli.options import config_option
from felhom_hub.cli.setup import set_up


@click.command(epilog="Example: felhom-hub serve --config /etc/felhom-hub/hub.yaml")
@config_option
def serve() -> None:
    """Take reports, keep every one, and show the fleet, until SIGTERM or Ctrl-C.

    The first start makes the tables, the keys that seal secrets, and, where hub.yaml names no auth.password_hash, an
    operator password, which is printed this once. At the end everything that was accepted is stored and answered.

    \b
    Status: 0   it was told to stop, and everything is answered
            1   likewise, but not everything could be
            2   it cannot start before a setting or a file is changed
            75  it cannot start now, and later may: no answer of the
                database, a full or read-only disk, a taken port
    """  # noqa: D301 - click's mark of a part that is not filled
    set_up()
    from felhom_hub.project.running import run  # noqa: PLC0415 - after --config is known

    raise SystemExit(0 if run(announce) else 1)


def announce(url: str, new_password: str | None) -> None:
    """Tells the operator where to look, and the password when it was made just now."""
    click.echo(f"Dashboard: {url}")
    if new_password is not None:
        click.echo(f"Password: {new_password}")
        click.echo("This password was made just now and is not shown again; `felhom-hub hash-password` makes another.")
