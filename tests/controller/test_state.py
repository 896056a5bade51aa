import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from felhom_controller.state import StateDirectory, StateInUseError


def test_the_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path / "a" / "b")
    state.prepare()
    state.prepare()
    assert state.path.stat().st_mode & 0o777 == 0o700


def test_the_lock_is_free_again_once_it_is_closed(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    handle = state.lock()
    with pytest.raises(StateInUseError, match="another controller runs on"):
        state.lock()
    os.close(handle)
    os.close(state.lock())


def test_what_a_killed_controller_left_half_written_is_gone_with_the_next_ones_start(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    for name in ("controller.yaml", "controller.yaml.previous", "restic-passwords.json", "last-report.json"):
        (tmp_path / f".{name}.4711.new").write_text("half of it, with a secret")
    # Another command's that may be under way, and what is nobody's leftover.
    kept = [".assets-fetched.json.4711.new", ".controller.yaml.mine.new", "controller.yaml", ".controller.yaml.swp"]
    for name in kept:
        (tmp_path / name).touch()

    os.close(state.lock())

    assert {path.name for path in tmp_path.iterdir()} == {*kept, "lock"}


def test_a_directory_in_use_keeps_what_is_being_written(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    handle = state.lock()
    under_way = tmp_path / ".controller.yaml.4711.new"
    under_way.touch()
    with pytest.raises(StateInUseError):
        state.lock()
    os.close(handle)
    assert under_way.exists()


def test_a_wished_update_is_on_disk_with_its_time(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    state.record_update_wish()
    assert list(msgspec.json.decode(state.update_wish.read_bytes(), type=dict[str, Any])) == ["wished_at"]
