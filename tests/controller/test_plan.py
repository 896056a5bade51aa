import pytest

from felhom_controller.disks import DiskMatch, FoundDisk
from felhom_controller.plan import PlannedStack, plan_stacks
from felhom_controller.recovered import DescribedDisk, DescribedStack

LOCAL = ("/mnt/backup/restic",)


def disk(name: str, path: str, *, is_found: bool = True, role: str = "data") -> DiskMatch:
    return DiskMatch(DescribedDisk(name, name, path, role=role), FoundDisk(name) if is_found else None)


def planned(stack: DescribedStack, disks: list[DiskMatch], repositories: tuple[str, ...] = LOCAL) -> PlannedStack:
    return plan_stacks([stack], disks, repositories)[0]


IMMICH = DescribedStack("immich", "Immich", "/mnt/hdd1/immich")
PAPERLESS = DescribedStack("paperless", "Paperless")
SYSTEM, HDD1, BACKUP = disk("system", "/"), disk("hdd1", "/mnt/hdd1"), disk("backup", "/mnt/backup", role="")
LOST_HDD1 = disk("hdd1", "/mnt/hdd1", is_found=False)
LOST_BACKUP = disk("backup", "/mnt/backup", is_found=False, role="backup")


def test_an_app_is_had_back_from_the_disk_that_its_data_lies_on() -> None:
    assert planned(IMMICH, [SYSTEM, HDD1]) == PlannedStack(
        "immich", "Immich", "hdd1", True, "its data lies on hdd1, which was found", True
    )


def test_a_name_that_only_begins_alike_is_another_disk() -> None:
    assert planned(DescribedStack("a", "A", "/mnt/hdd10/a"), [SYSTEM, HDD1]).disk == "system"


@pytest.mark.parametrize(
    ("stack", "disks", "repositories", "is_restorable", "why"),
    [
        (IMMICH, [LOST_HDD1, BACKUP], LOCAL, True,
         "from the restic backup on backup: hdd1, where its data lies, was not found"),
        (IMMICH, [LOST_HDD1, disk("b", "/mnt/b", role="backup")], ("local",), True,
         "from the restic backup on b: hdd1, where its data lies, was not found"),
        (IMMICH, [LOST_HDD1, BACKUP], (), False,
         "hdd1, where its data lies, was not found, and there is no restic password to open a backup with"),
        (IMMICH, [LOST_HDD1, LOST_BACKUP], LOCAL, False,
         "hdd1, where its data lies, was not found, and no disk with backups was found"),
        (IMMICH, [BACKUP], ("local",), False,
         "no described disk has the place where its data lies, and no disk with backups was found"),
        (PAPERLESS, [HDD1, BACKUP], LOCAL, True,
         "the backup does not say where its data lies, but every described disk was found"),
        (PAPERLESS, [LOST_HDD1, BACKUP], LOCAL, True,
         "from the restic backup on backup: the backup does not say where its data lies, and not every disk was found"),
        (PAPERLESS, [], (), False,
         ("the backup does not say where its data lies, and not every disk was found, "
          "and there is no restic password to open a backup with")),
    ],
)  # fmt: skip
def test_without_its_disk_an_app_needs_a_backup_that_is_there_and_opens(
    stack: DescribedStack, disks: list[DiskMatch], repositories: tuple[str, ...], is_restorable: bool, why: str
) -> None:
    found = planned(stack, disks, repositories)

    assert (found.is_restorable, found.why, found.has_password) == (is_restorable, why, bool(repositories))
