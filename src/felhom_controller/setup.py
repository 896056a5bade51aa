"""Set-up mode: makes a lost box's state directory anew from what the hub keeps of it, and plans what comes next.

Nothing is mounted and no app is restored: that is left to the controller in the box, which has the drives.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from felhom_controller.client import HubClient
from felhom_controller.config import ConfigFile
from felhom_controller.disks import DiskMatch, FoundDisk, Matching, match_disks
from felhom_controller.files import replace_file
from felhom_controller.plan import PlannedStack, plan_stacks
from felhom_controller.recovered import DescribedDisk, Recovered, read_answer
from felhom_controller.state import StateDirectory

FoundDisks = Callable[[Sequence[DescribedDisk]], Sequence[FoundDisk]]


@dataclass(frozen=True, slots=True)
class SetUp:
    """What can be had back; nothing secret in it. `gaps` are sentences without their full stop."""

    has_backup: bool
    matching: Matching
    stacks: tuple[PlannedStack, ...]
    password_count: int
    gaps: tuple[str, ...]

    @property
    def restorable(self) -> int:
        """How many of the apps can be had back."""
        return sum(stack.is_restorable for stack in self.stacks)


def fetch(client: HubClient, customer_id: str, passphrase: str, drill_mark: str = "") -> Recovered:
    """What the hub keeps of the box; raises HubError, and AnswerError for an answer that is none."""
    return read_answer(client.recover(customer_id, passphrase=passphrase, drill_mark=drill_mark), customer_id)


def write_state(state: StateDirectory, customer_id: str, recovered: Recovered) -> tuple[str, ...]:
    """The files are on disk, for their owner alone; returns their names. What they replace stays as `….previous`.

    The configuration comes last: where it is, the others are. Raises ConfigError for one that cannot be this
    customer's, before anything else is written, and OSError.
    """
    config = ConfigFile(state.config, customer_id)
    config.check(recovered.config)
    written = []
    if recovered.settings is not None:
        _replace(state.settings.name, state, recovered.settings)
        written.append(state.settings.name)
    if recovered.passwords:
        content = msgspec.json.encode(dict(sorted(recovered.passwords.items())))
        _replace(state.restic_passwords.name, state, content)
        written.append(state.restic_passwords.name)
    config.apply(recovered.config)
    return (*written, state.config.name)


def plan(recovered: Recovered, found_disks: FoundDisks) -> SetUp:
    """The disks are matched and the apps planned; `found_disks` is told which ones are described."""
    matching = match_disks(recovered.disks, found_disks(recovered.disks))
    stacks = plan_stacks(recovered.stacks, matching.disks, recovered.passwords)
    lost = [f"{stack.display_name} cannot be restored: {stack.why}" for stack in stacks if not stack.is_restorable]
    gaps = (*recovered.gaps, *matching.gaps, *lost)
    return SetUp(recovered.has_backup, matching, tuple(stacks), len(recovered.passwords), gaps)


def as_document(done: SetUp, written: Sequence[str]) -> dict[str, object]:
    """The result for scripts."""
    return {
        "ok": True,
        "has_backup": done.has_backup,
        "written": list(written),
        "disks": [_disk_document(each) for each in done.matching.disks],
        "disks_matched": done.matching.matched,
        "new_disks": [msgspec.to_builtins(each) for each in done.matching.new],
        "stacks": [
            {
                "name": each.name,
                "display_name": each.display_name,
                "disk": each.disk or None,
                "restorable": each.is_restorable,
                "why": each.why,
                "restic_password": each.has_password,
            }
            for each in done.stacks
        ],
        "stacks_restorable": done.restorable,
        "restic_passwords": done.password_count,
        "gaps": list(done.gaps),
    }


def _disk_document(each: DiskMatch) -> dict[str, object]:
    described = each.described
    return {
        "name": described.name,
        "uuid": described.uuid or None,
        "path": described.path or None,
        "role": described.role or None,
        "found": each.found is not None,
        "device": each.found.device or None if each.found else None,
    }


def _replace(name: str, state: StateDirectory, content: bytes) -> None:
    path = state.path / name
    try:
        old = path.read_bytes()
    except FileNotFoundError:
        old = content
    if old != content:
        replace_file(path.with_name(f"{name}.previous"), old)
    replace_file(path, content)
