"""Which of a lost box's disks are still there: the described ones against those found, by the UUID alone. Pure.

A device's name says nothing: behind another controller the same disk is called otherwise.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from felhom_controller.recovered import DescribedDisk


class DisksError(Exception):
    """A list of disks that cannot be read."""


class FoundDisk(msgspec.Struct, frozen=True):
    """A disk of the machine."""

    uuid: str
    device: str = ""
    fstype: str = ""
    size_gb: float | None = None


@dataclass(frozen=True, slots=True)
class DiskMatch:
    """A described disk with the one found in its place, None where it is missing."""

    described: DescribedDisk
    found: FoundDisk | None


@dataclass(frozen=True, slots=True)
class Matching:
    """The described disks in their order, the disks that nobody described, and what is wrong, in sentences."""

    disks: tuple[DiskMatch, ...]
    new: tuple[FoundDisk, ...]
    gaps: tuple[str, ...]

    @property
    def matched(self) -> int:
        """How many of the described disks were found."""
        return sum(each.found is not None for each in self.disks)


def match_disks(described: Sequence[DescribedDisk], found: Sequence[FoundDisk]) -> Matching:
    """Each described disk with the one that has its UUID; one without a UUID, or with another's, is recognised by none.

    Upper and lower case are one: file systems write theirs in either. The system's own disk may be missing: it is what
    a lost box has lost.
    """
    there: dict[str, list[FoundDisk]] = {}
    for one in found:
        there.setdefault(one.uuid.casefold(), []).append(one)
    described_uuids = Counter(disk.uuid.casefold() for disk in described if disk.uuid)
    matches, gaps = [], []
    for disk in described:
        uuid = disk.uuid.casefold()
        candidates = there.get(uuid, []) if uuid else []
        gap = "" if _is_replaced(disk, candidates) else _gap(disk, candidates, is_shared=described_uuids[uuid] > 1)
        if gap:
            gaps.append(gap)
        is_sure = len(candidates) == 1 and described_uuids[uuid] == 1
        matches.append(DiskMatch(disk, candidates[0] if is_sure else None))
    new = tuple(one for one in found if one.uuid.casefold() not in described_uuids)
    return Matching(tuple(matches), new, (*gaps, *_shared_mounts(described)))


def _is_replaced(disk: DescribedDisk, candidates: Sequence[FoundDisk]) -> bool:
    return not candidates and (disk.role == "system" or disk.path == "/")


def _gap(disk: DescribedDisk, candidates: Sequence[FoundDisk], *, is_shared: bool) -> str:
    if not disk.uuid:
        return f"{disk.name} has no UUID in the backup, so that it cannot be recognised"
    if is_shared:
        return f"{disk.name} has the same UUID in the backup as another disk, so that it cannot be recognised"
    if not candidates:
        return f"{disk.name} (UUID {disk.uuid}) was not found"
    if len(candidates) > 1:
        return f"{disk.name} was found {len(candidates)} times: several disks have the UUID {disk.uuid}"
    fstype = candidates[0].fstype
    if disk.fstype and fstype and disk.fstype != fstype:
        return f"{disk.name} was found, but with the file system {fstype} in place of {disk.fstype}"
    return ""


def _shared_mounts(described: Sequence[DescribedDisk]) -> list[str]:
    counted = Counter(disk.path for disk in described if disk.path)
    return [f"{count} disks are described at {path}" for path, count in counted.items() if count > 1]


def as_described(disks: Sequence[DescribedDisk], without: Collection[str]) -> list[FoundDisk]:
    """For a rehearsal: every described disk as if it was found, but for those whose UUIDs are in `without`.

    Raises DisksError where one of these is described nowhere.
    """
    lost = {uuid.casefold() for uuid in without}
    for uuid in sorted(lost - {disk.uuid.casefold() for disk in disks}):
        raise DisksError(f"the backup describes no disk with the UUID {uuid}")
    there = {
        disk.uuid.casefold(): FoundDisk(disk.uuid, disk.device, disk.fstype, disk.size_gb)
        for disk in disks
        if disk.uuid and disk.uuid.casefold() not in lost
    }
    return list(there.values())


def on_this_machine(uuids: Mapping[str, str]) -> list[FoundDisk]:
    """The disks of `snapshot.drive_uuids()`."""
    return [FoundDisk(uuid, device) for device, uuid in uuids.items()]


def read_disks(content: bytes) -> list[FoundDisk]:
    """A list of disks, each an object with its `uuid`; raises DisksError. Other members are left out."""
    try:
        entries: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise DisksError("the list of disks is not JSON") from None
    if not isinstance(entries, list):
        raise DisksError('the list of disks must be a JSON list, such as [{"device": "/dev/sda1", "uuid": "…"}]')
    try:
        disks = msgspec.convert(entries, list[FoundDisk])
    except msgspec.ValidationError as error:
        raise DisksError(f"the list of disks is not as it should be: {error}") from None
    return [disk for disk in disks if disk.uuid]
