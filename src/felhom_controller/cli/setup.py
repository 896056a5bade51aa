"""`felhom-controller setup`: a new machine in place of a lost one, from what the hub keeps and a passphrase."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NoReturn

import click

from felhom_controller.cli.options import STATE_DIRECTORY, HubUrl, checked_customer_id, opened_state
from felhom_controller.client import HubClient, HubError
from felhom_controller.config import ConfigError
from felhom_controller.disks import DisksError, FoundDisk, as_described, on_this_machine, read_disks
from felhom_controller.recovered import AnswerError, DescribedDisk
from felhom_controller.setup import SetUp, as_document, fetch, plan, write_state
from felhom_controller.snapshot import drive_uuids

_WITH_GAPS, _REFUSED = 1, 1
_PASSPHRASE_LIMIT = 1024
_STATUS_HINTS = {
    401: "the passphrase or the customer id is not right",
    403: "the operator has blocked this customer; call the operator",
    404: "there is no hub with a recovery endpoint; is --hub right?",
    409: "the hub cannot make the configuration; call the operator",
}


@click.command(epilog="Example: felhom-controller setup --hub https://hub.example.hu --customer-id kiss-foto")
@click.option("--hub", "hub_url", required=True, type=HubUrl(), help="Address of the hub.")
@click.option("--customer-id", required=True, callback=checked_customer_id, help="Whose server this will be.")
@click.option("--passphrase-file", type=click.File("rb"), help="File with the passphrase, - for standard input; else it is asked for.")  # fmt: skip  # noqa: E501
@click.option("--state-dir", type=click.Path(path_type=Path), default=STATE_DIRECTORY, show_default=True, help="Where the files are written.")  # fmt: skip  # noqa: E501
@click.option("--disks", "disks_file", type=click.File("rb"), help="JSON list of the disks found: device, uuid, fstype, size_gb. [default: this machine's]")  # fmt: skip  # noqa: E501
@click.option("--rehearse", is_flag=True, help="Take the disks that the backup describes as found.")
@click.option("--without", multiple=True, metavar="UUID", help="With --rehearse: but not this one; may be repeated.")
@click.option("--drill-mark", envvar="FELHOM_CONTROLLER_DRILL_MARK", default="", hidden=True)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, for scripts.")
def setup(
    *,
    hub_url: str,
    customer_id: str,
    passphrase_file: IO[bytes] | None,
    state_dir: Path,
    disks_file: IO[bytes] | None,
    rehearse: bool,
    without: Sequence[str],
    drill_mark: str,
    as_json: bool,
) -> None:
    """Set this machine up in place of a lost one: fetch its configuration and backup, match its disks, plan its apps.

    controller.yaml, settings.json and the restic passwords are written into the state directory. Nothing is mounted
    and nothing restored: the plan says what can be. The status is 0 when all of it can, 1 when something cannot or
    the hub refuses, and 2 when something about the command is wrong.
    """
    if without and not rehearse:
        raise click.UsageError("--without goes with --rehearse")
    if rehearse and disks_file is not None:
        raise click.UsageError("give --disks or --rehearse, not both")
    found = None if disks_file is None else _disks_in(disks_file)
    passphrase = _passphrase(passphrase_file)

    def found_disks(described: Sequence[DescribedDisk]) -> Sequence[FoundDisk]:
        if rehearse:
            return as_described(described, without)
        return on_this_machine(drive_uuids()) if found is None else found

    state = opened_state(state_dir)
    try:
        recovered = fetch(HubClient(hub_url), customer_id, passphrase, drill_mark)
        done = plan(recovered, found_disks)
        written = write_state(state, customer_id, recovered)
    except HubError as error:
        _refuse(_hub_words(error), status=error.status, as_json=as_json)
    except (AnswerError, ConfigError) as error:
        _refuse(str(error), status=None, as_json=as_json, is_answer=True)
    except DisksError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{error.filename or state_dir} cannot be written: {error.strerror}") from None
    document = as_document(done, written)
    click.echo(json.dumps(document) if as_json else "\n".join(_lines(done, written, state_dir)))
    if done.gaps:
        sys.exit(_WITH_GAPS)


def _passphrase(file: IO[bytes] | None) -> str:
    if file is None:
        if not sys.stdin.isatty():
            raise click.UsageError("no passphrase: give --passphrase-file, or - for standard input")
        return str(click.prompt("Passphrase", hide_input=True)).strip()
    try:
        text = file.read(_PASSPHRASE_LIMIT).decode().strip()
    except (OSError, UnicodeDecodeError):
        raise click.UsageError("the passphrase file cannot be read as text") from None
    if not text or "\n" in text:
        raise click.UsageError("the passphrase file must hold one line, the passphrase")
    return text


def _disks_in(file: IO[bytes]) -> list[FoundDisk]:
    try:
        return read_disks(file.read())
    except OSError as error:
        raise click.UsageError(f"the list of disks cannot be read: {error.strerror}") from None
    except DisksError as error:
        raise click.UsageError(str(error)) from None


def _hub_words(error: HubError) -> str:
    if error.status == 429:  # noqa: PLR2004 - Too Many Requests
        wait = "" if error.retry_after is None else f"; try again in {_minutes(error.retry_after)}"
        return f"{error}{wait}, or let the operator unlock it"
    hint = _STATUS_HINTS.get(error.status or 0)
    return str(error) if hint is None else f"{error} ({hint})"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds > 90 else f"{seconds:.0f} s"  # noqa: PLR2004 - reads better below


def _refuse(sentence: str, *, status: int | None, as_json: bool, is_answer: bool = False) -> NoReturn:
    """What the hub did not do; for scripts with its status, 0 where it was what it sent that was wrong."""
    if as_json:
        click.echo(json.dumps({"ok": False, "error": sentence, "status": 0 if is_answer else status}))
        sys.exit(_REFUSED)
    raise click.ClickException(sentence)


def _lines(done: SetUp, written: Sequence[str], state_dir: Path) -> list[str]:
    lines = [f"Written to {state_dir}: {', '.join(written)}", ""]
    disks, stacks = done.matching.disks, done.stacks
    lines.append(f"Disks: {done.matching.matched} of {len(disks)} found")
    for match in disks:
        what = "missing" if match.found is None else f"found as {match.found.device or match.found.uuid}"
        lines.append(f"  {match.described.name}: {what}" + (f", for {match.described.path}" if match.found else ""))
    lines += [f"  {disk.device or disk.uuid}: new, described nowhere" for disk in done.matching.new]
    lines += ["", f"Apps: {done.restorable} of {len(stacks)} can be restored, {done.password_count} restic passwords"]
    lines += [f"  {each.display_name}: {'yes' if each.is_restorable else 'no'}, {each.why}" for each in stacks]
    lines += ["", *(["What is missing:"] if done.gaps else ["Nothing is missing."])]
    lines += [f"  {gap}" for gap in done.gaps]
    lines += ["", "Nothing was mounted and nothing restored: this controller plans, the one in the box acts."]
    return [_printable(line) for line in lines]


def _printable(line: str) -> str:
    """Names come from a box: none may steer the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)
