"""Takes what the mail provider says of a mail afterwards: each call once, and what follows from it with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Conflict
from felhom_hub.base.once import Taken, take_once
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.notify.channels import DEFAULT_CHANNEL
from felhom_hub.notify.mail_news import MailNews
from felhom_hub.notify.models import Delivery, Suppression
from felhom_hub.notify.suppressions import customers_at, operator_address

EVENT = "hub_mail_bounced"
# News of a mail comes within minutes, at the latest when the receiving server gives up after days.
_LOOKED_BACK = timedelta(days=7)
_MAX_ANSWER = 500
_MESSAGES = {
    Suppression.Cause.BOUNCED.value: "Mail came back: the customer is not mailed any more.",
    Suppression.Cause.COMPLAINED.value: "Our mail was called spam: the customer is not mailed any more.",
}
_OUTCOMES = {Suppression.Cause.BOUNCED.value: "bounced", Suppression.Cause.COMPLAINED.value: "called spam"}


@dataclass(frozen=True)
class IncomingCall:
    """One call of the provider on its way into the database, its signature found to be right."""

    call_id: str
    signed_at: datetime
    news: MailNews
    received_at: datetime


@dataclass(frozen=True)
class TakenCall:
    """The answer for a call; `is_repeated` where it had been taken before and changes nothing."""

    is_repeated: bool


def record_calls(db: Db, incoming: Sequence[IncomingCall]) -> list[Any]:
    """What the provider says holds when the transaction commits.

    Each one's result is `TakenCall`, or Conflict for a call that somebody has kept and sends once more.
    """
    return [_take(db, call) for call in incoming]


def _take(db: Db, call: IncomingCall) -> TakenCall | Conflict:
    taken = take_once(db, f"resend:{call.call_id}", signed_at=call.signed_at, now=call.received_at)
    if taken is Taken.NEW:
        _follow(db, call.news, call.received_at)
    return Conflict("This call was taken already") if taken is Taken.REPLAYED else TakenCall(taken is Taken.REPEATED)


def _follow(db: Db, news: MailNews, now: datetime) -> None:
    if not news.cause:
        return
    _note_on_message(news, now)
    for address in news.recipients:
        customers = sorted(customers_at(address).values_list("customer_id", flat=True))
        if not customers and address != operator_address():
            continue  # another sender's who has the same account there, or nobody's any more
        values = {"cause": news.cause, "words": news.words, "at": now}
        _, is_new = Suppression.objects.update_or_create(address=address, defaults=values)
        if is_new:
            details = json.dumps({"cause": news.cause, "answer": news.words}, ensure_ascii=False)
            events = [HubEvent(pk, EVENT, "warning", _MESSAGES[news.cause], details) for pk in customers]
            record_hub_events(db, events, now=now)


def _note_on_message(news: MailNews, now: datetime) -> None:
    """The message itself says what became of it."""
    accepted = f"accepted as {news.message_id}"
    found = Delivery.objects.filter(is_ordinary=False, at__gte=now - _LOOKED_BACK, channel=DEFAULT_CHANNEL)
    answer = f"{accepted}, then {_OUTCOMES[news.cause]}" + (f": {news.words}" if news.words else "")
    found.filter(result=Delivery.Result.SENT, answer=accepted).update(answer=answer[:_MAX_ANSWER])
