"""Which controller version a simulated machine runs: a new patch every three weeks, taken up within hours or days."""

from felhom_controller.troubles import DAY, HOUR, Behaviour, Window

_FIRST_RELEASE = 1_767_261_600.0  # 1 January 2026, 10:00 UTC
_RELEASE_DAYS = 21
# Dialects that stay on one old version for good.
_FROZEN = {"v0.29": "v0.29.4", "v0.28": "v0.28.1", "v0.27": "v0.27.0", "v0.21": "v0.21.1", "v0.18": "v0.18.3"}


def _delay_of(index: int) -> float:
    """Seconds from a release to this machine's update: most within a day, every tenth after a week."""
    return 8 * DAY if index % 10 == 9 else (1 + index * 5 % 22) * HOUR  # noqa: PLR2004 - the last of ten


def version_at(behaviour: Behaviour, index: int, at: float) -> str:
    """The version with its leading `v`."""
    frozen = _FROZEN.get(behaviour.dialect)
    if frozen is not None:
        return frozen
    number = int((at - _FIRST_RELEASE - _delay_of(index)) // (_RELEASE_DAYS * DAY)) + 1
    return f"v0.30.{max(0, number)}"


def updates_within(behaviour: Behaviour, index: int, span: Window) -> list[tuple[float, str]]:
    """Moments of this machine's updates in the span, oldest first, each with the new version."""
    if behaviour.dialect in _FROZEN:
        return []
    first = _FIRST_RELEASE + _delay_of(index)
    period = _RELEASE_DAYS * DAY
    number = max(0, int(-(-(span.start - first) // period)))
    moments = []
    while (at := first + number * period) < span.end:
        moments.append((at, version_at(behaviour, index, at)))
        number += 1
    return moments
