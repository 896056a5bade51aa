"""The demo's simulated customers as an operator would have set them up: nearly all managed, most boxes up to date."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from felhom_controller.blueprint import SimulatedMachine
from felhom_controller.synthetic import snapshot_at
from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError, Conflict
from felhom_hub.configs.generate import generate
from felhom_hub.configs.save import Entered, create_config
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.credentials import Kind, machine_secrets
from felhom_hub.customers.details import Details
from felhom_hub.customers.queries import customer_of
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.recovery.record import Arrival, incoming_backup, record_backups

_MANUAL: Final = frozenset({9, 22})  # places in the fleet: these have only ever reported
_CHANGED: Final = frozenset({4, 11, 13})  # somebody has changed the file on the box
_BEFORE, _AFTER = b"level: info", b"level: debug"


def manage_fleet(machines: Sequence[SimulatedMachine], *, boxes: Path, keys: Path, now: datetime) -> None:
    """The hub has a configuration for the machines, and each box the file that it makes, where it has none yet.

    Each box whose controller can has sent an infrastructure backup by then. The boxes' files lie in the directory
    `boxes`, their API keys in the JSON file `keys`, as `felhom-controller fleet` reads them. Raises OSError where the
    directory cannot be written, SecretsError.
    """
    api_keys = {}
    for machine in machines:
        if machine.index in _MANUAL:
            _send_snapshot(machine, None, now=now)
            continue
        persona = machine.persona
        details = Details(persona.customer_name, persona.domain, f"{persona.customer_id}@example.hu")
        with suppress(Conflict):  # the demo ran before
            create_config(persona.customer_id, Entered(details, Settings()), now=now, by=COMMAND_LINE)
        customer = customer_of(persona.customer_id)
        api_keys[persona.customer_id] = machine_secrets(customer)[Kind.API_KEY]
        path = boxes / persona.customer_id / "controller.yaml"
        if not path.exists():
            made = generate(customer).content
            path.parent.mkdir(mode=0o700, parents=True)
            path.write_bytes(made.replace(_BEFORE, _AFTER) if machine.index in _CHANGED else made)
        _send_snapshot(machine, path.read_bytes(), now=now)
    keys.touch(mode=0o600)
    keys.write_text(json.dumps(api_keys), encoding="utf-8")


def _send_snapshot(machine: SimulatedMachine, config: bytes | None, *, now: datetime) -> None:
    """Without it the first check of everybody's recovery would come before the fleet's first snapshots."""
    if not machine.behaviour.sends_snapshots:
        return
    backup = incoming_backup(snapshot_at(machine, now, config))
    with transaction.atomic():
        (result,) = record_backups(Db(), [Arrival(backup, now, None)])
    if isinstance(result, ApiError):
        raise result
