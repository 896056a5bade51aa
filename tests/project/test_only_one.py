import errno
import fcntl
import os
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from felhom_hub.project import only_one
from felhom_hub.project.only_one import AlreadyServedError, hold_database


def test_a_database_is_held_by_one_until_that_lets_go(tmp_path: Path) -> None:
    first = hold_database(tmp_path / "hub.db")
    assert first is not None
    with pytest.raises(AlreadyServedError, match=rf"another felhom-hub \(process {os.getpid()}\) serves .*hub\.db"):
        hold_database(tmp_path / "hub.db")
    other = hold_database(tmp_path / "other.db")
    assert other is not None
    other.close()
    first.close()

    again = hold_database(tmp_path / "hub.db")
    assert again is not None
    again.close()


def test_a_file_system_without_locks_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with capture_logs() as logs:
        assert only_one.hold_database(tmp_path / "hub.db") is None

    assert [entry["event"] for entry in logs] == ["no_lock"]


def test_a_full_disk_keeps_no_hub_from_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "write", is_full)
        held = hold_database(tmp_path / "hub.db")
    assert held is not None
    with pytest.raises(AlreadyServedError, match="another felhom-hub serves"):
        hold_database(tmp_path / "hub.db")
    held.close()
    with monkeypatch.context() as full, capture_logs() as logs:
        full.setattr(Path, "open", is_full)
        assert hold_database(tmp_path / "hub.db") is None

    assert [entry["reason"].partition(":")[0] for entry in logs] == ["No space left on device"]


def test_what_cannot_be_written_is_told_by_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        hold_database(tmp_path / "none" / "hub.db")
