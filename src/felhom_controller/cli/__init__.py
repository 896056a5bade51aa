"""The command `felhom-controller`: its subcommands, and how a mistake ends."""

import sys
from collections.abc import Sequence

import click

from felhom_controller import __version__
from felhom_controller.cli.assets import assets
from felhom_controller.cli.event import event
from felhom_controller.cli.fleet import fleet
from felhom_controller.cli.run import run
from felhom_controller.cli.setup import setup


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="felhom-controller")
def commands() -> None:
    """Report this machine, or a simulated fleet, to a felhom hub.

    \b
    Watch this machine:
      felhom-controller run --hub https://hub.example.hu --customer-id kiss-foto
    Set a new machine up in place of a lost one:
      felhom-controller setup --hub https://hub.example.hu --customer-id kiss-foto
    Try a hub with a simulated fleet:
      felhom-controller fleet --hub http://127.0.0.1:8080 --count 24

    Give the key in FELHOM_CONTROLLER_KEY or in a file named by --key-file: on a command line, every
    user of the machine could read it.
    """  # noqa: D301 - \b is click's own mark for lines to keep


commands.add_command(run)
commands.add_command(setup)
commands.add_command(event)
commands.add_command(assets)
commands.add_command(fleet)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a user's mistake is one plain line on standard error and exit status 2."""
    try:
        code = commands.main(arguments, prog_name="felhom-controller", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        sys.exit(2)
    except click.ClickException as error:
        sentence = " ".join(error.format_message().split())
        click.echo(f"felhom-controller: {sentence}", err=True)
        sys.exit(2 if isinstance(error, click.UsageError) else error.exit_code)
    except click.Abort:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
