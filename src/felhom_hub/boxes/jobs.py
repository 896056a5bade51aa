"""The recurring work on calls to controllers."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import connection

from felhom_hub.base.instants import utc_now
from felhom_hub.base.pace import interruption
from felhom_hub.base.schedule import Lane, every
from felhom_hub.base.words import count_words
from felhom_hub.boxes.carry import carry_out_due, note_interrupted
from felhom_hub.boxes.left import note_told
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.prune import prune_calls

_AT_ONCE = 4  # controllers; each may take half a minute to answer
_RUN_SECONDS = 20.0


@every(timedelta(seconds=5), label="Calls to controllers", lane=Lane.CONTROLLERS)
def carry_out_calls(now: datetime) -> str:
    """What was asked of controllers is done, several at a time; what was interrupted is said to be."""
    interrupted = note_interrupted(now)
    note_told(now)
    waiting = Call.objects.filter(state=Call.State.WAITING).count()
    made = 0
    if waiting:
        with ThreadPoolExecutor(min(waiting, _AT_ONCE), thread_name_prefix="controllers") as pool:
            began, is_interrupted = time.monotonic(), interruption()

            def is_over_time() -> bool:
                return is_interrupted() or time.monotonic() - began > _RUN_SECONDS

            made = sum(pool.map(_carry_out, [is_over_time] * min(waiting, _AT_ONCE)))
    parts = ((made, "made"), (interrupted, "interrupted"))
    return ", ".join(f"{count_words(count, 'call')} {word}" for count, word in parts if count) or "nothing to do"


@every(timedelta(hours=1), label="Old calls to controllers")
def forget_old_calls(now: datetime) -> str:
    """Live files are kept a day, what came of calls 90 days."""
    emptied, removed = prune_calls(now)
    return f"{count_words(emptied, 'live file')} and {count_words(removed, 'call')} removed"


def _carry_out(is_over_time: Callable[[], bool]) -> int:
    try:
        return carry_out_due(clock=utc_now, is_over_time=is_over_time)
    finally:
        connection.close()  # of this thread
