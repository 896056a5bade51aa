"""The recurring work on events."""

from datetime import datetime, timedelta

from felhom_hub.base.schedule import every
from felhom_hub.base.words import count_words
from felhom_hub.events.counts import move_window


@every(timedelta(minutes=1), label="Counts of the last 24 h")
def move_counted_window(now: datetime) -> str:
    """The overview's badges lose what is older than 24 h."""
    return f"{count_words(move_window(now), 'event')} left the counts"
