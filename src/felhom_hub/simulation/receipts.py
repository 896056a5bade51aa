"""How accepted reports come into the hub's database: by a shortcut, or through the real intake, which takes longer."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds
from felhom_hub.reports.receipts import move_receipts
from felhom_hub.reports.record import record_reports
from felhom_hub.simulation.fleet import report_of
from felhom_hub.simulation.heard import Heard
from felhom_hub.simulation.mix import DOUBLED_ONE_OF
from felhom_hub.simulation.world import World

# The boxes' clocks are wrong by as much, one box after the other.
SKEWS = (0, -7, 0, 45, 0, 3 * 3600, -26 * 3600)  # seconds


class Move(NamedTuple):
    """A node's reports after the one that was stored last, until the `last`, which is `shown` by the hub's clock."""

    number: int
    after: int
    last: int
    shown: int


class Receipts(Protocol):
    """Stores that nodes were heard."""

    # Whether a node's row may lag behind where no rule looks so closely.
    may_lag: bool

    def store(self, moves: Iterable[Move]) -> None:
        """Each node's row says that it was heard last at the end of its move."""


class Moved:
    """The rows' times alone are moved, once however many reports came; what they say is nothing new."""

    may_lag = True

    def __init__(self, pks: Sequence[int]) -> None:
        self._pks = pks

    def store(self, moves: Iterable[Move]) -> None:
        """Likewise."""
        move_receipts(Db(), [(self._pks[move.number], move.shown) for move in moves])


class Recorded:
    """Every report goes through the intake's verb, made by the box's own clock, and one of many comes twice."""

    may_lag = False

    def __init__(self, world: World, heard: Heard) -> None:
        self._world, self._heard = world, heard
        self.stored = 0

    def store(self, moves: Iterable[Move]) -> None:
        """Likewise."""
        arrived = [(at, move.number) for move in moves for at in self._heard.between(*move[:3])]
        incoming = []
        for at, number in sorted(arrived):
            self.stored += 1
            made_at = from_milliseconds(self._world.made_at(number, at)) + timedelta(seconds=SKEWS[number % len(SKEWS)])
            received_at = from_milliseconds(at + self._world.offset_at(at))
            report = report_of(number, made_at=made_at, received_at=received_at)
            incoming += [report, report] if self.stored % DOUBLED_ONE_OF == 0 else [report]
        if incoming:
            record_reports(Db(), incoming)
