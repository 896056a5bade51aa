"""Tells of deaf time once it is over and every node had its turn: when it was, and who has reported since."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.words import count_words, moment_words, number_words, span_words
from felhom_hub.customers.models import Customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.reports.allowance import silent_since
from felhom_hub.watch.models import DeafSpan, NodeLevel

# A restart for an upgrade takes less: it is in the ledger, but no news.
WORTH_TELLING = timedelta(minutes=1)
# A hub that stops again and again tells after so many periods what there was until then.
PATIENCE = 4

_WORDS = {
    DeafSpan.Cause.OFF: "it was not running",
    DeafSpan.Cause.REFUSED: "it could not store what came",
    DeafSpan.Cause.ASLEEP: "its machine slept",
    DeafSpan.Cause.CLOCK: "its clock was set ahead",
    DeafSpan.Cause.STALLED: "it stood still",
}


def tell_deaf_time(now: datetime, *, period: timedelta, zone: ZoneInfo) -> bool:
    """What is over for a reporting period is told by one event; False when there is nothing to tell yet.

    Spans that follow each other within a period are told together.
    """
    with transaction.atomic():
        spans = list(DeafSpan.objects.select_for_update().filter(told_at=None).order_by("from_at"))
        if not spans or (now < spans[-1].to_at + period and now < spans[0].to_at + PATIENCE * period):
            return False
        DeafSpan.objects.filter(pk__in=[span.pk for span in spans]).update(told_at=now)
        if sum((span.to_at - span.from_at for span in spans), timedelta()) < WORTH_TELLING:
            return False
        record_hub_events(Db(), [_event(spans, zone)], now=now)
        return True


def _event(spans: list[DeafSpan], zone: ZoneInfo) -> HubEvent:
    from_at, to_at = spans[0].from_at, spans[-1].to_at
    # Who was down before was not heard from, whatever the hub did.
    expected = Customer.objects.filter(blocked_at=None, node__first_received_at__lt=to_at)
    expected = expected.exclude(node_level__level=NodeLevel.Level.DOWN, node_level__since_at__lt=from_at)
    silent = expected.filter(silent_since(to_at)).count()
    heard = expected.count() - silent
    deaf_for = sum((span.to_at - span.from_at for span in spans), timedelta())
    reasons = list(dict.fromkeys(_WORDS[DeafSpan.Cause(span.cause)] for span in spans))
    message = (
        f"The hub could not hear from {moment_words(from_at, zone)} to {moment_words(to_at, zone)} "
        f"({span_words(deaf_for)}: {', '.join(reasons)}). Since then {count_words(heard, 'server')} reported again, "
        f"{number_words(silent)} did not yet."
    )
    details = {
        "deaf_from": rfc3339(from_at),
        "deaf_to": rfc3339(to_at),
        "deaf_seconds": round(deaf_for.total_seconds()),
        "spans": len(spans),
        "heard_again": heard,
        "still_silent": silent,
    }
    return HubEvent(None, "hub_deaf", "warning", message, json.dumps(details))
