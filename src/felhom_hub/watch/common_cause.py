"""Finds out which nodes fell silent together, and says what they have in common. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from felhom_hub.base.words import number_words

LEAST = 5  # fewer are told one by one
_LABELS_OF_A_HOST = 3  # kovacs.felhom.eu lies under felhom.eu, and felhom.eu under itself


@dataclass(frozen=True)
class IncidentRules:
    """From which share of the fleet on, and how close together, silences have one cause."""

    share: float
    window: timedelta


@dataclass(frozen=True)
class Traits:
    """What nodes can have in common; empty is unknown."""

    version: str
    town: str
    domain: str


@dataclass(frozen=True)
class Silent:
    """A node whose report is overdue."""

    customer_pk: int
    last_heard_at: datetime
    traits: Traits


def fallen_together(overdue: Iterable[Silent], *, fleet: int, rules: IncidentRules) -> list[Silent]:
    """The largest group that was heard last within the window; none where it is no large part of the fleet."""
    nodes = sorted(overdue, key=lambda node: node.last_heard_at)
    best: Sequence[Silent] = ()
    begin = 0
    for end, node in enumerate(nodes):
        while node.last_heard_at - nodes[begin].last_heard_at > rules.window:
            begin += 1
        if end + 1 - begin > len(best):
            best = nodes[begin : end + 1]
    return list(best) if len(best) >= max(LEAST, rules.share * fleet) else []


def common_trait(silent: Sequence[Traits], others: Iterable[Traits]) -> str:
    """What all the silent ones share and not all others do, in words to put behind "all"; else empty."""
    rest = list(others)
    found = []
    for words, value_of in (
        ("on controller {}", lambda traits: traits.version),
        ("in {}", lambda traits: traits.town),
        ("under {}", lambda traits: parent_domain(traits.domain)),
    ):
        values = {value_of(traits) for traits in silent}
        value = values.pop() if len(values) == 1 else ""
        if value and any(value_of(traits) != value for traits in rest):
            found.append(words.format(value))
    return " and ".join(found)


def sentence(*, nodes: int, fleet: int, since: datetime, trait: str, zone: tzinfo) -> str:
    """What has happened, so that a person can check it."""
    words = f"{number_words(nodes)} of {number_words(fleet)} nodes silent since {since.astimezone(zone):%H:%M}"
    return f"{words}, all {trait}." if trait else f"{words}."


def is_over(*, nodes: int, silent: int) -> bool:
    """True when so few are left that they are single failures."""
    return silent <= most_left(nodes)


def most_left(nodes: int) -> int:
    """How many may be silent still when it is over: a tenth, and never as many as make an incident."""
    return min(LEAST - 1, nodes // 10)


def parent_domain(domain: str) -> str:
    """Under which domain a box lies: `kovacs.felhom.eu` under `felhom.eu`, and that under itself."""
    labels = domain.split(".")
    return ".".join(labels[1:]) if len(labels) >= _LABELS_OF_A_HOST else domain
