"""The infrastructure backup: what this box is rebuilt from, and when it is sent. Same box, same bytes.

What varies from minute to minute is left out, so that the hub gets a new version only where something has changed.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from felhom_controller.report import Report

EVERY_SECONDS = 86_400.0
_BY_UUID = Path("/dev/disk/by-uuid")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the box has beside its report; the files as they are, None for one that is not there."""

    config: bytes | None
    settings: bytes | None = None
    uuids: Mapping[str, str] = field(default_factory=dict)  # by device
    restic_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)  # by repository
    data_paths: Mapping[str, str] = field(default_factory=dict)  # by stack; where its data lies, if that is known


@dataclass(slots=True)
class Pushed:
    """What was sent last, and when by the same clock as `is_due` is asked; a restart sends it once more."""

    digest: bytes = b""
    at: float = 0.0

    def is_due(self, body: bytes, now: float) -> bool:
        """True where it is another one than the last, or a day has gone by."""
        return self.digest != _digest(body) or not 0 <= now - self.at < EVERY_SECONDS

    def note(self, body: bytes, now: float) -> None:
        """The body is at the hub."""
        self.digest, self.at = _digest(body), now


def snapshot_of(report: Report, holdings: Holdings) -> bytes:
    """The backup as it goes over the wire."""
    disks = [
        {
            "name": drive.name,
            "path": drive.path,
            "device": drive.device,
            "fstype": drive.fstype,
            "role": drive.role,
            "total_gb": drive.total_gb,
            "uuid": holdings.uuids.get(drive.device or ""),
        }
        for drive in report.storage or ()
    ]
    stacks = [
        {
            "name": stack.name,
            "display_name": stack.display_name,
            "version": stack.version,
            "data_path": holdings.data_paths.get(stack.name),
        }
        for stack in report.stacks or ()
    ]
    return msgspec.json.encode(
        {
            "customer_id": report.customer_id,
            "controller_yaml": _packed(holdings.config),
            "settings_json": _packed(holdings.settings),
            "disk_layout": disks,
            "stacks": stacks,
            "restic_passwords": dict(sorted(holdings.restic_passwords.items())),
        }
    )


def holdings_at(directory: Path, config: bytes | None) -> Holdings:
    """What a real machine has: files of its state directory, and the drives' UUIDs. A file that is not there is none.

    `restic-passwords.json` is an object, repository to password, as whoever set restic up has written it. Raises
    OSError where a file cannot be read, ValueError where that one is no such object.
    """
    passwords = _read(directory / "restic-passwords.json")
    return Holdings(
        config,
        _read(directory / "settings.json"),
        drive_uuids(),
        {} if passwords is None else msgspec.json.decode(passwords, type=dict[str, str]),
    )


def drive_uuids(by_uuid: Path = _BY_UUID) -> dict[str, str]:
    """The UUID of each device that has one."""
    if not by_uuid.is_dir():  # in a container there is none
        return {}
    return {str(link.resolve()): link.name for link in sorted(by_uuid.iterdir())}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _packed(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
