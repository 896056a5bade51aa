"""Measures a snapshot by the last good one: what of it there is suspiciously less. Pure."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from felhom_hub.base.words import count_words, number_words
from felhom_hub.recovery.contents import CONFIG, Contents

# After so long a smaller size is what the box has now, and the operator has been told of it.
SHRUNK_FOR: Final = timedelta(days=7)
# A snapshot grows and shrinks by an app or two; one that has lost half of anything is not the same box any more.
_LEFT: Final = 0.5


class Measures(msgspec.Struct, frozen=True):
    """What the last good version had, for the comparison with the next ones."""

    version: int
    received_on: str  # the day in words
    size_bytes: int
    keys: int
    disks: int
    stacks: int
    passwords: int
    # The first version since that has less than it should, and when that came; None where the newest one has enough.
    smaller: "Measures | None" = None
    received_at: datetime | None = None  # of a smaller one only


def measures_of(contents: Contents, version: int, received_on: str) -> Measures:
    """What later versions are measured by, once this one is good."""
    counts = len(contents.disks), len(contents.stacks), contents.passwords
    return Measures(version, received_on, contents.size_bytes, contents.keys, *counts)


def shrunk(contents: Contents, good: Measures | None) -> list[str]:
    """What the version has suspiciously less of than the good one, a sentence each; nothing without a good one."""
    if good is None or contents.too_large:
        return []
    against = f"version {good.version} of {good.received_on}"
    size_left = contents.size_bytes / good.size_bytes if good.size_bytes else 1.0
    found = []
    if size_left < _LEFT:
        found.append(f"The snapshot is {number_words((1 - size_left) * 100)} % smaller than {against}")
    for before, after, one in (
        (good.keys, contents.keys, f"{CONFIG} key"),
        (good.disks, len(contents.disks), "drive"),
        (good.stacks, len(contents.stacks), "app"),
    ):
        if after < before * _LEFT or (before > 0 and after == 0):
            found.append(f"It has {count_words(after, one)}, {against} had {before}")
    return found


def lost_passwords(contents: Contents, good: Measures | None) -> str:
    """That the version has fewer restic passwords than the good one: of these not one may be missing."""
    if good is None or contents.passwords >= good.passwords:
        return ""
    count = count_words(contents.passwords, "restic password")
    return f"It has {count}, version {good.version} of {good.received_on} had {good.passwords}"


def is_less(contents: Contents, good: Measures | None) -> bool:
    """Whether the version has less of anything than it should."""
    return bool(shrunk(contents, good) or lost_passwords(contents, good))


def smaller_since(contents: Contents, good: Measures, received_at: datetime) -> datetime:
    """Since when the versions have been as small as this one, which came at `received_at`.

    Not the bytes count, which may be others each day: one that is again smaller than it should be begins anew.
    """
    held = good.smaller
    if held is None or held.received_at is None or is_less(contents, held):
        return received_at
    return min(held.received_at, received_at)


def with_smaller(
    good: Measures, contents: Contents, *, number: int, received_on: str, received_at: datetime
) -> Measures:
    """The good version's measures after a later one that is not good: they remember since when there has been less."""
    if contents.broken or contents.too_large:
        return good  # how much is in it is not known
    if not is_less(contents, good):
        return msgspec.structs.replace(good, smaller=None)
    if good.smaller is not None and not is_less(contents, good.smaller):
        return good
    smaller = msgspec.structs.replace(measures_of(contents, number, received_on), received_at=received_at)
    return msgspec.structs.replace(good, smaller=smaller)
