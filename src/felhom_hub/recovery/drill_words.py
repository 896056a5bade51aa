"""A drill as pages and commands say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from felhom_hub.base.words import count_words, span_words
from felhom_hub.recovery.drill_outcome import Result
from felhom_hub.recovery.models import Drill

RESULT_WORDS: Final = {Result.PASSED: "passed", Result.GAPS: "with gaps", Result.FAILED: "failed"}
_TONES: Final = {Result.PASSED: "ok", Result.GAPS: "warn", Result.FAILED: "down"}
_SHOWN: Final = 5
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class DrillShown:
    """One drill in words; `more` is how many findings are not among those shown."""

    customer_id: str
    name: str
    at: datetime
    actor: str
    tone: str
    result: str
    took: str
    apps: str
    disks: str
    snapshot_version: int | None
    found: Sequence[str]
    more: int

    @property
    def is_passed(self) -> bool:
        """True where nothing was missing."""
        return self.tone == "ok"


def shown(drill: Drill) -> DrillShown:
    """The drill, with its customer's name; the fleet's pages print it."""
    result = Result(drill.result)
    return DrillShown(
        customer_id=drill.customer.customer_id,
        name=drill.customer.name or drill.customer.customer_id,
        at=drill.started_at,
        actor=drill.actor,
        tone=_TONES[result],
        result=RESULT_WORDS[result].capitalize(),
        took=took_words(drill.duration_ms),
        apps=f"{drill.stacks_planned} of {count_words(drill.stacks_all, 'app')} can be restored"
        if drill.stacks_all
        else "",
        disks=f"{drill.disks_matched} of {drill.disks_described} found" if drill.disks_described else "",
        snapshot_version=drill.snapshot_version,
        found=drill.gaps[:_SHOWN],
        more=max(0, len(drill.gaps) - _SHOWN),
    )


def took_words(duration_ms: int) -> str:
    """How long it took: "1.2 s", "2 min"."""
    if duration_ms < _MINUTE_MS:
        return f"{duration_ms / 1000:.1f} s"
    return span_words(timedelta(milliseconds=duration_ms))
