"""Sends what is queued: claims a delivery by its lease, sends it outside any transaction, and notes what became of it.

Between two steps the process may die. Everything that the next worker needs is in the row: the idempotency key from
the decision on, the content from the first try on. So a provider that honours the key gets each message once; SMTP
knows no such key and may get it twice with the same Message-ID, when the hub dies between its acceptance and our note
(decision 0015). Two hubs never send one delivery at a time, as long as a try takes less than the lease.
"""

import json
import uuid
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from felhom_hub.notify.backoff import is_over, next_try
from felhom_hub.notify.channels import CHANNELS, DEFAULT_CHANNEL
from felhom_hub.notify.channels.contract import DeliveryError, Message
from felhom_hub.notify.compose import compose
from felhom_hub.notify.gather import LATE, gather_late
from felhom_hub.notify.models import Delivery, Told
from felhom_hub.notify.suppressions import plain, suppressed
from felhom_hub.notify.trial import is_trial

log = structlog.get_logger(__name__)

LEASE_SECONDS = 300.0  # longer than the slowest try
_LOOKED_AT = 20  # when several workers want the next one
_MAX_ANSWER, _MAX_REASON = 500, 200
_QUEUED = Delivery.Result.QUEUED


@dataclass
class Tally:
    """What a run came to."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0


def deliver_due(
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    is_over_time: Callable[[], bool],
    late: timedelta = LATE,
) -> Tally:
    """What was due has been tried once, until `is_over_time` says that others want their turn.

    Once a provider has failed, its other messages wait for the next run: each would only take as long to fail. What
    waited for longer than `late` is told in one summary.
    """
    tally, away, holder = Tally(), set[str](), str(uuid.uuid4())
    while not is_over_time():
        delivery = claim_delivery(clock(), holder, without=away)
        if delivery is None:
            break
        try:
            if _send(delivery, clock):
                tally.sent += 1
                if clock() - delivery.at > late:
                    gather_late(delivery.channel, clock())
        except DeliveryError as error:
            if error.is_provider:
                away.add(delivery.channel)
            _note_failure(delivery, error, clock(), chance(), tally)
        except Exception as error:  # a message that cannot be composed must not hold up the others
            log.exception("delivery_failed", delivery=delivery.pk)
            unexpected = DeliveryError(f"{type(error).__name__}: {error}", is_uncertain=True)
            _note_failure(delivery, unexpected, clock(), chance(), tally)
    return tally


def claim_delivery(now: datetime, holder: str, *, without: Collection[str] = ()) -> Delivery | None:
    """A due delivery that nobody else sends until its lease ends; None where there is none.

    The number of rows that the conditional UPDATE changed says who was first.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = Delivery.objects.filter(free, result=_QUEUED, next_at__lte=now).exclude(channel__in=without)
    for pk in list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:_LOOKED_AT]):
        claimed = due.filter(pk=pk).update(
            lease_until=now + timedelta(seconds=LEASE_SECONDS), lease_holder=holder, attempts=F("attempts") + 1
        )
        if claimed:
            return Delivery.objects.select_related("customer", "event").get(pk=pk)
    return None


def _send(delivery: Delivery, clock: Callable[[], datetime]) -> bool:
    """One try, from the content to the note that it was sent; False where this worker must not send it."""
    now = clock()
    against = _what_came_since(delivery)
    if against:
        skipped = Delivery.Result.SKIPPED
        _held(delivery).update(result=skipped, reason=against, next_at=None, lease_until=None, ended_at=now)
        return False
    if delivery.first_tried_at is None:
        delivery.first_tried_at = now
        delivery.content = json.dumps(asdict(compose(delivery, now=now)), ensure_ascii=False)
        if not _held(delivery).update(first_tried_at=now, content=delivery.content):
            return False
    elif is_over(now, delivery.first_tried_at):
        raise DeliveryError(f"not sent within a day: {delivery.answer}", is_permanent=True)
    channel = CHANNELS[delivery.channel]
    if not channel.provider():
        raise DeliveryError("no mail provider is configured any more", is_provider=True)
    answer = channel.send(Message(**json.loads(delivery.content)))
    # Whoever holds the lease by now: it was sent.
    Delivery.objects.filter(pk=delivery.pk).update(
        result=Delivery.Result.SENT,
        reason="",
        answer=_line(answer, _MAX_ANSWER),
        content="",
        next_at=None,
        lease_until=None,
        ended_at=clock(),
    )
    return True


def _what_came_since(delivery: Delivery) -> str:
    """Why a message that was decided on must not go out any more; empty where nothing stands against it."""
    if delivery.customer is not None and delivery.customer.blocked_at is not None:
        return "the customer is blocked"
    if delivery.channel != DEFAULT_CHANNEL:
        return ""
    return suppressed([delivery.recipient]).get(plain(delivery.recipient), "")


def _note_failure(delivery: Delivery, error: DeliveryError, now: datetime, chance: float, tally: Tally) -> None:
    """The delivery waits for its next try, or has failed for good."""
    at = None
    first = delivery.first_tried_at or delivery.at
    if not error.is_permanent and not is_trial(delivery):
        pause = error.retry_after
        at = next_try(delivery.attempts, now=now, first_tried_at=first, retry_after=pause, chance=chance)
    answer = _line(error.answer, _MAX_ANSWER)
    if at is None:
        reason = _why_given_up(delivery, error, is_late=is_over(now, first))
        log.warning("delivery_given_up", delivery=delivery.pk, answer=answer)
        _give_up(delivery, now, reason=reason, answer=answer)
        tally.failed += 1
        return
    uncertain = delivery.is_uncertain or error.is_uncertain
    reason = "waits for its next try"
    _held(delivery).update(next_at=at, answer=answer, reason=reason, lease_until=None, is_uncertain=uncertain)
    if error.retry_after:
        # The provider asked for a pause, and the other messages are for the same provider.
        others = Delivery.objects.filter(result=_QUEUED, channel=delivery.channel, next_at__lt=now + error.retry_after)
        others.filter(lease_until__isnull=True).update(next_at=now + error.retry_after)
    tally.postponed += 1


def _why_given_up(delivery: Delivery, error: DeliveryError, *, is_late: bool) -> str:
    if is_trial(delivery) and not error.is_permanent:
        return "not accepted at its only try"
    return "not accepted within a day" if is_late or not error.is_permanent else "refused by the provider"


def _give_up(delivery: Delivery, now: datetime, *, reason: str, answer: str) -> None:
    """The delivery has failed, and its audience does not count as told: the next such event is not held back."""
    with transaction.atomic():
        result = Delivery.Result.FAILED
        is_ours = _held(delivery).update(
            result=result, reason=reason, answer=answer, next_at=None, lease_until=None, ended_at=now
        )
        if not is_ours or delivery.event is None:
            return
        others = Delivery.objects.filter(event=delivery.event, audience=delivery.audience)
        if not others.filter(result__in=(_QUEUED, Delivery.Result.SENT)).exists():
            told = Told.objects.filter(subject=delivery.customer_id or 0, audience=delivery.audience)
            told.filter(event_type=delivery.event_type, told_at=delivery.at).update(told_at=None)


def _held(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, as long as this worker holds it."""
    return Delivery.objects.filter(pk=delivery.pk, result=_QUEUED, lease_holder=delivery.lease_holder)


def _line(text: str, limit: int) -> str:
    """One line without NULs, which PostgreSQL refuses."""
    return " ".join(text.replace("\x00", " ").split())[:limit]
