import os
from pathlib import Path

import pytest

from felhom_hub.base.directories import sync_directory


def test_the_directory_itself_is_written_and_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[int, int]] = []

    def noted(descriptor: int) -> None:
        synced.append((descriptor, os.fstat(descriptor).st_ino))

    monkeypatch.setattr(os, "fsync", noted)

    sync_directory(tmp_path)

    ((descriptor, inode),) = synced
    assert inode == tmp_path.stat().st_ino
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(NotADirectoryError):
        sync_directory(path)
