"""How often a node is expected to report: as the operator has set it, as it is used to, or as the fleet does. Pure.

What follows from it is an allowance: the spans of silence of hub.yaml begin so much later, or earlier, for that node
(`reports/allowance.py`).
"""

import itertools
from datetime import timedelta
from statistics import median_low

from felhom_hub.reports.arrivals import CELL_SECONDS, Arrivals, arrival_cells

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=24)
# Fewer gaps between reports tell of a restart or two, not of a habit.
LEAST_GAPS = 6
_CELL = timedelta(seconds=CELL_SECONDS)
# A report may come a cell late without changing how often the node reports.
_JITTER = _CELL


def usual_interval(arrivals: Arrivals, *, fleet: timedelta) -> timedelta | None:
    """How long the node leaves between two reports, in steps of 5 minutes; None where that is not known, or as usual.

    The median of the gaps of the last 26 hours: an outage is one long gap among many and changes nothing. Only what is
    longer than the fleet's interval is learned, for it keeps false alarms away; a shorter one would only make new ones.
    """
    cells = arrival_cells(arrivals)
    gaps = [later - earlier for earlier, later in itertools.pairwise(cells)]
    if len(gaps) < LEAST_GAPS:
        return None
    usual = median_low(gaps) * _CELL
    return usual if usual > fleet + _JITTER else None


def allowance_for(interval: timedelta | None, *, fleet: timedelta, stale: timedelta) -> timedelta:
    """By how much the silence of a node with this interval counts later than the fleet's.

    Never so much earlier that it would be stale before its next report is due. Without an interval it is the fleet's.
    """
    return timedelta() if interval is None else interval - min(fleet, stale)
