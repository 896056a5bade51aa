"""Holds what was told against the truth: what was missed, what was false, what was told twice, and how late. Pure.

What each word means stands at its function; the document of a long form has the same words.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from felhom_hub.simulation.heard import Silence
from felhom_hub.simulation.mix import PERIOD
from felhom_hub.simulation.spans import MINUTE, Span, inside, length_of, merged, without
from felhom_hub.simulation.world import World

Kind = Literal["stale", "down", "incident", "unsteady"]

DOWN, CHECK = 60 * MINUTE, MINUTE
MOST_PERIODS = 4  # watch/deaf_time.py
LEAST_OF_INCIDENT = 5  # watch/common_cause.py


@dataclass(frozen=True)
class Alarm:
    """One message that alarms the operator: about whom, decided and told when; `heard` is when each was heard last.

    One that is no message of its own says that a node joined an incident that was told.
    """

    kind: Kind
    numbers: Sequence[int]
    heard: Sequence[int]
    decided_at: int
    told_at: int
    is_message: bool = True


@dataclass(frozen=True)
class Outage:
    """A node was cut off, and the hub did not hear it from `silence.begin` to `silence.end`."""

    number: int
    span: Span
    silence: Span


@dataclass
class Score:
    """What the alarms of one rule are worth."""

    alarms: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    outages: int = 0  # that had to be told
    missed: list[Outage] = field(default_factory=list)
    false: list[Alarm] = field(default_factory=list)
    over: int = 0
    doubled: list[Alarm] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)

    @property
    def median(self) -> int | None:
        """The delay that half of the alarms do not exceed, in milliseconds."""
        return share_of(self.delays, 50)

    @property
    def p99(self) -> int | None:
        """Likewise 99 of 100."""
        return share_of(self.delays, 99)


def share_of(values: Iterable[int], percent: int) -> int | None:
    """The value that so many percent of all do not exceed (nearest rank); None of none."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


class Judge:
    """Knows the truth of a world, as far as the simulation came."""

    def __init__(self, world: World, silences: Iterable[Silence], *, until: int) -> None:
        self._world = world
        self._steps = [step.at for step in world.plan.steps]
        offsets = [0, *(step.offset for step in world.plan.steps)]
        self._set_back = [
            at for at, (before, after) in zip(self._steps, pairwise(offsets), strict=True) if after < before
        ]
        # While these last a node's clock stands still by the hub's own word.
        self._stops = merged([*world.deaf, *(Span(at, at + 1) for at in self._steps)])
        self.outages = [each for silence in silences for each in self._outages(silence, until)]

    def _outages(self, silence: Silence, until: int) -> list[Outage]:
        span = Span(silence.begin, until if silence.end is None else silence.end)
        cuts = inside(self._world.cut_off[silence.number], span.begin, span.end)
        return [Outage(silence.number, each, span) for each in cuts]

    def must_be_told(self, outage: Outage) -> bool:
        """True for one that lasted longer than the down threshold and one check in the hub's hearing time.

        Hearing time is without what the hub could not hear, and without one reporting period after each such time, four
        at most. It counts anew where the hub's clock is set back, and only from a late report that came meanwhile.
        """
        resets = self._set_back[bisect_left(self._set_back, outage.silence.begin) :]
        begin = max([outage.span.begin, *(at for at in resets if at < outage.span.end)])
        return outage.span.end - begin - self._stopped(begin, outage.span.end) > DOWN + CHECK

    def _stopped(self, begin: int, end: int) -> int:
        deaf = inside(self._stops, begin - PERIOD, end)
        longer = inside(merged(Span(each.begin, each.end + PERIOD) for each in deaf), begin, end)
        stopped = length_of(inside(deaf, begin, end))
        return stopped + min(length_of(longer) - stopped, MOST_PERIODS * PERIOD)

    def score(self, alarms: Sequence[Alarm]) -> Score:
        """What these alarms are worth."""
        messages = [alarm for alarm in alarms if alarm.is_message]
        score = Score(alarms=len(messages), kinds=Counter(alarm.kind for alarm in messages))
        by_number: Mapping[int, list[Alarm]] = _by_number(alarms)
        for outage in filter(self.must_be_told, self.outages):
            told = [
                each
                for each in by_number.get(outage.number, ())
                if outage.silence.begin <= each.decided_at <= outage.silence.end
            ]
            score.outages += 1
            if not any(each.kind in {"down", "incident"} for each in told):
                score.missed.append(outage)
            elif told:
                score.delays.append(max(0, min(each.told_at for each in told) - outage.span.begin))
        score.false = [alarm for alarm in messages if self.is_false(alarm)]
        score.over = sum(self.is_over(alarm) and not self.is_false(alarm) for alarm in messages)
        score.doubled = _doubled(messages)
        return score

    def untold(self, left: Iterable[tuple[int, int]], alarms: Sequence[Alarm]) -> list[Outage]:
        """The outages that went on for two checks and more after their incident's end, and were not told alone then."""
        by_number = _by_number([alarm for alarm in alarms if alarm.kind in {"stale", "down"}])
        since = {(outage.number, at): outage for number, at in left for outage in self._lasting(number, at)}
        return [
            outage
            for (number, at), outage in since.items()
            if not any(at <= each.decided_at <= outage.silence.end for each in by_number.get(number, ()))
        ]

    def _lasting(self, number: int, at: int) -> list[Outage]:
        return [
            each
            for each in self.outages
            if each.number == number
            and each.span.begin <= at
            and each.span.end - at - self._stopped(at, each.span.end) > 2 * CHECK
        ]

    def is_false(self, alarm: Alarm) -> bool:
        """True where none of its nodes (of an incident: fewer than five) was cut off while the hub could hear.

        What counts lies between the node's last accepted report and the decision; for an unsteady one, in six hours.
        """
        least = LEAST_OF_INCIDENT if alarm.kind == "incident" else 1
        return sum(self._was_cut_off(*each, alarm) for each in zip(alarm.numbers, alarm.heard, strict=True)) < least

    def _was_cut_off(self, number: int, heard_at: int, alarm: Alarm) -> bool:
        since = alarm.decided_at - 360 * MINUTE if alarm.kind == "unsteady" else heard_at
        cuts = inside(self._world.cut_off[number], since, alarm.decided_at)
        return bool(without(cuts, self._world.deaf))

    def is_over(self, alarm: Alarm) -> bool:
        """True where none of its nodes was cut off any more when it was decided: the next report was on its way."""
        if alarm.kind == "unsteady":
            return self.is_false(alarm)
        at = alarm.decided_at
        return not any(inside(self._world.cut_off[number], at - 1, at) for number in alarm.numbers)


def _by_number(alarms: Iterable[Alarm]) -> Mapping[int, list[Alarm]]:
    found = defaultdict(list)
    for alarm in alarms:
        for number in alarm.numbers:
            found[number].append(alarm)
    return found


def _doubled(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Those that say of a node what was said before, with no report accepted in between."""
    seen: set[tuple[int, str, int]] = set()
    doubled = []
    for alarm in sorted(alarms, key=lambda each: each.decided_at):
        known = {(number, alarm.kind, heard) for number, heard in zip(alarm.numbers, alarm.heard, strict=True)}
        if known & seen and alarm.kind != "unsteady":
            doubled.append(alarm)
        seen |= known
    return doubled
