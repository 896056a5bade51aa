"""Who was told of an event, in two short lines: the operator, and the customer. Asks no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from felhom_hub.notify.ledger import Kept, verdict_of
from felhom_hub.notify.situation import one_line

_MAX_WORDS = 120  # a provider's answer may be long; the whole of it stands on the page of the decision
# Where one channel tells and another cannot, the audience was told.
_RANK = ("sent", "queued", "failed", "skipped")
_CHANNEL_WORDS = {"email": "mail", "webhook": "webhook", "apprise": "chat"}


@dataclass(frozen=True, slots=True)
class Told:
    """The two lines; `is_failed` marks the first. An event of the whole fleet has no second one."""

    operator: str
    customer: str
    is_failed: bool


NOBODY = Told("Nobody was told", "", is_failed=False)


def told_of(decisions: Sequence[Kept], *, zone: ZoneInfo) -> Told:
    """The lines of one event, from all that was decided about it."""
    operator = _best(each for each in decisions if each.audience == "operator")
    customer = _best(each for each in decisions if each.audience == "customer")
    return Told(
        operator=_operator_words(operator, zone) if operator else NOBODY.operator,
        customer=_customer_words(customer, zone) if customer else "",
        is_failed=operator is not None and operator.result == "failed",
    )


def channel_word(channel: str) -> str:
    """The channel as a person calls it within a sentence."""
    return _CHANNEL_WORDS.get(channel, channel)


def _best(decisions: Iterable[Kept]) -> Kept | None:
    # Of two alike the later one, which repeats the first.
    return min(decisions, key=lambda each: (_RANK.index(each.result), -each.pk), default=None)


def _operator_words(kept: Kept, zone: ZoneInfo) -> str:
    if kept.result == "sent":
        return "Sent to operator"
    if kept.result == "queued":
        return "On its way to operator"
    verdict, rest = verdict_of(kept, zone=zone)
    if kept.result == "failed":
        return one_line(f"Operator: {verdict} {rest}", _MAX_WORDS)
    return "Info is not sent" if rest == "info is not sent" else one_line(f"Operator: {rest}", _MAX_WORDS)


def _customer_words(kept: Kept, zone: ZoneInfo) -> str:
    verdict, rest = verdict_of(kept, zone=zone)
    if kept.result == "queued":
        return "Customer: on its way"
    return one_line(f"Customer: {rest if kept.result == 'skipped' else f'{verdict} {rest}'}", _MAX_WORDS)
