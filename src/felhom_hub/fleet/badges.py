"""The badges of the navigation: open incidents that nobody has taken, and servers that could not be rebuilt."""

from felhom_hub.base.badges import Badge
from felhom_hub.notify.taken import untaken_incidents
from felhom_hub.recovery.check_queries import count_not_recoverable


def navigation_badges(*, incidents: int | None = None, lost: int | None = None) -> list[Badge]:
    """A badge for each of these counts that is not 0; a count that a page does not know is asked for, by one query."""
    counts = (
        ("/events", untaken_incidents() if incidents is None else incidents, _INCIDENTS),
        ("/recovery", count_not_recoverable() if lost is None else lost, _LOST),
    )
    return [Badge(path, count, words[count != 1]) for path, count, words in counts if count]


_INCIDENTS = ("open incident not acknowledged", "open incidents not acknowledged")
_LOST = ("server cannot be rebuilt", "servers cannot be rebuilt")
