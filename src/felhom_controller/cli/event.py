"""`felhom-controller event`: lets a script on this machine tell the hub something."""

import re
from pathlib import Path

import click
import msgspec

from felhom_controller.cli.options import STATE_DIRECTORY, STATE_HELP, checked_customer_id
from felhom_controller.spool import Spool, SpoolFullError
from felhom_controller.state import StateDirectory

_EVENT_TYPE = re.compile(r"[a-z][a-z0-9_]{2,63}")


def _checked_type(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if _EVENT_TYPE.fullmatch(value) is None:
        raise click.BadParameter(f"{value!r} must be 3 to 64 small letters, digits or '_', such as backup_completed")
    return value


def _checked_message(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    # Lines are let through: a script may hand on what its program said. Bytes that are no UTF-8 come as surrogates.
    if not value.strip() or any("\ud800" <= character <= "\udfff" for character in value):
        raise click.BadParameter(f"{value!r} must be UTF-8 text, and not empty")
    return value


@click.command(
    epilog="Example: restic backup /srv && felhom-controller event --customer-id kiss-foto "
    "--type backup_completed --message 'Nightly backup done'"
)
@click.option("--customer-id", required=True, callback=checked_customer_id, help="Who this machine belongs to.")
@click.option("--type", "event_type", required=True, callback=_checked_type, help="Such as backup_completed.")
@click.option(
    "--severity",
    type=click.Choice(["info", "warning", "error"]),
    default="info",
    show_default=True,
    help="How bad it is.",
)
@click.option("--message", required=True, callback=_checked_message, help="One sentence for the operator.")
@click.option(
    "--state-dir", type=click.Path(path_type=Path), default=STATE_DIRECTORY, show_default=True, help=STATE_HELP
)
def event(*, customer_id: str, event_type: str, severity: str, message: str, state_dir: Path) -> None:
    """Put an event on disk for the running controller to send; it is safe there once this command ends with 0."""
    body = {
        "customer_id": customer_id,
        "event_type": event_type,
        "severity": severity,
        "message": message,
        "details": {},
        "source": "controller",
    }
    state = StateDirectory(state_dir)
    try:
        state.prepare()
        Spool(state.spool).add(msgspec.json.encode(body))
    except OSError as error:
        raise click.UsageError(f"the state directory {state_dir} cannot be written: {error.strerror}") from None
    except (SpoolFullError, ValueError) as error:
        raise click.ClickException(str(error)) from None
