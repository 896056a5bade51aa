from pathlib import Path

import pytest

from felhom_controller.files import remove_leftovers, replace_file, write_synced


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "state"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir()), path.stat().st_mode & 0o777) == (b"new", [path], 0o600)


def test_a_failed_replacement_keeps_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state"
    replace_file(path, b"old")

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_a_written_file_is_private(tmp_path: Path) -> None:
    write_synced(tmp_path / "a", b"x")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_leftovers_are_those_of_the_named_files_alone(tmp_path: Path) -> None:
    names = [".a.1.new", ".a.22.new", ".b.1.new", ".a.x.new", "a", "a.1.new", ".a.1.new.txt"]
    for name in names:
        (tmp_path / name).touch()

    remove_leftovers(tmp_path, ["a"])

    assert {path.name for path in tmp_path.iterdir()} == set(names) - {".a.1.new", ".a.22.new"}
