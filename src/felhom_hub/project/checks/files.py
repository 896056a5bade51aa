"""The data directory, its disk, and the file of the keys: whether the hub could use them as they are."""

import os
import shutil
from pathlib import Path

from felhom_hub.base.secret_keys import parse_secret_keys
from felhom_hub.project.checks.findings import Finding, fail, ok, warn
from felhom_hub.project.options import Secrets
from felhom_hub.project.sources import UnreadableError, read_text

# Below either the operator should look: a fleet of a hundred fills some 5 MB a day (docs/performance.md).
FEW_FREE_MB = 500
FEW_FREE_PERCENT = 10

_OTHERS = 0o077
_MB = 1_000_000
_MAY_ASK = os.access in os.supports_effective_ids


def check_data_dir(path: Path) -> Finding:
    """Whether the directory is there and writable, or could be made."""
    fault = _fault_of(path)
    if fault:
        return fail("data directory", f"{fault}; see server.data_dir")
    return _fit("data directory", path, "the first start makes it")


def check_assets_dir(path: Path) -> Finding:
    """Whether the controllers' files can be read, and others be put beside them; nothing else needs the directory."""
    if path.is_dir() and not os.access(path, os.R_OK | os.X_OK, effective_ids=_MAY_ASK):
        return warn("assets", f"{path} is not readable for this user; see assets.dir")
    fault = _fault_of(path)
    if fault:
        return warn("assets", f"{fault}: no file can be added; see assets.dir")
    return _fit("assets", path, "it is made for the first file")


def _fit(check: str, path: Path, made: str) -> Finding:
    return ok(check, f"{path} is writable" if path.exists() else f"{path} does not exist yet; {made}")


def _fault_of(path: Path) -> str:
    """Why nothing can be written in the directory, or it could not be made; empty where nothing stands against it."""
    nearest = _nearest_existing(path)
    if not nearest.is_dir():
        return f"{nearest} is not a directory"
    return "" if _may_write_in(nearest) else f"{nearest} is not writable for this user"


def check_free_space(path: Path) -> Finding:
    """Whether the disk of the directory, or of the one it would be made in, has room."""
    try:
        usage = shutil.disk_usage(_nearest_existing(path))
    except OSError as error:
        return fail("free space", f"the disk of {path} cannot be asked: {(error.strerror or str(error)).lower()}")
    return judge_free_space(usage.free, usage.total)


def judge_free_space(free_bytes: int, total_bytes: int) -> Finding:
    """A warning where less is free than the operator should let be; a full disk stores no report."""
    free_mb, percent = free_bytes // _MB, 100 * free_bytes // max(total_bytes, 1)
    message = f"{free_mb} MB of {total_bytes // _MB} MB are free ({percent} %)"
    if free_mb == 0:
        return fail("free space", f"{message}: no report could be stored")
    if free_mb < FEW_FREE_MB or percent < FEW_FREE_PERCENT:
        return warn("free space", f"{message}: less than {FEW_FREE_MB} MB or {FEW_FREE_PERCENT} %")
    return ok("free space", message)


def check_secret_keys(secrets: Secrets, *, has_database: bool) -> Finding:
    """Whether the keys that seal stored secrets are there, sound, and for nobody else to read."""
    if secrets.keys:
        return ok("secret keys", f"{len(secrets.keys)} given by secrets.keys, {secrets.keys[0].key_id} is active")
    try:
        return _check_key_file(secrets.key_file)
    except FileNotFoundError:
        return _without_key_file(secrets.key_file, has_database=has_database)
    except OSError as error:
        return fail("secret keys", f"{secrets.key_file} cannot be read: {(error.strerror or str(error)).lower()}")
    except UnreadableError as error:
        return fail("secret keys", f"{secrets.key_file} cannot be read: {error}")


def _check_key_file(path: Path) -> Finding:
    mode = path.stat().st_mode & 0o777
    try:
        keys = parse_secret_keys(read_text(path))
    except ValueError as error:
        return fail("secret keys", f"{path} must hold keys, each id:base64-of-32-bytes, one a line: {error}")
    if not keys:
        return fail("secret keys", f"{path} holds no key")
    if mode & _OTHERS:
        return warn("secret keys", f"{path} can be read by others (mode {mode:03o}); set it to 600")
    return ok("secret keys", f"{len(keys)} in {path}, {keys[0].key_id} is active")


def _without_key_file(path: Path, *, has_database: bool) -> Finding:
    if has_database:
        return warn(
            "secret keys", f"{path} is missing beside a database, which nobody can then read whole; bring it back"
        )
    return ok("secret keys", f"{path} does not exist yet; the first start makes it")


def _nearest_existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if os.path.lexists(place))


def may_write_below(path: Path) -> bool:
    """Whether this user may write in the directory, or make it."""
    nearest = _nearest_existing(path)
    return nearest.is_dir() and _may_write_in(nearest)


def _may_write_in(directory: Path) -> bool:
    return os.access(directory, os.W_OK | os.X_OK, effective_ids=_MAY_ASK)
