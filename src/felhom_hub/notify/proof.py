"""Proves that alarms arrive: a made-up one goes the way of every alarm once a day, and what became of it is told here.

There is nothing to keep beside it: the proof is the event and its messages. Proven means that each channel's provider
has accepted it; whether a mailbox shows it is beyond what the hub can see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.models import Job
from felhom_hub.events.catalogue import texts_of
from felhom_hub.events.queries import fleet_events
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.notify.channels import channels_for
from felhom_hub.notify.channels.contract import Channel
from felhom_hub.notify.models import Delivery
from felhom_hub.operators.audit import Actor, record_audit

ALARM = "hub_alarm_test"
_JOB = "notify.prove_alarm_path"
LOOKED_AT = timedelta(days=30)
_MOST = 500  # proofs that are looked at, however often somebody asked for one
_LASTS = timedelta(hours=25)  # a day, and an hour for a hub that was restarted
_PATIENCE = timedelta(minutes=10)  # so long a proof may be under way


@dataclass(frozen=True)
class ChannelProof:
    """One channel: when it last accepted a proof within `LOOKED_AT`, if it did, and its answer to the newest."""

    label: str
    proven_at: datetime | None
    answer: str
    is_proven: bool


@dataclass(frozen=True)
class Proof:
    """How it stands. `state` is proven, missed, running, waiting (not asked for yet), or off (no channel is set up)."""

    state: str
    asked_at: datetime | None
    channels: tuple[ChannelProof, ...]
    asked: int  # within LOOKED_AT
    missed: int  # of them, by any channel


def ask_proof(now: datetime) -> int:
    """The made-up alarm is on its way through as many channels as are returned; none where none is set up."""
    ways = _ways()
    if ways:
        with transaction.atomic():
            record_hub_events(Db(), [HubEvent(None, ALARM, "info", texts_of(ALARM, "info").english)], now=now)
    return len(ways)


def prove_now(*, now: datetime, by: Actor) -> list[int]:
    """As every day, but because somebody asked for it; returns the numbers of its messages."""
    with transaction.atomic():
        if not ask_proof(now):
            return []
        record_audit("alarm_path_tested", by=by, now=now)
        pk, _ = fleet_events(ALARM, since=now, limit=1)[0]
    return list(Delivery.objects.filter(event_id=pk).values_list("pk", flat=True))


def proof_of(*, now: datetime) -> Proof:
    """What the proofs of the last `LOOKED_AT` came to."""
    asked = fleet_events(ALARM, since=now - LOOKED_AT, limit=_MOST)
    found: dict[int, list[Delivery]] = {pk: [] for pk, _ in asked}
    for row in Delivery.objects.filter(event_id__in=list(found)).defer("content", "inputs").order_by("-at", "-pk"):
        assert row.event_id is not None
        found[row.event_id].append(row)
    newest_first = [row for pk, _ in asked for row in found[pk]]
    channels = tuple(_of_channel(channel, newest_first, now) for channel in _ways())
    due = [pk for pk, at in asked if at <= now - _PATIENCE]
    missed = sum(not _is_accepted(found[pk]) for pk in due)
    asked_at = asked[0][1] if asked else None
    return Proof(_state(channels, asked_at, now), asked_at, channels, len(asked), missed)


def next_proof_at() -> datetime | None:
    """When the next one is due; None where none has run yet."""
    return Job.objects.filter(name=_JOB).values_list("next_at", flat=True).first()


def _ways() -> list[Channel]:
    """The channels through which the operator can be told."""
    return [each for each in channels_for("operator") if each.provider() and each.operator_recipient()]


def _is_accepted(rows: Sequence[Delivery]) -> bool:
    return bool(rows) and all(row.result == Delivery.Result.SENT for row in rows)


def _of_channel(channel: Channel, newest_first: Sequence[Delivery], now: datetime) -> ChannelProof:
    of_channel = [row for row in newest_first if row.channel == channel.kind]
    accepted = next((row for row in of_channel if row.result == Delivery.Result.SENT), None)
    newest = of_channel[0] if of_channel else None
    proven_at = accepted.ended_at if accepted else None
    return ChannelProof(
        label=channel.label,
        proven_at=proven_at,
        answer=(newest.answer or newest.reason) if newest else "",
        is_proven=proven_at is not None and proven_at >= now - _LASTS,
    )


def _state(channels: Sequence[ChannelProof], asked_at: datetime | None, now: datetime) -> str:
    if not channels:
        return "off"
    if all(channel.is_proven for channel in channels):
        return "proven"
    if asked_at is None:
        return "waiting"
    return "running" if asked_at > now - _PATIENCE else "missed"
