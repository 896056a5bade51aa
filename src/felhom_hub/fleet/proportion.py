"""The bar below the headline: which part of the fleet is down, warned, waiting and well. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from felhom_hub.reports.status import Status

_GAP = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the bar, which is 100 wide."""

    tone: str
    x: float
    width: float


def shares_of(counts: Mapping[Status, int]) -> list[Share]:
    """DOWN, WARN, waiting and OK in proportion, with a gap between two."""
    waiting = counts[Status.PENDING] + counts[Status.DISABLED]
    return parts_of(
        ("down", counts[Status.DOWN]), ("warn", counts[Status.WARN]), ("idle", waiting), ("ok", counts[Status.OK])
    )


def parts_of(*parts: tuple[str, int]) -> list[Share]:
    """These tones and counts in proportion, with a gap between two; what there is none of is left out."""
    total = sum(count for _, count in parts)
    shares, x = [], 0.0
    for tone, count in parts:
        width = count * 100 / total if total else 0.0
        if count:
            shares.append(Share(tone, round(x, 2), round(max(width - _GAP, _GAP), 2)))
        x += width
    return shares
