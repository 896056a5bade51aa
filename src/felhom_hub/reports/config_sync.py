"""Whether a box runs the configuration that the hub has for it, told from hashes. Pure."""

from enum import StrEnum


class ConfigSync(StrEnum):
    """What an operator reads."""

    IN_SYNC = "in sync"
    IN_SYNC_FORMATTING = "in sync (formatting differs)"  # other bytes, and every value the same
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"  # the box reports no hash, or the hub makes no file for it


def told_outside(sync: ConfigSync) -> str:
    """The word that the read API promises: one of three, since how a file is formatted is nobody's business there."""
    return ConfigSync.IN_SYNC if sync is ConfigSync.IN_SYNC_FORMATTING else sync


def config_sync(reported_hash: str | None, expected_hash: str | None, same_hash: str | None) -> ConfigSync:
    """The sync of a box that reports `reported_hash`.

    `same_hash` is a reported hash whose values were compared with the expected file's and found equal.
    """
    if reported_hash is None or expected_hash is None:
        return ConfigSync.UNKNOWN
    if reported_hash == expected_hash:
        return ConfigSync.IN_SYNC
    return ConfigSync.IN_SYNC_FORMATTING if reported_hash == same_hash else ConfigSync.MISMATCH
