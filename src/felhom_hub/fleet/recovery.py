"""The section of a customer's page on what its server is rebuilt from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.base.words import age_words, count_words
from felhom_hub.fleet.meters import Tone
from felhom_hub.recovery.check_queries import Checked, checked_of
from felhom_hub.recovery.checks import State, Verdict
from felhom_hub.recovery.fetches import Fetch, fetches_of
from felhom_hub.recovery.queries import Version, versions_of

_MAX_FETCHES = 3


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was checked, and the newest version; `checked` is None before the first check, `newest` before the first."""

    checked: Checked | None
    newest: Version | None
    count: int
    fetches: Sequence[Fetch]
    summary: str

    @property
    def tone(self) -> Tone:
        """The section's mark."""
        verdict = None if self.checked is None else self.checked.examination.verdict
        return "down" if verdict is Verdict.NO else "warn" if verdict is Verdict.WITH_GAPS else ""

    @property
    def answer(self) -> str:
        """Whether the server could be rebuilt, plainly."""
        if self.checked is None:
            return "not checked yet"
        found = self.checked.examination
        gaps = [check.notes[0] if check.notes else check.title for check in found.checks if check.state == State.GAP]
        if found.verdict is Verdict.NO:
            return "no"
        return f"with gaps: {'; '.join(gaps)}" if gaps else "yes"


def recovery_of(customer_pk: int, customer_id: str, *, now: datetime) -> Recovery | None:
    """The section; None where the server has sent nothing and was never checked."""
    versions, checked = versions_of(customer_pk), checked_of(customer_pk)
    if not versions and checked is None:
        return None
    newest, count = versions[0] if versions else None, len(versions)
    summary = "no snapshot yet"
    if newest is not None:
        summary = f"{count_words(count, 'snapshot')}, the newest from {age_words(newest.renewed_at, now)}"
    return Recovery(checked, newest, count, fetches_of(customer_id, limit=_MAX_FETCHES), summary)
