import os
import time
from pathlib import Path

import pytest

from felhom_hub.assets.place import bring_back, put, remove_left_over, stage, take_out

NAME = "a-logo.svg"


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_staged_content_is_no_asset_before_it_is_put(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"old")
    staged = stage(tmp_path, NAME, b"new")

    assert ((tmp_path / NAME).read_bytes(), staged.read_bytes()) == (b"old", b"new")
    put(staged, NAME)
    assert ((tmp_path / NAME).read_bytes(), names(tmp_path)) == (b"new", [NAME])


def test_directory_is_made(tmp_path: Path) -> None:
    put(stage(tmp_path / "deep" / "store", NAME, b"new"), NAME)

    assert (tmp_path / "deep" / "store" / NAME).read_bytes() == b"new"
    assert (tmp_path / "deep" / "store" / NAME).stat().st_mode & 0o777 == 0o600


def test_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        stage(tmp_path, NAME, b"new")

    assert names(tmp_path) == []


def test_content_is_on_disk_before_it_has_its_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        steps.append("sync")
        sync(handle)

    def renamed(path: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)

    put(stage(tmp_path, NAME, b"new"), NAME)

    assert steps == ["sync", "rename", "sync"]


def test_what_was_taken_out_can_be_brought_back(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"a")
    take_out(tmp_path, NAME)
    assert not (tmp_path / NAME).exists()

    assert bring_back(tmp_path, NAME) is True
    assert ((tmp_path / NAME).read_bytes(), names(tmp_path)) == (b"a", [NAME])
    assert bring_back(tmp_path, NAME) is False


def test_what_has_the_name_now_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"old")
    take_out(tmp_path, NAME)
    (tmp_path / NAME).write_bytes(b"new")

    assert bring_back(tmp_path, NAME) is False
    assert (tmp_path / NAME).read_bytes() == b"new"


def test_left_over_goes_after_an_hour_and_nothing_else_does(tmp_path: Path) -> None:
    fresh = stage(tmp_path, NAME, b"fresh")
    old = [stage(tmp_path, NAME, b"old"), tmp_path / ".b-logo.svg.deleted", tmp_path / NAME, tmp_path / ".keep"]
    for path in old:
        path.touch()
        os.utime(path, (time.time() - 4000,) * 2)

    remove_left_over(tmp_path)

    assert names(tmp_path) == sorted([fresh.name, NAME, ".keep"])
    remove_left_over(tmp_path / "none")
