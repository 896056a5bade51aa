"""The options of several subcommands, first `--config`, which each takes; project/hubfile.py reads what it names."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from felhom_hub.project.hubfile import CONFIG_VARIABLE

_IN_CURRENT_DIRECTORY = Path("hub.yaml")

id_argument = click.argument("customer_id", metavar="ID")
json_option = click.option("--json", "as_json", is_flag=True, help="As one JSON object, for scripts.")


class DirectoryPath(click.Path):
    """A directory, which need not be there. An empty text names none: it is a variable that was not set."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, file_okay=False)

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """As click's."""
        if value == "":
            self.fail("it names no directory", parameter, context)
        return super().convert(value, parameter, context)


Command = TypeVar("Command", bound=Callable[..., Any] | click.Command)


def config_option(command: Command) -> Command:
    """The command takes --config, and FELHOM_HUB_CONFIG names the file to read before the command's body runs.

    Django's settings read that variable when they are imported: a command imports what needs them in its body.
    """
    return click.option(
        "--config",
        "config",
        metavar="PATH",
        is_eager=True,
        expose_value=False,
        callback=_name_config,
        help=f"The hub.yaml to read. [default: {CONFIG_VARIABLE}, else ./hub.yaml if there is one]",
    )(command)


def _name_config(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if context.resilient_parsing:  # completion and the like: nothing will run
        return
    if value is not None:
        if not value:
            raise click.BadParameter("it names no file")
        os.environ[CONFIG_VARIABLE] = value
    elif not os.environ.get(CONFIG_VARIABLE) and os.path.lexists(_IN_CURRENT_DIRECTORY):
        os.environ[CONFIG_VARIABLE] = str(_IN_CURRENT_DIRECTORY)
