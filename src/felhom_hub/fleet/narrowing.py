"""Which servers a view's filters leave: by status, by a problem, by a text without regard to case and accents."""

from collections.abc import Collection

from felhom_hub.base.folding import folded
from felhom_hub.fleet.address import LISTED_PROBLEMS, View
from felhom_hub.fleet.clock import Clock
from felhom_hub.fleet.places import LISTED, OK, STATUSES
from felhom_hub.fleet.reasons import explained, named
from felhom_hub.fleet.roster import Census, Places


def narrowed(census: Census, view: View, clock: Clock, *, listed: Collection[int]) -> Places:
    """The servers of each listed place that pass; `listed` are the keys of those that one of LISTED_PROBLEMS shows."""
    found: Places = [[] for _ in LISTED]
    for kind in census.listed:
        if view.status not in (None, STATUSES[kind.place]):
            continue
        if view.problem in (None, *LISTED_PROBLEMS) or kind.has(view.problem):
            found[kind.place] += kind.pks
    if view.problem in LISTED_PROBLEMS:
        found = _among(found, frozenset(listed))
    return _about(view.text, found, clock) if view.text else found


def _about(text: str, found: Places, clock: Clock) -> Places:
    wanted = folded(text)
    meant = named(wanted)
    # Who is well has no reason.
    others = [pk for place in LISTED if place != OK for pk in found[place] if pk not in meant]
    return _among(found, meant | explained(wanted, others, clock) if others else meant)


def _among(found: Places, kept: frozenset[int]) -> Places:
    return [[pk for pk in pks if pk in kept] for pks in found]
