"""What a drill has shown: made of what the reference controller says of its set-up. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from felhom_hub.base.tolerant import as_count, as_items, as_line

_MAX_GAPS: Final = 50
_MAX_GAP: Final = 300
_UNAVAILABLE: Final = 500


class Result(StrEnum):
    """How a drill ended: everything can be had back, not everything, or the box cannot be made anew at all."""

    PASSED = "passed"
    GAPS = "gaps"
    FAILED = "failed"


class NotDone(Exception):
    """The drill could not be held, which says nothing of the customer; the text is a plain sentence."""


@dataclass(frozen=True)
class Outcome:
    """What a drill has shown; `gaps` are sentences without their full stop, empty only where it passed."""

    result: Result
    gaps: Sequence[str] = ()
    snapshot_version: int | None = None
    disks_matched: int = 0
    disks_described: int = 0
    stacks_planned: int = 0
    stacks_all: int = 0


def outcome_of(document: Mapping[str, Any], *, version: int | None, also: Sequence[str] = ()) -> Outcome:
    """The outcome of the set-up that `document` tells of; `also` has gaps that the hub itself has found.

    Raises NotDone where no hub, or none that could answer, was there to be asked.
    """
    if document.get("ok") is not True:
        return Outcome(Result.FAILED, [_refusal(document)], version)
    told = as_items(document.get("gaps"))
    gaps = [line for each in (*also, *told) if (line := _line(each))]
    has_backup = document.get("has_backup") is True
    result = Result.FAILED if not has_backup else Result.GAPS if gaps else Result.PASSED
    return Outcome(
        result,
        _cut(gaps),
        version if has_backup else None,
        as_count(document.get("disks_matched")) or 0,
        len(as_items(document.get("disks"))),
        as_count(document.get("stacks_restorable")) or 0,
        len(as_items(document.get("stacks"))),
    )


def _refusal(document: Mapping[str, Any]) -> str:
    sentence = _line(document.get("error")) or "The set-up failed and did not say why"
    status = document.get("status")
    if status is None or (isinstance(status, int) and status >= _UNAVAILABLE):
        raise NotDone(sentence)
    return sentence


def _line(value: object) -> str:
    """As a sentence begins; names of disks and apps come from a box."""
    line = as_line(value, _MAX_GAP) if isinstance(value, str) else ""
    return line[:1].upper() + line[1:] if line.startswith("the hub ") else line


def _cut(gaps: Sequence[str]) -> list[str]:
    more = len(gaps) - _MAX_GAPS
    return [*gaps[:_MAX_GAPS], f"And {more} more"] if more > 0 else list(gaps)
