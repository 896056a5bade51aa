"""How a report changes what is known of its node.

Whatever the order in which reports arrive, repeated and late ones included, the state is the one that the sorted
history gives. Pure.
"""

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.reports.arrivals import Arrivals, from_bytes, to_bytes, with_arrival
from felhom_hub.reports.payload import ReportFacts

# A box's own timestamp orders its reports only where it is believable: not ahead of the hub's clock and at most this
# far behind it (contract 2 gives the same span for telemetry). Otherwise the time of receipt does.
BELIEVED_SPAN = timedelta(hours=24)


# Structs rather than dataclasses: each report makes one of either, and these are made four times as fast.
class Incoming(msgspec.Struct, frozen=True):
    """One report on its way into the database."""

    facts: ReportFacts
    received_at: datetime
    digest: int
    body: bytes
    key_digest: str | None  # of the customer's key that it came with; None for the global key

    @property
    def position_ms(self) -> int:
        """Its place in the node's history."""
        return to_milliseconds(position_of(self.facts.reported_at, self.received_at))


class State(msgspec.Struct, frozen=True):
    """NodeState's columns in the order of `STATE_COLUMNS`, with times in milliseconds."""

    customer_id: int
    first_received_at: int
    last_received_at: int
    arrivals: bytes
    arrivals_cell: int
    position_at: int
    latest_digest: int
    reported_at: int | None
    clock_skew_seconds: float | None
    reported_name: str | None
    controller_version: str | None
    controller_url: str | None
    config_hash: str | None
    monitoring_paused: bool | None
    health: str | None
    health_since_at: int | None
    health_messages: str
    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    disk_name: str | None
    temperature_celsius: float | None
    uptime_seconds: float | None
    last_backup_at: int | None
    last_backup_ok: bool | None
    last_db_dump_at: int | None
    last_db_dump_ok: bool | None


STATE_COLUMNS = State.__struct_fields__
_encode = msgspec.json.Encoder().encode


def position_of(reported_at: datetime | None, received_at: datetime) -> datetime:
    """When the report counts as made: by the box's clock where that is believable, else by the hub's."""
    if reported_at is None or not received_at - BELIEVED_SPAN <= reported_at <= received_at:
        return received_at
    return reported_at


def advanced(state: State | None, report: Incoming, *, customer_id: int) -> State:
    """What is known of the node once `report` is part of its history.

    `health_since_at` is right as long as the report is the newest; for a late one the caller looks it up in the
    stored history (`record.py`), since it may lie between two others.
    """
    received = to_milliseconds(report.received_at)
    known = None if state is None else from_bytes(bytes(state.arrivals), state.arrivals_cell)
    arrivals = with_arrival(known, received)
    if state is not None and not is_newer(state, report):
        return replace(
            state,
            first_received_at=min(state.first_received_at, received),
            last_received_at=max(state.last_received_at, received),
            arrivals=to_bytes(arrivals),
            arrivals_cell=arrivals.newest_cell,
        )
    return _state_after(state, report, arrivals, customer_id=customer_id)


def is_newer(state: State, report: Incoming) -> bool:
    """True when `report` comes after all that the state was made of. Equal times are told apart by the digest."""
    return (report.position_ms, report.digest) > (state.position_at, state.latest_digest)


def _state_after(state: State | None, report: Incoming, arrivals: Arrivals, *, customer_id: int) -> State:
    facts, received, position = report.facts, to_milliseconds(report.received_at), report.position_ms
    same_health = state is not None and state.health == facts.health
    return State(
        customer_id=customer_id,
        first_received_at=received if state is None else min(state.first_received_at, received),
        last_received_at=received if state is None else max(state.last_received_at, received),
        arrivals=to_bytes(arrivals),
        arrivals_cell=arrivals.newest_cell,
        position_at=position,
        latest_digest=report.digest,
        reported_at=_milliseconds(facts.reported_at),
        clock_skew_seconds=skew_seconds(facts.reported_at, report.received_at),
        reported_name=facts.customer_name,
        controller_version=facts.controller_version,
        controller_url=facts.controller_url,
        config_hash=facts.config_hash,
        monitoring_paused=facts.monitoring_paused,
        health=facts.health,
        health_since_at=state.health_since_at if state is not None and same_health else position,
        health_messages=_encode(facts.health_messages).decode(),
        cpu_percent=facts.cpu_percent,
        memory_percent=facts.memory_percent,
        disk_percent=facts.disk_percent,
        disk_name=facts.disk_name,
        temperature_celsius=facts.temperature_celsius,
        uptime_seconds=facts.uptime_seconds,
        last_backup_at=_milliseconds(facts.last_backup_at),
        last_backup_ok=facts.last_backup_ok,
        last_db_dump_at=_milliseconds(facts.last_db_dump_at),
        last_db_dump_ok=facts.last_db_dump_ok,
    )


def skew_seconds(reported_at: datetime | None, received_at: datetime) -> float | None:
    """How far the box's clock is ahead of the hub's (negative: behind), transport time included."""
    return None if reported_at is None else round((reported_at - received_at).total_seconds(), 3)


def _milliseconds(instant: datetime | None) -> int | None:
    return None if instant is None else to_milliseconds(instant)
