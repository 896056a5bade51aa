"""The recurring work on messages."""

import random
import time
from datetime import datetime, timedelta
from datetime import time as time_of_day

from django.conf import settings

from felhom_hub.base.instants import utc_now
from felhom_hub.base.pace import is_interrupted
from felhom_hub.base.schedule import Lane, daily, every
from felhom_hub.base.words import count_words
from felhom_hub.notify.deliver import deliver_due
from felhom_hub.notify.heartbeat import NOT_PINGED, ping, what_is_wrong
from felhom_hub.notify.held import tell_held
from felhom_hub.notify.proof import ask_proof
from felhom_hub.notify.remind import remind

_RUN_SECONDS = 20.0  # then whoever waits on a server of his own has his turn; what is left waits a few seconds
_PROOF_AT = time_of_day(6)  # before the day's work begins


@every(timedelta(seconds=5), label="Deliver messages", lane=Lane.REMOTE)
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


@every(timedelta(minutes=1), label="Alarms that were held back", lane=Lane.PROMPT)
def tell_what_was_held(now: datetime) -> str:
    """What a silence or an incident held back and still stands is on its way, now that nothing holds it."""
    count = tell_held(now)
    return f"{count_words(count, 'message')} on the way" if count else "nothing to tell"


@every(timedelta(minutes=5), label="Reminders", lane=Lane.PROMPT)
def remind_of_alarms(now: datetime) -> str:
    """The operator is reminded of what stands for so long that nobody has told of it again or acknowledged it."""
    interval = settings.HUB.alerting.remind_every
    if not interval:
        return "reminders are off"
    count = remind(now, every=interval)
    return f"reminded of {count_words(count, 'alarm')}" if count else "nothing to remind of"


@daily(_PROOF_AT, zone=settings.HUB.server.time_zone, label="Prove the alarm path", lane=Lane.PROMPT)
def prove_alarm_path(now: datetime) -> str:
    """A made-up alarm is on its way to the operator; /notifications tells what became of it."""
    count = ask_proof(now)
    return f"sent through {count_words(count, 'channel')}" if count else "no channel is set up"


@every(timedelta(minutes=1), label="Ping the outside heartbeat", lane=Lane.PROMPT)
def ping_heartbeat(now: datetime) -> str:
    """The address outside knows that the hub is well; it hears nothing while it is not."""
    url = settings.HUB.alerting.heartbeat_url
    if not url:
        return "no address is set"
    wrong = what_is_wrong(now)
    return f"{NOT_PINGED}: {wrong}" if wrong else ping(url)
