"""The command `felhom-hub`: its subcommands, and how a mistake, Ctrl-C and a closed pipe end.

One more subcommand is a file here with a function of the same name (_ for -), and a line in COMMANDS. Its module is
loaded only when it is asked for: `felhom-hub --help` needs neither Django nor a sound hub.yaml.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from felhom_hub import __version__

COMMANDS = {
    "serve": "Take reports, keep every one, and show the fleet.",
    "demo": "Run a hub with a simulated fleet, to look around.",
    "customer": "Add, show, change and delete customers, rotate their keys.",
    "drill": "Rehearse the loss of a box, and record what would be missing.",
    "rotate-key": "Seal every secret in the database with a new key.",
    "import-go": "Move the database of the Go hub in.",
    "backup": "Back the hub itself up, or prove a backup.",
    "restore": "Make a database of a backup again.",
    "copy-database": "Copy the SQLite file into a PostgreSQL, and compare.",
    "simulate": "Hold the alarms against the truth, in a simulation.",
    "check": "Say whether settings, disk and database are fit for a start.",
    "hash-password": "Make the bcrypt hash that auth.password_hash wants.",
    "version": "Name the versions of hub, Python and SQLite.",
}

_MISTAKE = 2
_INTERRUPTED = 130  # what a shell reports of a process that SIGINT ended
_PIPE_CLOSED = 1  # what click ends with when it is the one that meets the closed pipe


class LazyGroup(click.Group):
    """A group that knows its commands' names and texts, and loads one when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name.startswith("-"):
            return None  # click then says that there is no such option
        if cmd_name not in COMMANDS:
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=COMMANDS, ctx=ctx)
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"felhom_hub.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        from felhom_hub.project.hubfile import HubFileError  # noqa: PLC0415 - --help needs no YAML

        try:
            return super().invoke(ctx)
        except HubFileError as error:
            complain([f"warning: {warning}" for warning in error.warnings])
            complain(error.problems)
            ctx.exit(_MISTAKE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # likewise
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


_HELP = """The operator's one place for a fleet of home servers.

\b
felhom-hub check --config hub.yaml     is everything fit for a start?
felhom-hub serve --config hub.yaml     run the hub
felhom-hub demo                        look around without any settings

Every command takes --config PATH. Without it the file named by FELHOM_HUB_CONFIG is read, else hub.yaml in the current
directory; without any file every setting has its default (docs/settings.md).
"""


@click.group(
    cls=LazyGroup, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="felhom-hub")
def commands() -> None:
    """The command line below `felhom-hub`."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The process ends with the command's status; a user's mistake is plain lines on standard error and status 2."""
    try:
        code = commands.main(arguments, prog_name="felhom-hub", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        code = _MISTAKE
    except click.ClickException as error:
        complain([" ".join(error.format_message().split())])
        code = _MISTAKE if isinstance(error, click.UsageError) else error.exit_code
    except click.Abort:
        code = _INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _PIPE_CLOSED
    sys.exit(code if isinstance(code, int) else 0)


def complain(lines: Sequence[str]) -> None:
    """Each line is on standard error, under the command's name."""
    for line in lines:
        click.echo(f"felhom-hub: {line}", err=True)
