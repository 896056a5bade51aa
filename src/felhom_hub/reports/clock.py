"""Says how far the reports bear out the hub's clock, for work that cannot be taken back. Pure.

A clock that was set far ahead makes everything old. But then either nobody has reported since, or most boxes, whose
clocks are their own, say that it is earlier.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from statistics import median

# Reports that were under way for less make no clock doubtful, nor does a box whose time zone is wrong.
DOUBTFUL = timedelta(days=1)
# A box that says that it is earlier has no clock: there was no hub to report to then.
_FIRST = datetime(2025, 1, 1, tzinfo=UTC).timestamp()


def borne_out(now: datetime, *, newest_receipt: datetime, skews: Collection[float]) -> datetime:
    """The time that it is at least: `now`, where somebody has just reported and most clocks agree; never later.

    `skews` are the seconds by which the clocks of those that reported lately are ahead of the hub's.
    """
    at = min(now, newest_receipt)
    clocks = [skew for skew in skews if at.timestamp() + skew >= _FIRST]
    if not clocks:
        return at
    ahead = timedelta(seconds=-median(clocks))
    return at - ahead if ahead > DOUBTFUL else at
