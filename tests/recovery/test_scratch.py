import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from felhom_hub.recovery import scratch
from felhom_hub.recovery.scratch import PREFIX, remove_left_over, scratch_directory, scratch_place


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scratch, "_IN_MEMORY", tmp_path)


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_the_directory_is_its_owners_alone_and_gone_afterwards(tmp_path: Path) -> None:
    with scratch_directory() as made:
        (made.path / "state").mkdir()
        (made.path / "state" / "controller.yaml").write_text("secret")
        assert (made.path.parent, made.path.stat().st_mode & 0o777) == (tmp_path, 0o700)

    assert names(tmp_path) == []


def test_it_is_gone_after_a_failure_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), scratch_directory():
        raise ValueError("x")

    assert names(tmp_path) == []


def test_one_that_is_in_use_stays_and_what_a_kill_left_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}left").mkdir()
    (tmp_path / f"{PREFIX}left" / "controller.yaml").write_text("secret")
    (tmp_path / "somebody-elses").mkdir()
    (tmp_path / f"{PREFIX}file").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "somebody-elses")
    with scratch_directory() as first, scratch_directory() as second:
        assert names(tmp_path) == sorted(
            [first.path.name, second.path.name, f"{PREFIX}file", f"{PREFIX}link", "somebody-elses"]
        )


def test_a_process_that_inherited_the_lock_keeps_its_directory(tmp_path: Path) -> None:
    """The hub is killed while the controller that it started still writes."""
    hub = (
        "import os, subprocess, sys\n"
        "from pathlib import Path\n"
        "from felhom_hub.recovery import scratch\n"
        f"scratch._IN_MEMORY = Path({str(tmp_path)!r})\n"
        "with scratch.scratch_directory() as made:\n"
        "    child = subprocess.Popen(['sleep', '600'], pass_fds=(made.lock,), stdout=subprocess.DEVNULL)\n"
        "    print(child.pid, flush=True)\n"
        "    child.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", hub], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
        process.wait()
        assert (remove_left_over(tmp_path), len(names(tmp_path))) == (0, 1)
        os.kill(child, signal.SIGKILL)
        while Path(f"/proc/{child}/fd").exists() and any_lock(child):
            pass  # it dies in a moment
        assert (remove_left_over(tmp_path), names(tmp_path)) == (1, [])


def any_lock(pid: int) -> bool:
    try:
        return bool(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - a process that goes meanwhile raises here
    except OSError:
        return False


def test_without_memory_it_lies_where_the_system_puts_such_things(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scratch, "_IN_MEMORY", tmp_path / "none")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))

    assert scratch_place() == tmp_path / "temporary"
