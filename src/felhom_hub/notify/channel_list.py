"""The channels as the operator sees them: how each is set up, without its secrets, and how it fares."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from felhom_hub.notify.channels import CHANNELS, DEFAULT_CHANNEL
from felhom_hub.notify.channels.contract import Channel
from felhom_hub.notify.ledger import masked
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.situation import one_line
from felhom_hub.notify.suppressions import Held, held_address

_LOOKED_AT = timedelta(hours=24)
_MAX_ANSWER = 200
_TONES: Mapping[str, str] = {"sent": "ok", "queued": "warn", "failed": "down"}


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel. `tone` is ok, warn, down, or idle; `missing` is what has to be set before it can be tested."""

    kind: str
    label: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    state: str
    tried_at: datetime | None
    missing: str
    held: Held | None = None  # why the operator's address is not mailed
    address: str = ""  # which one that is


def channel_rows(*, now: datetime) -> list[ChannelRow]:
    """Every channel, set up or not."""
    return [_with_held(_row(channel, now)) for channel in CHANNELS.values()]


def _row(channel: Channel, now: datetime) -> ChannelRow:
    if not channel.provider():
        return ChannelRow(channel.kind, channel.label, "idle", (), "not set up", None, channel.needs)
    facts = tuple(
        (name, masked(value) if "@" in value and name == "Operator" else value) for name, value in channel.facts()
    )
    missing = "" if channel.operator_recipient() else "notifications.operator_email"
    newest = _newest(channel.kind, now)
    if newest is None:
        return ChannelRow(channel.kind, channel.label, "idle", facts, "no message in 24 h", None, missing)
    answer = one_line(newest.answer or newest.reason, _MAX_ANSWER)
    state = {"sent": answer, "queued": f"not accepted yet: {answer}"}.get(newest.result, f"failed: {answer}")
    return ChannelRow(
        channel.kind,
        channel.label,
        _TONES.get(newest.result, "idle"),
        facts,
        state,
        newest.ended_at or newest.at,
        missing,
    )


def _with_held(row: ChannelRow) -> ChannelRow:
    if row.kind != DEFAULT_CHANNEL or not row.facts:
        return row
    address = CHANNELS[row.kind].operator_recipient()
    held = held_address(address)
    return replace(row, held=held, address=address, tone="down") if held else row


def _newest(kind: str, now: datetime) -> Delivery | None:
    """The newest message of the last day that the provider has said something to."""
    tried = Delivery.objects.filter(is_ordinary=False, at__gte=now - _LOOKED_AT, channel=kind).exclude(answer="")
    return tried.defer("content", "inputs").order_by("-at", "-pk").first()
