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


def test_a_wished_update_is_on_disk_with_its_time(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    state.record_update_wish()
    assert list(msgspec.json.decode(state.update_wish.read_bytes(), type=dict[str, Any])) == ["wished_at"]
