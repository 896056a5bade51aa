"""The five checks of a recovery, what each can come to, and the verdict that they make together. Pure.

A check that is added here is one name in `CHECKS`, its words, and what it asks in `examine.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec


class State(StrEnum):
    """What a check came to, as it is stored: one letter."""

    OK = "y"
    GAP = "g"  # a rebuild would lose something, or wants something done first
    BROKEN = "n"  # there is no rebuild from the hub
    UNKNOWN = "u"  # could not be asked


class Verdict(StrEnum):
    """Whether the server could be rebuilt from the hub if it died now; in the order of need."""

    NO = "no"
    WITH_GAPS = "gaps"
    YES = "yes"


OPENS, PASSWORDS, DRIVES, BACKUP, RETRIEVAL = "opens", "passwords", "drives", "backup", "retrieval"
CHECKS: Final[Mapping[str, str]] = {
    OPENS: "Snapshot opens",
    PASSWORDS: "Passwords are in it",
    DRIVES: "Drives match",
    BACKUP: "App backup fresh",
    RETRIEVAL: "Retrieval works",
}
# What one of them asks, for whoever reads the list for the first time.
QUESTIONS: Final = (
    "Does the newest snapshot open, with every part and every app in it?",
    "Are its restic passwords in it, as many as before?",
    "Has every drive a UUID, and do they still report?",
    "Is there an app backup from last night?",
    "Does the retrieval password give the recovery answer?",
)
_STATE_WORDS: Final[Mapping[State, str]] = {
    State.OK: "yes",
    State.GAP: "with a gap",
    State.BROKEN: "no",
    State.UNKNOWN: "not known",
}
_TONES: Final[Mapping[State, str]] = {
    State.OK: "ok",
    State.GAP: "warn",
    State.BROKEN: "down",
    State.UNKNOWN: "idle",
}


class Check(msgspec.Struct, frozen=True):
    """One of the checks: `title` says what it came to, `notes` with what, a sentence each without a full stop."""

    name: str
    state: State
    title: str
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For who does not see the mark: "Drives match: with a gap"."""
        return f"{CHECKS[self.name]}: {self.state_words}"

    @property
    def state_words(self) -> str:
        """What it came to, in a word."""
        return _STATE_WORDS[self.state]

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        return _TONES[self.state]

    @property
    def mark(self) -> str:
        """The shape in which it is shown."""
        return "pending" if self.state is State.UNKNOWN else self.tone


class Examination(msgspec.Struct, frozen=True):
    """The checks in the order of CHECKS."""

    checks: tuple[Check, ...]

    @property
    def states(self) -> str:
        """A letter for each check, as it is stored and counted."""
        return "".join(check.state for check in self.checks)

    @property
    def verdict(self) -> Verdict:
        """What they make together."""
        return verdict_of(self.states)

    @property
    def headline(self) -> str:
        """The verdict as a person says it."""
        return headline_of(self.states)

    @property
    def reason(self) -> str:
        """The first thing that is wrong, the hardest first; else how many checks pass."""
        for state in (State.BROKEN, State.GAP):
            for check in self.checks:
                if check.state is state:
                    return check.notes[0] if check.notes else check.title
        passed = sum(check.state is State.OK for check in self.checks)
        if passed == len(CHECKS):
            return f"All {len(CHECKS)} checks pass"
        return f"{passed} of {len(CHECKS)} checks pass, the others could not be asked"


def failed_examination(state: State) -> Examination:
    """What stands where the examination itself failed: `state` for the first check, and the others not known."""
    words = "The check itself failed; the hub’s log says why"
    first = Check(OPENS, state, "Whether the snapshot opens could not be found out", (words,))
    others = (name for name in CHECKS if name != OPENS)
    return Examination((first, *(Check(name, State.UNKNOWN, "This could not be asked") for name in others)))


def verdict_of(states: Iterable[str]) -> Verdict:
    """The verdict of the checks with these states."""
    found = set(states)
    if State.BROKEN in found:
        return Verdict.NO
    return Verdict.WITH_GAPS if State.GAP in found else Verdict.YES


def held_verdict(states: Sequence[str]) -> Verdict:
    """The same without the app backup, which lies on the customer's drives and has alarms of its own."""
    return verdict_of(state for name, state in zip(CHECKS, states, strict=True) if name != BACKUP)


def headline_of(states: Sequence[str]) -> str:
    """The verdict of the checks with these states, as a person says it."""
    verdict = verdict_of(states)
    if verdict is Verdict.NO:
        return "Cannot be rebuilt from the hub"
    if verdict is Verdict.YES:
        return "Can be rebuilt"
    is_retrieval = dict(zip(CHECKS, states, strict=True))[RETRIEVAL] == State.GAP
    only = sum(state == State.GAP for state in states) == 1
    return "Needs a password first" if is_retrieval and only else "Rebuild with a loss"
