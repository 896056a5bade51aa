"""The recurring work on infrastructure backups, their daily check, and the drills that prove them."""

import time
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from felhom_hub.base.pace import Interrupted, Pace, is_interrupted
from felhom_hub.base.schedule import Unfinished, every
from felhom_hub.base.words import count_words, number_words
from felhom_hub.base.writer import is_away
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.drill import SCHEDULE, note_try
from felhom_hub.recovery.drill_outcome import NotDone
from felhom_hub.recovery.drill_queries import due_customers as due_for_a_drill
from felhom_hub.recovery.prove import check_customer, due_customers, note_failed_check
from felhom_hub.recovery.prune import prune_backups
from felhom_hub.recovery.rehearse import DrillMistake, Rehearsal, own_hub_url, perform_drill
from felhom_hub.reports.receipts import time_borne_out

log = structlog.get_logger(__name__)

# Of a drill's processes each takes a core for a second: a fleet that is due all at once is drilled over hours.
_DRILLS_AT_ONCE: Final = 3
_REST: Final = timedelta(seconds=30)
# Reading YAML keeps a core busy; the intake has the rest of the time.
_SHARE: Final = 0.5
_CHECKS_AT_ONCE: Final = 100
_TURN_SECONDS: Final = 60.0


@every(timedelta(hours=1), label="Old infrastructure backups")
def remove_old_backups(now: datetime) -> str:
    """Versions beyond the last 30 and one a month are gone, by the time that reports bear out."""
    return f"{number_words(sum(prune_backups(time_borne_out(now) or now)))} removed"


@every(timedelta(minutes=5), label="Recovery checks")
def check_recovery(now: datetime) -> str:
    """Everybody's recovery is checked each day from 04:50 on, and after each new snapshot.

    After a minute the others of the lane have their turn. One customer's check that fails is noted as failed, and stops
    nobody else's.
    """
    zone, began, pace, count = settings.HUB.server.time_zone, time.monotonic(), Pace(_SHARE), 0
    while customers := due_customers(now, zone, limit=_CHECKS_AT_ONCE):
        for customer in customers:
            _check(customer, now, zone)
            count += 1
            pace.rest()
        if time.monotonic() - began > _TURN_SECONDS:
            raise Unfinished(f"{count_words(count, 'server')} checked, more to do")
    return f"{count_words(count, 'server')} checked"


def _check(customer: Customer, now: datetime, zone: ZoneInfo) -> None:
    try:
        check_customer(customer, now=now, zone=zone)
    except Exception as error:
        if is_away(error):
            raise
        log.exception("recovery_check_failed", customer=customer.customer_id)
        note_failed_check(customer, now=now)


@every(timedelta(minutes=10), label="Recovery drills")
def drill_who_is_due(now: datetime) -> str:
    """Customers whose last drill is `recovery.drill_every` ago or longer are drilled, a few at a time.

    Who cannot be drilled holds up nobody else, and is tried again when the others have had their turn. Raises NotDone
    where nobody could be, such as where the hub cannot be reached at its own address.
    """
    span = settings.HUB.recovery.drill_every
    if not span:
        return "by hand only"
    due = due_for_a_drill(span, now, limit=_DRILLS_AT_ONCE + 1)
    if not due:
        return "nobody is due"
    rehearsal, held, trouble = Rehearsal(own_hub_url()), 0, None
    for customer in due[:_DRILLS_AT_ONCE]:
        if is_interrupted():
            raise Interrupted
        note_try(customer, now=now)
        try:
            perform_drill(customer, rehearsal, now=now, by=SCHEDULE)
            held += 1
        except DrillMistake:
            continue  # its passphrase was revoked a moment ago
        except NotDone as error:
            trouble = error
    if trouble is not None and not held:
        raise trouble
    words = f"{count_words(held, 'drill')} held" + (f"; the last one that was not: {trouble}" if trouble else "")
    if len(due) > _DRILLS_AT_ONCE:
        raise Unfinished(f"{words}, more to do", again_at=now + _REST)
    return words
