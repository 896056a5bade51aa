"""Downloads logos and screenshots from the hub: what changed by sha256, verified, replaced whole.

Removed is only what was fetched from the hub, is still as it was fetched, and is at the hub no more.
"""

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import msgspec
import structlog

from felhom_controller.client import HubClient, HubError
from felhom_controller.files import replace_file, sync_directory
from felhom_controller.state import StateDirectory

MANIFEST_PATH, FILE_PATH = "/api/v1/assets/manifest", "/api/v1/assets/file/"
_MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024
_FILE_LIMIT_BYTES = 16 * 1024 * 1024
# A hub's word is no reason to write elsewhere: one plain name, which cannot begin with a dot or hold a separator.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}", re.ASCII)

_log = structlog.get_logger("felhom_controller.assets")


class AssetsError(Exception):
    """The sync cannot be done; what was there is still there."""


class _ListedFile(msgspec.Struct, frozen=True):
    filename: str
    size: int
    sha256: str


class _Manifest(msgspec.Struct, frozen=True):
    version: int
    files: list[_ListedFile]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did; `failed` names what is still as it was before."""

    version: int
    downloaded: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    same: int = 0


def sync_assets(client: HubClient, key: str, state: StateDirectory) -> Synced:
    """The directory has the hub's assets; raises HubError, AssetsError and OSError.

    One file that cannot be had does not keep the others from coming.
    """
    with _alone(state):
        manifest = _manifest(client.download(MANIFEST_PATH, key=key, limit_bytes=_MANIFEST_LIMIT_BYTES))
        state.assets.mkdir(mode=0o700, parents=True, exist_ok=True)
        wanted = {file.filename: file for file in manifest.files if _is_possible(file, state.assets)}
        changed = [file for file in wanted.values() if _digest(state.assets / file.filename) != file.sha256]
        # Noted before they are fetched: after a crash in between, what came is still known as the hub's.
        fetched = _read_fetched(state) | {file.filename: file.sha256 for file in changed}
        if changed:
            replace_file(state.fetched_assets, msgspec.json.encode(fetched))
        failed = [file.filename for file in changed if not _fetch(client, key, file, state.assets)]
        # A hub whose volume is missing lists nothing; that is no reason to take the logos away.
        removed = _remove_gone(state, fetched, {file.filename for file in manifest.files}) if manifest.files else ()
    downloaded = tuple(file.filename for file in changed if file.filename not in failed)
    return Synced(manifest.version, downloaded, removed, tuple(failed), len(wanted) - len(changed))


def _manifest(content: bytes) -> _Manifest:
    try:
        return msgspec.json.decode(content, type=_Manifest)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise AssetsError("something answered, but with no manifest as a hub's; is --hub right?") from None


def _is_possible(file: _ListedFile, directory: Path) -> bool:
    if _NAME.fullmatch(file.filename) is None or not 0 <= file.size <= _FILE_LIMIT_BYTES:
        _log.warning("asset left out; its name or size cannot be", name=file.filename[:64], size=file.size)
        return False
    path = directory / file.filename
    if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
        _log.warning("asset left out; something else has its name here", name=file.filename)
        return False
    return True


def _fetch(client: HubClient, key: str, file: _ListedFile, directory: Path) -> bool:
    try:
        content = client.download(FILE_PATH + file.filename, key=key, limit_bytes=file.size)
    except HubError as error:
        if error.status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            raise
        _log.warning("asset not downloaded; the one before stays", name=file.filename, reason=str(error))
        return False
    if sha256(content).hexdigest() != file.sha256:
        # It changed at the hub since the manifest, or on the way.
        _log.warning("asset is not what the manifest says; the one before stays", name=file.filename)
        return False
    replace_file(directory / file.filename, content)
    return True


def _remove_gone(state: StateDirectory, fetched: dict[str, str], listed: set[str]) -> tuple[str, ...]:
    gone = sorted(fetched.keys() - listed)
    removed = [name for name in gone if _digest(state.assets / name) == fetched[name]]
    for name in removed:
        (state.assets / name).unlink()
    if gone:
        sync_directory(state.assets)
        replace_file(
            state.fetched_assets, msgspec.json.encode({name: fetched[name] for name in fetched if name in listed})
        )
    return tuple(removed)


def _read_fetched(state: StateDirectory) -> dict[str, str]:
    """What was fetched, by name; nothing where another version left something else."""
    try:
        fetched = msgspec.json.decode(state.fetched_assets.read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError, ValueError):
        return {}
    return {name: digest for name, digest in fetched.items() if _NAME.fullmatch(name)}


def _digest(path: Path) -> str | None:
    """The sha256 of a regular file, None for all else."""
    try:
        return sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(path.lstat().st_mode) else None
    except FileNotFoundError:
        return None


@contextmanager
def _alone(state: StateDirectory) -> Iterator[None]:
    """The command and the running controller do not sync at once."""
    handle = os.open(state.path / "assets.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise AssetsError("another sync of the assets is under way") from None
    finally:
        os.close(handle)
