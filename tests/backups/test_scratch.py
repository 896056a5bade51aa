import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from felhom_hub.backups.scratch import scratch_place

LONG_AGO = 1_700_000_000
NOBODY = 65534

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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_what_somebody_else_left_is_theirs_to_clear_away() -> None:
    """Root backs up by hand what a hub with a user of its own backs up by itself."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own are closed to everybody else
        os.chown(name, NOBODY, NOBODY)
        left = Path(name, ".backup-scratch-of-root")
        left.mkdir(mode=0o700)
        os.utime(left, (LONG_AGO, LONG_AGO))
        os.seteuid(NOBODY)
        try:
            with scratch_place(Path(name)):
                pass
        finally:
            os.seteuid(0)

        assert list(Path(name).iterdir()) == [left]
