"""The simulated fleet's past: every report of a period in the order in which a hub would have received them."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from felhom_controller.blueprint import SimulatedMachine
from felhom_controller.synthetic import body_at
from felhom_controller.troubles import is_silent

# Of an interval: machines are spread over nine tenths of it, and each report is late by up to a twentieth, so that
# no report leaves its own interval and sorting one interval sorts the whole past.
_SPREAD, _JITTER = 0.9, 0.05


def past(
    fleet: Sequence[SimulatedMachine], *, since: datetime, until: datetime, interval: timedelta = timedelta(minutes=15)
) -> Iterator[tuple[datetime, bytes]]:
    """Yield (received_at, body) for each report of the fleet from `since` up to `until`, oldest first.

    `received_at` is aware UTC. Machines that were silent leave gaps. The same fleet, period and interval give the
    same reports.
    """
    length = interval.total_seconds()
    begin, end = since.timestamp(), until.timestamp()
    places = [(_place_of(machine), machine) for machine in fleet]
    for slot in range(int(begin // length), int(-(-end // length))):
        draw = random.Random(slot)
        moments = [
            ((slot + place * _SPREAD + draw.random() * _JITTER) * length, number)
            for number, (place, _machine) in enumerate(places)
        ]
        for moment, number in sorted(moments):
            machine = places[number][1]
            if begin <= moment < end and not is_silent(machine.seed, machine.index, moment):
                received_at = datetime.fromtimestamp(moment, UTC)
                yield received_at, body_at(machine, received_at)


def _place_of(machine: SimulatedMachine) -> float:
    """Where in an interval this machine reports, 0 to 1."""
    return random.Random(f"{machine.seed}:{machine.index}:place").random()
