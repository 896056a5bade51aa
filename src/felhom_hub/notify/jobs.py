"""The recurring work on messages."""

import random
import time
from datetime import datetime, timedelta

from felhom_hub.base.instants import utc_now
from felhom_hub.base.pace import is_interrupted
from felhom_hub.base.schedule import Lane, every
from felhom_hub.base.words import count_words
from felhom_hub.notify.deliver import deliver_due

_RUN_SECONDS = 20.0  # then whoever waits on a server of his own has his turn; what is left waits a few seconds
# A run may outlive it where a server answers slowly: each message has a lease of its own, and goes out once.
_LEASE = timedelta(seconds=60)


@every(timedelta(seconds=5), label="Deliver messages", lease=_LEASE, lane=Lane.REMOTE)
def deliver_messages(_now: datetime) -> str:
    """What was due has been tried; each try takes the time anew, since it may take long."""
    began = time.monotonic()
    tally = deliver_due(
        clock=utc_now,
        chance=random.random,
        is_over_time=lambda: is_interrupted() or time.monotonic() - began > _RUN_SECONDS,
    )
    parts = ((tally.sent, "sent"), (tally.postponed, "postponed"), (tally.failed, "failed"))
    return ", ".join(f"{count_words(count, 'message')} {word}" for count, word in parts if count) or "nothing to send"
