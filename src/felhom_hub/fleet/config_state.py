"""Whether a box runs the hub's file, in words; and by what that is known, for the section on a customer's page."""

from dataclasses import dataclass
from datetime import datetime

from felhom_hub.fleet.meters import Tone
from felhom_hub.reports.config_sync import ConfigSync, config_sync
from felhom_hub.reports.models import NodeState

_SHOWN_DIGITS = 12
_SUMMARIES = {
    ConfigSync.IN_SYNC: "runs the hub's file",
    ConfigSync.IN_SYNC_FORMATTING: "runs the hub's values, in a file of its own",
    ConfigSync.MISMATCH: "differs from the hub's",
    ConfigSync.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class ConfigState:
    """What the section prints; the hashes are the first digits of a SHA-256, empty where none is known."""

    sync: ConfigSync
    reported: str
    expected: str
    compared_at: datetime | None  # when the values of two files that are not the same were found to be
    tone: Tone

    @property
    def summary(self) -> str:
        """The section in a few words."""
        return _SUMMARIES[self.sync]


def sync_word(sync: str, *, is_managed: bool) -> str:
    """The state in a word or two, the same ones on every page; a manual customer has no configuration at the hub."""
    if sync == ConfigSync.MISMATCH:
        return "differs"
    if sync == ConfigSync.UNKNOWN and not is_managed:
        return "none"
    return sync


def config_state(node: NodeState) -> ConfigState:
    """The state of a managed customer's box that has reported."""
    sync = config_sync(node.config_hash, node.expected_hash, node.same_hash)
    return ConfigState(
        sync=sync,
        reported=_short(node.config_hash),
        expected=_short(node.expected_hash),
        compared_at=node.compared_at if sync is ConfigSync.IN_SYNC_FORMATTING else None,
        tone="warn" if sync is ConfigSync.MISMATCH else "",
    )


def _short(digest: str | None) -> str:
    return digest[:_SHOWN_DIGITS] if digest else ""
