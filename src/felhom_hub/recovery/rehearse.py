"""Holds a drill: a box is set up anew over real HTTP, in a scratch directory, with what this hub keeps of it.

The box is played by the reference controller, in a process of its own as in a box: nothing of it is imported here, and
what it knows of the hub is what comes over the wire.
"""

import contextlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import SecretsError
from felhom_hub.base.tolerant import BadJsonError, as_line, decode_json
from felhom_hub.configs.generate import generate
from felhom_hub.customers.credentials import passphrase_for_drill
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor
from felhom_hub.recovery.bundle import bundle_of
from felhom_hub.recovery.drill import record_drill
from felhom_hub.recovery.drill_mark import drill_mark
from felhom_hub.recovery.drill_outcome import NotDone, Outcome, Result, outcome_of
from felhom_hub.recovery.models import Drill
from felhom_hub.recovery.queries import newest_number
from felhom_hub.recovery.scratch import Scratch, scratch_directory

_MISTAKE: Final = 2
_LONGEST_SECONDS: Final = 90
_MAX_SENTENCE: Final = 300
_EVERYWHERE: Final = {"", "0.0.0.0", "::"}  # noqa: S104 - compared only


class DrillMistake(Exception):
    """What was asked for cannot be; the text is a plain sentence."""


@dataclass(frozen=True)
class Rehearsal:
    """How it is held. `disks` is a JSON list of the disks found; without it all described ones are, but `without`."""

    hub_url: str
    disks: bytes | None = None
    without: tuple[str, ...] = ()


def own_hub_url() -> str:
    """Where this machine reaches the hub that serves with these settings; raises DrillMistake."""
    listen = settings.HUB.server.listen
    if listen.port == 0:
        raise DrillMistake("server.listen takes any free port, so the hub's address is not known; give it with --hub")
    host = "127.0.0.1" if listen.host in _EVERYWHERE else listen.host
    return f"http://[{host}]:{listen.port}" if ":" in host else f"http://{host}:{listen.port}"


def perform_drill(customer: Customer, rehearsal: Rehearsal, *, now: datetime, by: Actor) -> Drill:
    """The drill was held and is on the record.

    Raises NotDone where it could not be held, DrillMistake, SecretsError: then there is no record.
    """
    began = time.monotonic()
    outcome = _rehearsed(customer, rehearsal, now)
    took = timedelta(seconds=time.monotonic() - began)
    return record_drill(customer, outcome, started_at=now, took=took, by=by)


def _rehearsed(customer: Customer, rehearsal: Rehearsal, now: datetime) -> Outcome:
    version = newest_number(customer.pk)
    try:
        passphrase = passphrase_for_drill(customer)
    except SecretsError as error:
        return Outcome(Result.FAILED, [f"The stored passphrase cannot be opened: {error}"], version)
    try:
        with contextlib.suppress(Conflict):  # of which the hub tells the box itself
            bundle_of(customer)
    except SecretsError as error:  # the hub would only say that it cannot answer now
        return Outcome(Result.FAILED, [f"What the box would get cannot be opened: {error}"], version)
    if passphrase is None:
        raise DrillMistake(
            f"{customer.customer_id} has no retrieval password, so that nothing can be fetched; create a config first"
        )
    try:
        with scratch_directory() as scratch:
            mark = drill_mark(customer.customer_id, now)
            document = _set_up(customer.customer_id, passphrase, rehearsal, scratch, mark)
            written = _read(scratch.path / "state" / "controller.yaml")
    except OSError as error:
        raise NotDone(f"There is no room for the drill: {error.strerror}") from None
    also = [] if document.get("ok") is not True else _differences(customer, written)
    return outcome_of(document, version=version, also=also)


def _set_up(customer_id: str, passphrase: str, rehearsal: Rehearsal, scratch: Scratch, mark: str) -> dict[str, Any]:
    """What the controller says of it; the passphrase goes through a pipe, so it is on no disk and no command line."""
    command = [sys.executable, "-m", "felhom_controller", "setup", "--json", "--hub", rehearsal.hub_url]
    command += ["--customer-id", customer_id, "--passphrase-file", "-", "--state-dir", str(scratch.path / "state")]
    if rehearsal.disks is None:
        command += ["--rehearse", *(part for uuid in rehearsal.without for part in ("--without", uuid))]
    else:
        disks = scratch.path / "disks.json"
        disks.write_bytes(rehearsal.disks)
        command += ["--disks", str(disks)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_")}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, our own arguments
            command,
            input=passphrase.encode(),
            capture_output=True,
            check=False,
            cwd=scratch.path,
            env={**plain, "FELHOM_CONTROLLER_DRILL_MARK": mark},
            pass_fds=(scratch.lock,),
            timeout=_LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise NotDone(f"The set-up took longer than {_LONGEST_SECONDS} seconds and was ended") from None
    return _said(done)


def _said(done: "subprocess.CompletedProcess[bytes]") -> dict[str, Any]:
    if done.returncode == _MISTAKE:
        raise DrillMistake(_last_line(done.stderr))
    try:
        document = decode_json(done.stdout)
    except BadJsonError:
        document = None
    if not isinstance(document, dict):
        raise NotDone(f"The reference controller ended with status {done.returncode}: {_last_line(done.stderr)}")
    return document


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").splitlines()
    return as_line(lines[-1].removeprefix("felhom-controller: "), _MAX_SENTENCE) if lines else "it said nothing"


def _differences(customer: Customer, written: bytes | None) -> list[str]:
    """What the hub finds in what the box got; an edit of the configuration during the drill is one as well."""
    try:
        wanted = generate(customer).yaml.encode()
    except Conflict:
        wanted = None
    return [] if written == wanted else ["The controller.yaml that was written is not the one that the hub makes"]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
