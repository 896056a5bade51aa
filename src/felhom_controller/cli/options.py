"""Options that several commands share: durations, the hub's address, and where the key comes from."""

import os
import re
from pathlib import Path
from typing import Any

import click

from felhom_controller.client import checked_hub_url
from felhom_controller.durations import seconds_of
from felhom_controller.keys import is_key
from felhom_controller.state import StateDirectory, StateInUseError

KEY_VARIABLE = "FELHOM_CONTROLLER_KEY"
# Where systemd's StateDirectory= puts it; a user without it gives another.
STATE_DIRECTORY = Path("/var/lib/felhom-controller")
STATE_HELP = "Where waiting events and the newest report lie."
_MIN_INTERVAL_SECONDS = 0.1  # quicker reports would only load the hub; tests and demonstrations take this
_LONGEST_SECONDS = 8_760 * 3_600  # a year; the clock of a wait overflows at about 292
_HIGHEST_PORT = 65_535
_CUSTOMER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class Duration(click.ParamType[float]):
    """A Go duration, as seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            seconds = seconds_of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if seconds > _LONGEST_SECONDS:
            self.fail(f"{value!r} is longer than a year (8760h)", param, ctx)
        return seconds


class Interval(Duration):
    """A Go duration between two reports, as seconds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = super().convert(value, param, ctx)
        if seconds < _MIN_INTERVAL_SECONDS:
            self.fail("an interval of a controller is 100ms or more", param, ctx)
        return seconds


class Line(click.ParamType[str]):
    """Text that people read; bytes that are no UTF-8 arrive as surrogates, which no JSON can carry."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if not text.strip() or not text.isprintable():
            self.fail(f"{text!r} must be one line of printable characters", param, ctx)
        return text


class HubUrl(click.ParamType[str]):
    """The address of a hub, or of this controller as the hub sees it."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return checked_hub_url(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class ListenAddress(click.ParamType[tuple[str, int]]):
    """Host and port to listen on: `127.0.0.1:8090`, `[::1]:8090`, `:8090` for all addresses."""

    name = "host:port"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        host, colon, port = str(value).rpartition(":")
        if not colon or not port.isascii() or not port.isdigit() or int(port) > _HIGHEST_PORT:
            self.fail(f"{value!r} is no address to listen on; write it as 127.0.0.1:8090", param, ctx)
        return host.strip("[]"), int(port)


def checked_customer_id(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """The id as given; raises click.BadParameter where the hub would refuse it."""
    if _CUSTOMER_ID.fullmatch(value) is None:
        raise click.BadParameter(f"{value!r} must be 1 to 128 letters, digits, '.', '_' or '-', not a sign first")
    return value


def read_key(key_file: Path | None, given: str | None = None) -> str:
    """The API key from the command line, the file, the environment, or the file that the environment names.

    Raises click.UsageError where there is none, more than one line, or a character that no header can carry.
    """
    named = os.environ.get(f"{KEY_VARIABLE}_FILE")
    if given is not None:
        return _checked(given, "--key")
    if key_file is not None:
        return _checked(_read(key_file), str(key_file))
    if os.environ.get(KEY_VARIABLE):
        return _checked(os.environ[KEY_VARIABLE], KEY_VARIABLE)
    if named:
        return _checked(_read(Path(named)), named)
    raise click.UsageError(f"no API key: set {KEY_VARIABLE}, or write the key to a file and give --key-file")


def opened_state(path: Path) -> StateDirectory:
    """The state directory, this process being its only controller; raises click.UsageError."""
    state = StateDirectory(path)
    try:
        state.prepare()
        state.lock()
    except OSError as error:
        sentence = f"the state directory {path} cannot be written: {error.strerror}; give another with --state-dir"
        raise click.UsageError(sentence) from None
    except StateInUseError as error:
        raise click.UsageError(str(error)) from None
    return state


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise click.UsageError(f"the key file {path} cannot be read: {reason}") from None


def _checked(text: str, source: str) -> str:
    key = text.strip()
    if not key:
        raise click.UsageError(f"the API key in {source} is empty")
    if not is_key(key):
        raise click.UsageError(f"the API key in {source} is not one line of ASCII letters, digits and signs")
    return key
