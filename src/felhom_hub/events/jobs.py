"""The recurring work on events."""

from datetime import datetime, timedelta

from felhom_hub.base.schedule import every
from felhom_hub.events.counts import move_window


@every(timedelta(minutes=1))
def move_counted_window(now: datetime) -> int:
    """The overview's badges lose what is older than 24 h."""
    return move_window(now)
