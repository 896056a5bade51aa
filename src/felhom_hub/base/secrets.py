"""Seals secrets for the database and opens them again: AES-256-GCM envelopes, and the ring of keys (decision 0007).

What is a secret, and the purpose that ties an envelope to its row, is decided by the rooms.
"""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from felhom_hub.base.directories import sync_directory
from felhom_hub.base.secret_keys import KEY_BYTES, SecretKey, format_secret_key, parse_secret_keys

_VERSION = "v1"
# 96 random bits are what NIST SP 800-38D, 8.2.2 recommends; one key may seal 2^32 times with them.
_NONCE_BYTES = 12
_OTHERS = 0o077

log = structlog.get_logger(__name__)


class SecretsError(Exception):
    """A secret cannot be sealed or opened; the message is one plain sentence and holds none."""


class NoKeyring(SecretsError):
    """The keys cannot be read or made."""


class UnknownKey(SecretsError):
    """The envelope was sealed with a key that this hub does not have."""


class NotAuthentic(SecretsError):
    """The envelope was changed, or belongs to something else."""


@dataclass(frozen=True)
class Keyring:
    """At least one key. The first seals, all open."""

    keys: tuple[SecretKey, ...]

    def seal(self, plaintext: str | bytes, *, purpose: str) -> str:
        """An envelope of printable ASCII that opens for the same purpose only."""
        active = self.keys[0]
        nonce = secrets.token_bytes(_NONCE_BYTES)
        data = plaintext.encode() if isinstance(plaintext, str) else plaintext
        sealed = AESGCM(active.key).encrypt(nonce, data, _bound_to(active.key_id, purpose))
        return ":".join((_VERSION, active.key_id, _to_text(nonce), _to_text(sealed)))

    def open(self, envelope: str, *, purpose: str) -> bytes:
        """What was sealed; raises UnknownKey or NotAuthentic."""
        key_id, nonce, sealed = _parts_of(envelope)
        key = next((key for key in self.keys if key.key_id == key_id), None)
        if key is None:
            raise UnknownKey(
                f'A stored secret was sealed with the key "{key_id}", which this hub does not have; bring that key '
                "back in secrets.keys or secrets.key_file"
            )
        try:
            return AESGCM(key.key).decrypt(nonce, sealed, _bound_to(key_id, purpose))
        except (InvalidTag, ValueError):
            raise NotAuthentic("A stored secret was changed, or belongs to something else") from None


def seal(plaintext: str | bytes, *, purpose: str) -> str:
    """The plaintext in an envelope, sealed with the active key; `purpose` names its row, as in "api_key:kovacs"."""
    return keyring().seal(plaintext, purpose=purpose)


def open_sealed(envelope: str, *, purpose: str) -> bytes:
    """What was sealed for `purpose`; raises UnknownKey, NotAuthentic or NoKeyring."""
    return keyring().open(envelope, purpose=purpose)


def open_text(envelope: str, *, purpose: str) -> str:
    """As `open_sealed`, for what was sealed as text."""
    return open_sealed(envelope, purpose=purpose).decode()


def head_of(key_id: str) -> str:
    """What every envelope begins with that the key has sealed, and no other."""
    return f"{_VERSION}:{key_id}:"


def keyring() -> Keyring:
    """The process's keys: read when they are first needed, and again when their file has become another one.

    So a hub that serves seals with a new key from its next use on. A file that cannot be read any more leaves the keys
    that were. Raises NoKeyring.
    """
    configured, key_file = settings.HUB.secrets.keys, settings.HUB.secrets.key_file
    present = (configured, key_file, None if configured else _look_of(key_file))
    if _read is not None and _read[0] == present:
        return _read[1]
    return _read_anew(present)


def forget_keyring() -> None:
    """The next use reads the keys anew."""
    global _read  # noqa: PLW0603 - the process's own
    _read = None


def _read_anew(present: "_Present") -> Keyring:
    global _read  # noqa: PLW0603 - likewise
    before = _read
    is_the_same_place = before is not None and before[0][:2] == present[:2]
    try:
        if before is not None and is_the_same_place and present[2] is None:
            raise NoKeyring(f"{present[1]} is not there any more")  # noqa: TRY301 - a new one must not be made
        ring = load_or_make_keyring(present[0], present[1])
    except NoKeyring as error:
        if before is None or not is_the_same_place:
            raise
        log.warning("keys_not_read_anew", reason=str(error))
        ring = before[1]
    # Looked at before it was read: a file that was replaced in between is read once more.
    _read = (present if present[2] is not None or present[0] else (*present[:2], _look_of(present[1])), ring)
    return ring


def add_key(key_file: Path) -> SecretKey:
    """A new key is the first one of the file, which is there whole at every moment; the others stay behind it.

    The file keeps its owner, for root may do this for a hub that has a user of its own. Two who do this at once wait
    for each other. Raises NoKeyring.
    """
    with _plainly("changed", key_file), _alone_in(key_file.parent):
        before = key_file.read_text(encoding="utf-8-sig")
        parse_secret_keys(before)
        key = _new_key()
        found = key_file.stat()
        draft = _draft_beside(key_file, f"{format_secret_key(key)}\n{before}", mode=S_IMODE(found.st_mode))
        os.chown(draft, found.st_uid, found.st_gid)
        draft.replace(key_file)
        sync_directory(key_file.parent)
    return key


def load_or_make_keyring(configured: tuple[SecretKey, ...], key_file: Path) -> Keyring:
    """The configured keys, else those in the file; where there is neither, the file is made with one new key.

    Processes that start at the same time find the same key. Raises NoKeyring.
    """
    if configured:
        return Keyring(configured)
    with _plainly("read", key_file):
        if not key_file.exists():
            _make_key_file(key_file)
        keys = parse_secret_keys(key_file.read_text(encoding="utf-8-sig"))
    if not keys:
        raise NoKeyring(f"{key_file} holds no key; bring its content back, or remove it to have a new key made")
    return Keyring(keys)


def exposure_warning(configured: tuple[SecretKey, ...], key_file: Path) -> str | None:
    """What to tell the operator when others on this machine may read the file of the keys in use."""
    if configured:
        return None
    try:
        mode = S_IMODE(key_file.stat().st_mode)
    except OSError:  # whoever needs the keys will say so
        return None
    return f"{key_file} can be read by others (mode {mode:03o}); set it to 600" if mode & _OTHERS else None


_Look = tuple[int, int, int]
_Present = tuple[tuple[SecretKey, ...], Path, _Look | None]
_read: tuple[_Present, Keyring] | None = None


def _look_of(path: Path) -> _Look | None:
    """Another one for a file that was changed or replaced; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _new_key() -> SecretKey:
    # A random id: should the file be lost and made anew, old envelopes name a missing key instead of a wrong one.
    return SecretKey(f"k{secrets.token_hex(4)}", secrets.token_bytes(KEY_BYTES))


def _draft_beside(path: Path, text: str, *, mode: int = 0o600) -> Path:
    """A file with this text, whole and on disk, that is to take the place of `path`."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _make_key_file(path: Path) -> None:
    """The file is there, whole and on disk, with a key of ours or of whoever was quicker."""
    with _plainly("made", path):
        draft = _draft_beside(path, format_secret_key(_new_key()) + "\n")
        try:
            # Unlike a rename, a link never replaces a file that another process has made meanwhile.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
        sync_directory(path.parent)


@contextmanager
def _plainly(done: str, path: Path) -> Iterator[None]:
    """Whatever is wrong with the file becomes one sentence."""
    try:
        yield
    except OSError as error:
        raise NoKeyring(f"{path} cannot be {done}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise NoKeyring(f"{path} cannot be {done}: it is not text") from None
    except ValueError as error:
        raise NoKeyring(f"{path} must hold keys, each id:base64-of-32-bytes, one a line: {error}") from None


def _bound_to(key_id: str, purpose: str) -> bytes:
    """What the envelope's tag covers beside the ciphertext."""
    return f"felhom-hub:{_VERSION}:{key_id}:{purpose}".encode()


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _to_bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _parts_of(envelope: str) -> tuple[str, bytes, bytes]:
    try:
        version, key_id, nonce, sealed = envelope.split(":")
        parts = key_id, _to_bytes(nonce), _to_bytes(sealed)
    except ValueError:
        raise NotAuthentic("A stored secret is not in an envelope") from None
    if version != _VERSION:
        raise NotAuthentic(f'A stored secret is in an envelope of version "{version}", which this hub cannot read')
    return parts
