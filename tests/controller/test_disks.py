import pytest

from felhom_controller.disks import DisksError, FoundDisk, as_described, match_disks, on_this_machine, read_disks
from felhom_controller.recovered import DescribedDisk

SYSTEM = DescribedDisk("Rendszer", "aaaa", "/", role="system")
HDD1 = DescribedDisk("hdd1", "0F8D-11", "/mnt/hdd1", "/dev/sda1", "ext4", "data")
HDD2 = DescribedDisk("hdd2", "2222", "/mnt/hdd2")


def test_disks_are_found_by_uuid_whatever_they_are_called_now() -> None:
    there = [FoundDisk("2222", "/dev/sda1"), FoundDisk("0f8d-11", "/dev/sdc1", "ext4"), FoundDisk("9999", "/dev/sdx1")]
    matching = match_disks([HDD1, HDD2], there)

    assert [each.found for each in matching.disks] == [there[1], there[0]]
    assert (matching.matched, matching.new, matching.gaps) == (2, (there[2],), ())


@pytest.mark.parametrize(
    ("described", "found", "gap"),
    [
        (HDD2, [], "hdd2 (UUID 2222) was not found"),
        (DescribedDisk("hdd3"), [FoundDisk("")], "hdd3 has no UUID in the backup, so that it cannot be recognised"),
        (HDD2, [FoundDisk("2222"), FoundDisk("2222")], "hdd2 was found 2 times: several disks have the UUID 2222"),
    ],
)
def test_a_disk_that_is_not_there_for_sure_is_a_gap(described: DescribedDisk, found: list[FoundDisk], gap: str) -> None:
    matching = match_disks([described], found)

    assert (matching.matched, matching.gaps) == (0, (gap,))


def test_a_new_system_disk_is_what_a_lost_box_has() -> None:
    matching = match_disks([SYSTEM, HDD2], [FoundDisk("2222")])

    assert (matching.matched, matching.gaps) == (1, ())


def test_two_described_disks_with_one_uuid_or_one_place_are_told() -> None:
    twin = DescribedDisk("twin", "2222", "/mnt/hdd2")
    matching = match_disks([HDD2, twin], [FoundDisk("2222")])

    assert matching.matched == 0
    assert matching.gaps == (
        "hdd2 has the same UUID in the backup as another disk, so that it cannot be recognised",
        "twin has the same UUID in the backup as another disk, so that it cannot be recognised",
        "2 disks are described at /mnt/hdd2",
    )


def test_a_disk_with_another_file_system_is_found_and_told() -> None:
    matching = match_disks([HDD1], [FoundDisk("0f8d-11", fstype="ntfs")])

    assert (matching.matched, matching.gaps) == (
        1,
        ("hdd1 was found, but with the file system ntfs in place of ext4",),
    )


def test_a_rehearsal_finds_what_is_described_but_for_what_is_left_out() -> None:
    nameless = DescribedDisk("no uuid")

    assert as_described([SYSTEM, HDD1, HDD2, nameless], ["0f8d-11"]) == [FoundDisk("aaaa"), FoundDisk("2222")]
    with pytest.raises(DisksError, match="no disk with the UUID 1234"):
        as_described([HDD1], ["1234"])


def test_a_list_of_disks_is_read_whatever_else_is_in_it() -> None:
    content = b'[{"uuid": "2222", "device": "/dev/sda1", "fstype": "ext4", "size_gb": 931, "x": 1}, {"uuid": ""}]'

    assert read_disks(content) == [FoundDisk("2222", "/dev/sda1", "ext4", 931.0)]
    assert on_this_machine({"/dev/sda1": "2222"}) == [FoundDisk("2222", "/dev/sda1")]


@pytest.mark.parametrize("content", [b"", b"{}", b'["a"]', b'[{"device": "/dev/sda1"}]', b'[{"uuid": 7}]'])
def test_a_list_of_disks_that_cannot_be_read_is_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(DisksError, match="the list of disks"):
        read_disks(content)
