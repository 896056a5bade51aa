"""Brings the store up to the image: what differs by sha256 is replaced, what only the store has stays.

A seed that is missing, and what lies in it that is no asset, stop nothing: they are named in the result.
"""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from felhom_hub.assets.listing import MAX_FILE_BYTES, files_in, open_file
from felhom_hub.assets.names import is_allowed
from felhom_hub.assets.place import put, remove_left_over, stage
from felhom_hub.base.words import count_words

_NAMED = 3  # of many files as many as fit into a sentence


@dataclass
class Seeding:
    """What became of it: names of files, and for each that was left alone the reason."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    left_alone: list[tuple[str, str]] = field(default_factory=list)
    trouble: str = ""  # why it ended early

    @property
    def words(self) -> str:
        """`2 changed (a-logo.svg, b-logo.svg), 110 the same`."""
        parts = [
            f"{count_words(len(names), 'asset')} {word} ({_some(names)})"
            for word, names in (("added", self.added), ("changed", self.changed))
            if names
        ]
        parts += [f"{count_words(self.same, 'asset')} the same"] if self.same or not parts else []
        parts += [f"{count_words(len(self.left_alone), 'file')} left alone"] if self.left_alone else []
        return ", ".join(parts)


def seed_store(seed: Path, store: Path, *, seconds: float | None = None) -> Seeding:
    """The store has what the seed has; with `seconds` it ends early after that time, and goes on at the next call."""
    done = Seeding()
    ends_at = None if seconds is None else time.monotonic() + seconds
    try:
        known = {asset.filename: asset.sha256 for asset in files_in(store)}
        remove_left_over(store)
    except OSError as error:
        done.trouble = f"the store {store} cannot be used: {error.strerror}"
        return done
    try:
        names = sorted(path.name for path in seed.iterdir())
    except OSError as error:
        done.trouble = f"the seed {seed} cannot be read: {error.strerror}"
        return done
    for name in names:
        if ends_at is not None and time.monotonic() > ends_at:
            done.trouble = f"it took longer than {seconds:g} s"
            return done
        try:
            content = _content(seed / name)
        except _LeftAloneError as error:
            done.left_alone.append((name, str(error)))
            continue
        if known.get(name) == sha256(content).hexdigest():
            done.same += 1
            continue
        if name not in known and os.path.lexists(store / name):
            done.left_alone.append((name, "the store has something else of this name"))
            continue
        try:
            put(stage(store, name, content), name)
        except OSError as error:
            done.trouble = f"{store / name} cannot be written: {error.strerror}"
            return done
        (done.changed if name in known else done.added).append(name)
    return done


def differing(seed: Path, store: Path) -> tuple[str, ...] | None:
    """The names that a seeding would bring; None where there is no seed to compare with."""
    if not seed.is_dir():
        return None
    known = {asset.filename: asset.sha256 for asset in files_in(store)}
    return tuple(asset.filename for asset in files_in(seed) if known.get(asset.filename) != asset.sha256)


class _LeftAloneError(Exception):
    """Why a file of the seed is no asset."""


def _content(path: Path) -> bytes:
    if not is_allowed(path.name):
        raise _LeftAloneError("no asset has such a name")
    try:
        with open_file(path) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _LeftAloneError("it is no file")
            content = stream.read(MAX_FILE_BYTES + 1)
    except IsADirectoryError:
        raise _LeftAloneError("it is no file") from None
    except OSError as error:
        reason = "it is a link" if path.is_symlink() else f"it cannot be read: {error.strerror}"
        raise _LeftAloneError(reason) from None
    if len(content) > MAX_FILE_BYTES:
        raise _LeftAloneError(f"it is larger than {MAX_FILE_BYTES // 1024**2} MiB")
    return content


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def left_alone_words(seeding: Seeding) -> Iterator[str]:
    """A line for each file that was left alone, safe for a log."""
    for name, reason in seeding.left_alone:
        yield f"{name.encode('utf-8', 'replace').decode()[:100]!r}: {reason}"
