"""Which apps of a lost box can be had back from the disks that were found, and why. Pure; nothing is restored here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from felhom_controller.disks import DiskMatch
from felhom_controller.recovered import DescribedStack

_BACKUP_ROLE = "backup"
_SYSTEM_ROOT = "/"


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """One app; `disk` is the described disk that has its data, empty where the backup does not say."""

    name: str
    display_name: str
    disk: str
    is_restorable: bool
    why: str
    has_password: bool  # of a restic repository that an app backup could be opened with


def plan_stacks(
    stacks: Sequence[DescribedStack], disks: Sequence[DiskMatch], repositories: Collection[str]
) -> list[PlannedStack]:
    """Each app in its order: from its own disk where that was found, else from a restic backup that is still there."""
    backup = _backup_left(disks, repositories)
    return [_planned(stack, disks, backup, has_password=bool(repositories)) for stack in stacks]


def _planned(
    stack: DescribedStack, disks: Sequence[DiskMatch], backup: DiskMatch | None, *, has_password: bool
) -> PlannedStack:
    home = _disk_of(stack.data_path, disks)
    is_restorable, why = _verdict(stack, home, disks, backup, has_password=has_password)
    return PlannedStack(
        stack.name,
        stack.display_name,
        "" if home is None else home.described.name,
        is_restorable,
        why,
        has_password,
    )


def _verdict(
    stack: DescribedStack,
    home: DiskMatch | None,
    disks: Sequence[DiskMatch],
    backup: DiskMatch | None,
    *,
    has_password: bool,
) -> tuple[bool, str]:
    if home is not None and home.found is not None:
        return True, f"its data lies on {home.described.name}, which was found"
    if home is not None:
        lost = f"{home.described.name}, where its data lies, was not found"
    elif stack.data_path:
        lost = "no described disk has the place where its data lies"
    elif disks and all(each.found is not None for each in disks):
        return True, "the backup does not say where its data lies, but every described disk was found"
    else:
        lost = "the backup does not say where its data lies, and not every disk was found"
    if not has_password:
        return False, f"{lost}, and there is no restic password to open a backup with"
    if backup is None:
        return False, f"{lost}, and no disk with backups was found"
    return True, f"from the restic backup on {backup.described.name}: {lost}"


def _disk_of(path: str, disks: Sequence[DiskMatch]) -> DiskMatch | None:
    """The disk whose mount path is the longest that the path lies under."""
    if not path.startswith(_SYSTEM_ROOT):
        return None
    place = PurePosixPath(path)
    holding = [each for each in disks if each.described.path and place.is_relative_to(each.described.path)]
    return max(holding, key=lambda each: len(PurePosixPath(each.described.path).parts), default=None)


def _backup_left(disks: Sequence[DiskMatch], repositories: Collection[str]) -> DiskMatch | None:
    """A found disk that has a repository on it by its path, or that is described as the one for backups."""
    homes = [_disk_of(repository, disks) for repository in repositories]
    candidates = [each for each in homes if each is not None]
    candidates += [each for each in disks if each.described.role == _BACKUP_ROLE]
    return next((each for each in candidates if each.found is not None), None)
