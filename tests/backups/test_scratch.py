import os
import subprocess
import sys
from pathlib import Path

import pytest

from felhom_hub.backups.scratch import scratch_place

LONG_AGO = 1_700_000_000

HOLD_AND_DIE = """
import os, sys
from pathlib import Path
from felhom_hub.backups.scratch import scratch_place

with scratch_place(Path(sys.argv[1])) as place:
    (place / "hub.db").write_text("a copy")
    os.kill(os.getpid(), 9)
"""


def test_a_place_is_the_owners_alone_and_gone_afterwards(tmp_path: Path) -> None:
    with scratch_place(tmp_path) as place:
        (place / "hub.db").write_text("a copy")
        assert place.parent == tmp_path
        assert place.stat().st_mode & 0o777 == 0o700

    assert list(tmp_path.iterdir()) == []


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), scratch_place(tmp_path) as place:
        place.write_text("a copy")

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_cleared_away_by_the_next_one(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", HOLD_AND_DIE, str(tmp_path)], check=False)
    (left,) = tmp_path.iterdir()
    assert (killed.returncode, (left / "hub.db").read_text()) == (-9, "a copy")
    os.utime(left, (LONG_AGO, LONG_AGO))

    with scratch_place(tmp_path) as place:
        assert list(tmp_path.iterdir()) == [place]


def test_one_that_is_used_or_was_just_made_stays(tmp_path: Path) -> None:
    with scratch_place(tmp_path) as used:
        os.utime(used, (LONG_AGO, LONG_AGO))
        young = tmp_path / ".backup-scratch-young"
        young.mkdir()

        with scratch_place(tmp_path) as place:
            assert sorted(tmp_path.iterdir()) == sorted([used, young, place])
