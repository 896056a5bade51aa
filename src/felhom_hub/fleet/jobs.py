"""The recurring work on visits."""

from datetime import datetime, timedelta

from felhom_hub.base.schedule import every
from felhom_hub.fleet.visits import forget_visits


@every(timedelta(days=1))
def forget_old_visits(now: datetime) -> int:
    """What browsers saw that have not been back for 90 days is deleted."""
    return forget_visits(now)
