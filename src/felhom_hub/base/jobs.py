"""The recurring work of the machinery itself."""

from datetime import datetime, timedelta

from felhom_hub.base.schedule import every
from felhom_hub.base.sizes import record_size
from felhom_hub.base.words import size_words


@every(timedelta(hours=6), label="Database size")
def note_database_size(now: datetime) -> str:
    """Today's row of the database's size is up to date."""
    return size_words(record_size(now))
