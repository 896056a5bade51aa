"""Where a controller keeps what must outlive it: configuration, spooled events, last report, a wished update."""

import fcntl
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from felhom_controller.files import remove_leftovers, replace_file

_log = structlog.get_logger("felhom_controller.state")


class StateInUseError(Exception):
    """Another controller runs on this directory."""


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """The directory and the names in it."""

    path: Path

    @property
    def spool(self) -> Path:
        return self.path / "spool"

    @property
    def config(self) -> Path:
        return self.path / "controller.yaml"

    @property
    def settings(self) -> Path:
        return self.path / "settings.json"

    @property
    def restic_passwords(self) -> Path:
        return self.path / "restic-passwords.json"

    @property
    def last_report(self) -> Path:
        return self.path / "last-report.json"

    @property
    def update_wish(self) -> Path:
        return self.path / "update-wished.json"

    @property
    def assets(self) -> Path:
        return self.path / "assets"

    @property
    def fetched_assets(self) -> Path:
        return self.path / "assets-fetched.json"

    def prepare(self) -> None:
        """The directory exists, open to its owner alone; raises OSError."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def lock(self) -> int:
        """This process is the directory's only controller until it ends; returns the lock's file descriptor.

        What one that was killed left half written is gone: there may be secrets in it. Raises StateInUseError, OSError.
        """
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise StateInUseError(f"another controller runs on {self.path}; give each its own --state-dir") from None
        written = (self.config, self.settings, self.restic_passwords, self.last_report, self.update_wish)
        names = [path.name for path in written]
        remove_leftovers(self.path, [*names, *(f"{name}.previous" for name in names)])
        return handle

    def record_update_wish(self) -> None:
        """The hub's wish for an update is on disk, with its time."""
        replace_file(self.update_wish, msgspec.json.encode({"wished_at": datetime.now(UTC)}))
        _log.info("the hub wishes an update; this controller is updated by its package")
