"""Removes what is over of calls: live files after a day, rows after the fleet's events would be gone."""

from datetime import datetime, timedelta
from typing import Final

from felhom_hub.boxes.models import Call

LIVE_FILES: Final = timedelta(days=1)
ROWS: Final = timedelta(days=90)
_OPEN = (Call.State.WAITING, Call.State.RUNNING, Call.State.LEFT)


def prune_calls(now: datetime) -> tuple[int, int]:
    """How many live files were emptied, and how many rows of calls that ended long ago are gone."""
    ended = Call.objects.exclude(state__in=_OPEN)
    emptied = ended.filter(finished_at__lt=now - LIVE_FILES).exclude(envelope="").update(envelope="")
    return emptied, ended.filter(finished_at__lt=now - ROWS).delete()[0]
