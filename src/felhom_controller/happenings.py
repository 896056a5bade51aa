"""The events that simulated machines send: nightly jobs, troubles, updates, and the health that their reports show.

Like the reports a pure function of seed, place and time; an event that falls into an outage is sent when it ends.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from felhom_controller.blueprint import SimulatedMachine
from felhom_controller.conditions import CRASHING_APP, condition_at, health_of
from felhom_controller.nights import Night, last_night, night_of
from felhom_controller.releases import updates_within
from felhom_controller.report import Health
from felhom_controller.troubles import DAY, FLAP_SECONDS, HOUR, Trouble, Window, outage_at, windows_within

Event = dict[str, Any]
_Moments = Iterator[tuple[float, Event]]
_LONGEST_OUTAGE_SECONDS = 6 * HOUR
_RANK = {"ok": 0, "warn": 1, "fail": 2}


def past_events(
    fleet: Sequence[SimulatedMachine], *, since: datetime, until: datetime
) -> Iterator[tuple[datetime, Event]]:
    """Yield (created_at, event) for each event of the fleet from `since` up to `until`, oldest first, in aware UTC."""
    start, end = since.timestamp(), until.timestamp()
    while start < end:
        stop = min(start + DAY, end)
        day = chain.from_iterable(events_within(machine, Window(start, stop)) for machine in fleet)
        for moment, event in sorted(day, key=lambda item: (item[0], item[1]["customer_id"])):
            yield datetime.fromtimestamp(moment, UTC), event
        start = stop


def events_within(machine: SimulatedMachine, span: Window) -> list[tuple[float, Event]]:
    """The machine's events of a span, oldest first, each with the moment (epoch seconds) at which it is sent."""
    wide = Window(span.start - _LONGEST_OUTAGE_SECONDS, span.end)
    found: list[tuple[float, Event]] = []
    for moment, event in chain(
        _nightly(machine, wide), _from_troubles(machine, wide), _updates(machine, wide), _from_health(machine, wide)
    ):
        outage = outage_at(machine.seed, machine.index, moment)
        sent_at = moment if outage is None else outage.end + 20
        if span.start <= sent_at < span.end:
            found.append((sent_at, event))
    return sorted(found, key=lambda item: item[0])


def _event(machine: SimulatedMachine, event_type: str, severity: str, message: str, **details: object) -> Event:
    return {
        "customer_id": machine.customer_id,
        "event_type": event_type,
        "severity": severity,
        "message": message,
        "details": details,
        "source": "controller",
    }


def _nights_within(machine: SimulatedMachine, span: Window) -> list[Night]:
    numbers = range(int(span.start // DAY) - 1, int(span.end // DAY) + 2)
    nights = (night_of(machine.seed, machine.index, number) for number in numbers)
    return [night for night in nights if night is not None and span.start <= night.backup_at < span.end]


def _nightly(machine: SimulatedMachine, span: Window) -> _Moments:
    for night in _nights_within(machine, span):
        databases = sum(len(plan.parts) > 1 for plan in machine.plans)
        yield night.dump_at, _event(machine, "db_dump_completed", "info", "Database dump done", databases=databases)
        if night.backup_ok:
            yield night.backup_at, _event(machine, "backup_completed", "info", "Nightly backup done", snapshots=37)
        else:
            reason = "the repository cannot be written"
            yield night.backup_at, _event(machine, "backup_failed", "error", f"Backup failed: {reason}", reason=reason)


def _from_troubles(machine: SimulatedMachine, span: Window) -> _Moments:
    turn = machine.behaviour.turn
    if turn is None:
        return
    for window in windows_within(turn, machine.seed, span):
        if turn.trouble is Trouble.DISK_FILLING:
            message = "Drive hdd1 is 85 % full"
            yield window.start, _event(machine, "disk_warning", "warning", message, path="/mnt/hdd1", percent=85)
        elif turn.trouble is Trouble.HOT:
            message = "CPU temperature is over 80 °C"
            yield window.start, _event(machine, "temperature_high", "warning", message, limit_celsius=80)
        elif turn.trouble is Trouble.CRASH_LOOP:
            message = f"Container {CRASHING_APP} is restarting in a loop"
            yield window.start, _event(machine, "container_unhealthy", "warning", message, container=CRASHING_APP)


def _updates(machine: SimulatedMachine, span: Window) -> _Moments:
    for moment, version in updates_within(machine.behaviour, machine.index, span):
        yield moment, _event(machine, "update_completed", "info", f"Controller updated to {version}", version=version)


def _health_at(machine: SimulatedMachine, at: float) -> Health:
    seed, index = machine.seed, machine.index
    return health_of(condition_at(seed, index, machine.data_percent, at), last_night(seed, index, at), at)


def _from_health(machine: SimulatedMachine, span: Window) -> _Moments:
    """Changes of the verdict, looked for at the only moments at which it can change."""
    moments: set[float] = {float(night.backup_at) for night in _nights_within(machine, span)}
    if machine.behaviour.turn is not None:
        for window in windows_within(machine.behaviour.turn, machine.seed, span):
            moments |= {window.start, window.end}
    if machine.behaviour.is_flapping:
        first, last = int(span.start // FLAP_SECONDS), int(span.end // FLAP_SECONDS)
        moments |= {number * FLAP_SECONDS for number in range(first, last + 1)}
    for moment in sorted(moments):
        before, after = _health_at(machine, moment - 1).status, _health_at(machine, moment + 1)
        if after.status == before:
            continue
        if after.status == "ok":
            yield moment, _event(machine, "health_recovered", "info", "All checks are well again")
            continue
        sentence = (after.issues or after.warnings)[0]
        severity = "error" if after.status == "fail" else "warning"
        verb = "Health got worse" if _RANK[after.status] > _RANK[before] else "Health is better, but not yet well"
        yield moment, _event(machine, "health_degraded", severity, f"{verb}: {sentence}", status=after.status)
