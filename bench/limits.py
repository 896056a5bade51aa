"""A hub with half a core, as `limits: cpu: 500m` gives it in Kubernetes: by a control group, or by pausing it.

A control group needs root and a mounted cpu controller. Without, the hub runs on one core and is stopped for 50 ms of
every 100 ms, which is as much and comes at the same rhythm as the kernel's bandwidth control (period 100 ms).
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PERIOD_US, QUOTA_US = 100_000, 50_000  # what Kubernetes writes for 500m
_CGROUPS = Path("/sys/fs/cgroup")
_V1 = ("cpu", "cpu,cpuacct", "cpuacct,cpu")
_JOIN = 'echo $$ > "$0" && exec "$@"'


@dataclass
class Limit:
    """How it is done: a process joins by the `prefix` of its command, or is given to `hold` once it runs."""

    how: str
    prefix: tuple[str, ...] = ()
    group: Path | None = None
    _done: threading.Event = field(default_factory=threading.Event)
    _pauses: threading.Thread | None = None

    def hold(self, pid: int) -> None:
        """The process has half a core from now on; one that has joined a group by `prefix` has it already."""
        if self.group is None:
            os.sched_setaffinity(pid, {min(os.sched_getaffinity(pid))})
            self._pauses = threading.Thread(target=self._pause, args=(pid,))
            self._pauses.start()

    def release(self) -> None:
        """The process, if it still lives, runs on; to be called before it is asked to stop."""
        self._done.set()
        if self._pauses is not None:
            self._pauses.join()

    @property
    def held_seconds(self) -> float | None:
        """For how long the kernel has kept the group's threads from running, added up; None where nobody counts."""
        if self.group is None:
            return None
        counted = dict(line.split() for line in (self.group / "cpu.stat").read_text(encoding="ascii").splitlines())
        in_us, in_ns = counted.get("throttled_usec"), counted.get("throttled_time")
        return int(in_us) / 1e6 if in_us is not None else int(in_ns or 0) / 1e9

    def _pause(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            while not self._done.wait(QUOTA_US / 1e6):
                os.kill(pid, signal.SIGSTOP)
                self._done.wait((PERIOD_US - QUOTA_US) / 1e6)
                os.kill(pid, signal.SIGCONT)


@contextmanager
def half_a_core() -> Iterator[Limit]:
    """A limit for one process, which must be gone when the block ends."""
    group = _make_group()
    limit = Limit("one core, stopped for half of the time") if group is None else _limit_of(group)
    try:
        yield limit
    finally:
        limit.release()
        if group is not None:
            group.rmdir()


def _limit_of(group: Path) -> Limit:
    is_v2 = (group / "cpu.max").exists()
    if is_v2:
        (group / "cpu.max").write_text(f"{QUOTA_US} {PERIOD_US}", encoding="ascii")
    else:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US), encoding="ascii")
        (group / "cpu.cfs_quota_us").write_text(str(QUOTA_US), encoding="ascii")
    how = f"control group version {2 if is_v2 else 1}"
    return Limit(how, ("sh", "-c", _JOIN, str(group / "cgroup.procs")), group)


def _make_group() -> Path | None:
    """A new group with a bandwidth control, where this machine lets us; nobody else's groups are changed."""
    for parent in (_CGROUPS, *(_CGROUPS / name for name in _V1)):
        group = parent / f"felhom-hub-bench-{os.getpid()}"
        with suppress(OSError):
            group.mkdir()
            if (group / "cpu.max").exists() or (group / "cpu.cfs_quota_us").exists():
                return group
            group.rmdir()
    return None
