"""Decides for one event and one audience, channel by channel, and makes the rows that keep the decision."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from felhom_hub.base.db import Db, Row
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.events.consequences import RecordedEvent
from felhom_hub.notify.channels import DEFAULT_CHANNEL, channels_for
from felhom_hub.notify.channels.contract import Channel
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.policy import Audience, Decision, Inputs, decide, is_ordinary, kept_inputs
from felhom_hub.notify.suppressions import plain
from felhom_hub.silences.record import count_held_back

_DELIVERY = (
    "customer_id", "event_id", "event_type", "audience", "channel", "recipient", "result", "reason", "answer",
    "is_ordinary", "attempts", "inputs", "key", "content", "next_at", "lease_holder", "is_uncertain", "at",
)  # fmt: skip
_MAX_REASON = 200


@dataclass(frozen=True)
class Decided:
    """One event for one audience: the decision that counts for all channels, and the rows of each."""

    inputs: Inputs
    decision: Decision
    rows: Sequence[Row]


def decided(
    event: RecordedEvent,
    inputs: Inputs,
    *,
    suppressed: Mapping[str, str],
    now: datetime,
    marks: Mapping[str, object] | None = None,
) -> Decided:
    """The decision with a row for each channel that reaches the audience; `marks` are kept beside the inputs.

    `suppressed` are the plain addresses that are not mailed, with the reason.

    Where one channel tells and another cannot, the audience is told.
    """
    rows: list[Row] = []
    chosen: tuple[Inputs, Decision] | None = None
    for channel in channels_for(inputs.audience):
        of_channel = _through(channel, inputs, suppressed)
        decision = decide(of_channel, now)
        rows.append(_row(event, channel.kind, of_channel, decision, now, marks or {}))
        if chosen is None or (decision.is_sent and not chosen[1].is_sent):
            chosen = of_channel, decision
    assert chosen is not None  # e-mail reaches everybody
    return Decided(*chosen, rows)


def store_rows(db: Db, rows: Sequence[Row]) -> None:
    """The rows are stored when the transaction commits."""
    db.insert(Delivery, _DELIVERY, rows)


def count_silenced(decisions: Iterable[Decided]) -> None:
    """Silences know how many messages they held back; in the caller's transaction."""
    held: Counter[int] = Counter()
    for each in decisions:
        if each.decision.cause == "silenced" and each.inputs.silence:
            held[each.inputs.silence] += len(each.rows)
    if held:
        count_held_back(held)


def failed_row(event: RecordedEvent, audience: Audience, error: Exception) -> Row:
    """The trace of a decision that could not be made; it can be sent by hand, as every failed one."""
    at = to_milliseconds(event.created_at)
    reason = f"it could not be decided: {type(error).__name__}"
    return (
        event.customer_pk, event.pk, event.event_type, audience, DEFAULT_CHANNEL, "", Delivery.Result.FAILED.value,
        reason, "", False, 0, "{}", None, "", None, "", False, at,
    )  # fmt: skip


def _through(channel: Channel, inputs: Inputs, suppressed: Mapping[str, str]) -> Inputs:
    address = channel.operator_recipient() if inputs.audience == "operator" else inputs.address
    reason = suppressed.get(plain(address), "") if suppressed and channel.kind == DEFAULT_CHANNEL else ""
    return replace(inputs, provider=channel.provider(), address=address, suppressed=reason)


def _row(  # noqa: PLR0917 - of one row, in the order in which it is made
    event: RecordedEvent, channel: str, inputs: Inputs, decision: Decision, now: datetime, marks: Mapping[str, object]
) -> Row:
    at = to_milliseconds(now)
    return (
        event.customer_pk, event.pk, event.event_type, inputs.audience, channel, inputs.address,
        Delivery.Result.QUEUED.value if decision.is_sent else Delivery.Result.SKIPPED.value,
        decision.reason[:_MAX_REASON], "", is_ordinary(decision), 0,
        json.dumps({**kept_inputs(inputs, decision), **marks}, ensure_ascii=False),
        str(uuid.uuid4()) if decision.is_sent else None, "", at if decision.is_sent else None, "", False, at,
    )  # fmt: skip
