"""The hub's rules by name, and how each is switched off: by what the real code is called with. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

_NEVER = 10**6


@dataclass(frozen=True)
class Switches:
    """What the hub's code is called with; the defaults are those of a hub that serves."""

    has_ledger: bool = True
    period: timedelta | None = None  # None: as set
    has_incidents: bool = True
    falls: int | None = None  # None: as it is
    late: timedelta | None = None  # likewise
    has_held: bool = True
    is_prompt: bool = True


RULES: Mapping[str, str] = {
    "ledger": "time in which the hub could not hear does not count as silence",
    "period": "after it every node has one reporting period to be heard",
    "incidents": "nodes that fall silent together are told once",
    "damping": "a node that falls silent again and again is told once",
    "gathering": "what a provider's absence held up is told in one message",
    "held": "what was told with an incident, and is silent still when it is over, is told then",
    "prompt": "a recovery is told by the next beat, not by the next look",
}


def without_rule(name: str) -> Switches:
    """All rules but that one. Raises KeyError for a name that is not in `RULES`."""
    changed: Mapping[str, dict[str, object]] = {
        "ledger": {"has_ledger": False},
        "period": {"period": timedelta()},
        "incidents": {"has_incidents": False},
        "damping": {"falls": _NEVER},
        "gathering": {"late": timedelta.max},
        "held": {"has_held": False},
        "prompt": {"is_prompt": False},
    }
    return replace(Switches(), **changed[name])  # type: ignore[arg-type]  # each is one field's own
