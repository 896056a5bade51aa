"""Damps a node that falls silent again and again: one statement that it is unsteady in place of a message each time.

Pure. An outage beyond the down threshold is never damped, nor is the recovery from it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

# So many falls within the window make a node unsteady, and a window without one makes it steady again.
FALLS = 4
WINDOW = timedelta(hours=6)


def with_fall(falls: Sequence[datetime], at: datetime) -> list[datetime]:
    """The falls that count at `at`, the new one among them; a node needs no more than the newest few."""
    return [*(each for each in falls if at - each < WINDOW), at][-FALLS:]


def is_unsteady(falls: Sequence[datetime], least: int = FALLS) -> bool:
    """True when a node has fallen silent so often that it is news no more; `falls` are those that count."""
    return len(falls) >= least


def is_damped(event_type: str, *, was_down: bool) -> bool:
    """True for an event of an unsteady node that is on the record only."""
    return event_type == "node_stale" or (event_type == "node_recovered" and not was_down)
