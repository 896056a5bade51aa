from pathlib import Path

from felhom_hub.backups.place import is_on_same_disk


def test_what_lies_on_one_volume_is_told_from_what_does_not(tmp_path: Path) -> None:
    database = tmp_path / "data" / "hub.db"

    assert is_on_same_disk(tmp_path / "backups", database)
    assert is_on_same_disk(str(tmp_path), database)
    assert not is_on_same_disk("/proc/backups", database)
