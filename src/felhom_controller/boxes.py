"""The simulated machines with a state of their own; a hub reaches them on one server, each under a path."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from felhom_controller.blueprint import SimulatedMachine, config_of
from felhom_controller.config import ConfigFile
from felhom_controller.files import replace_file
from felhom_controller.keys import HeldKey
from felhom_controller.releases import version_at
from felhom_controller.server import Box
from felhom_controller.synthetic import Dealt
from felhom_controller.wishes import Doer

_VERSION = re.compile(r"(v\d+\.\d+\.)(\d+)")


class FleetBoxes:
    """Configuration and wished updates of a fleet, under `directory`; used by server and senders at once.

    Without a `base_url` no hub reaches them, and they say of their address what they would without a state.
    """

    def __init__(
        self,
        machines: Sequence[SimulatedMachine],
        directory: Path,
        *,
        base_url: str | None,
        key_of: Callable[[str], str],
    ) -> None:
        self._machines = {machine.customer_id: machine for machine in machines}
        self._directory = directory
        self._base_url = base_url
        self._given_of = key_of
        self._keys: dict[str, HeldKey] = {}
        self._versions: dict[str, str] = {}

    def find(self, path: str) -> tuple[Box, str] | None:
        """The box that a request's path is for, and the path on it; None where no machine has that id."""
        customer_id, slash, rest = path.removeprefix("/").partition("/")
        machine = self._machines.get(customer_id)
        if machine is None or not slash:
            return None
        config = self._config(machine)
        if config.read() is None:
            replace_file(self._path(machine), config_of(machine.persona))
        return Box(self.key_of(customer_id), config, lambda: self._update(machine)), f"/{rest}"

    def key_of(self, customer_id: str) -> str:
        """The key of the machine's configuration, else the one that it was given."""
        return self._held(customer_id)()

    def dealt(self, machine: SimulatedMachine) -> Dealt:
        """What the machine's next report says of its address, configuration and version."""
        return Dealt(
            controller_url=f"{self._base_url}/{machine.customer_id}"
            if self._base_url
            else machine.persona.controller_url,
            config_hash=self._config(machine).hash() or machine.config_hash,
            controller_version=self._versions.get(machine.customer_id),
        )

    def doer(self, machine: SimulatedMachine) -> Doer:
        """What does on the machine what its hub wants; an update is there with its next report."""
        customer_id = machine.customer_id

        def update_to(version: str) -> None:
            self._versions[customer_id] = version

        key = self._held(customer_id)
        return Doer(customer_id, key, self._config(machine), update_to, asked_for=self._versions.get(customer_id))

    def live_config(self, machine: SimulatedMachine) -> bytes | None:
        """The configuration that was applied, or None before there is one."""
        return self._config(machine).read()

    def _held(self, customer_id: str) -> HeldKey:
        held = self._keys.get(customer_id)
        if held is None:
            config = self._config(self._machines[customer_id])
            held = self._keys.setdefault(customer_id, HeldKey(config.read, self._given_of(customer_id)))
        return held

    def _path(self, machine: SimulatedMachine) -> Path:
        directory = self._directory / machine.customer_id
        directory.mkdir(parents=True, exist_ok=True)
        return directory / "controller.yaml"

    def _config(self, machine: SimulatedMachine) -> ConfigFile:
        return ConfigFile(self._path(machine), machine.customer_id)

    def _update(self, machine: SimulatedMachine) -> None:
        """The machine runs the next patch of its version from its next report on."""
        now = datetime.now(UTC).timestamp()
        version = self._versions.get(machine.customer_id) or version_at(machine.behaviour, machine.index, now)
        self._versions[machine.customer_id] = _VERSION.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", version)
