"""Drives a hub through a plan: from one moment at which something can change to the next.

Looks are due every minute, as the job's are; those in which nothing can have changed are left out. What can change is
known from the truth (who has been silent for half an hour) and from the hub's own state after each look.
"""

import heapq
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

from felhom_hub.base.schedule import load_jobs
from felhom_hub.simulation.fleet import make_fleet
from felhom_hub.simulation.heard import Heard, Silence
from felhom_hub.simulation.hub import Hub
from felhom_hub.simulation.plan import HubFault, Plan
from felhom_hub.simulation.provider import Provider
from felhom_hub.simulation.receipts import Moved, Receipts, Recorded
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, SECOND, Span
from felhom_hub.simulation.switches import Switches
from felhom_hub.simulation.world import World

CHUNK = 5 * DAY  # of reports that are known ahead
CHECK = MINUTE  # alerting.check_interval
TICK = SECOND  # the job loop's
DELIVERIES = 5 * SECOND
REFUSAL_COUNTS = 15 * MINUTE  # project/beats.py: no beat is one of hearing for so long after a refusal
REMINDERS = HOUR  # the job's is every 5 minutes, of alarms that have stood for a day
_STALE, _DOWN = 30 * MINUTE, 60 * MINUTE
# After a fault of the hub any node may be late by its clock: nobody's silence is that long that could change later
# without being long in true time as well.
_AFTERMATH = HOUR
_SUSPECT = _STALE - MINUTE
_LOOKS_FIRST = 0.5  # how often the look for silence comes before the first beat

Watcher = Callable[[int, Hub], None]


class Drive:
    """One run. `watch` is called after each look, with its moment and the hub; `note` when something was told later."""

    def __init__(
        self,
        plan: Plan,
        switches: Switches,
        *,
        watch: Watcher | None = None,
        note: Callable[[int], None] | None = None,
        is_faultless_mail: bool = False,
        is_through_intake: bool = False,
    ) -> None:
        load_jobs()
        self.world = World(plan)
        self.heard = Heard(self.world)
        self.provider = Provider(plan.mail, Random(f"{plan.seed} provider"), is_faultless=is_faultless_mail)
        pks = make_fleet([self.heard.last(node.number, plan.span.begin) for node in plan.nodes])
        self.receipts: Receipts = Recorded(self.world, self.heard) if is_through_intake else Moved(pks)
        self.hub = Hub(self.world, self.heard, self.provider, switches, pks=pks, receipts=self.receipts)
        self._plan, self._switches, self._watch, self._note = plan, switches, watch, note
        self._dice = Random(f"{plan.seed} drive")
        self._moments: list[tuple[int, int, Callable[[int], None]]] = []
        self._order = count()
        self._suspects: dict[int, int] = {}
        self.silences: dict[tuple[int, int], Silence] = {}
        self._is_on = False
        self._now = plan.span.begin
        self._next_look = plan.span.begin
        self._look_until = plan.span.begin + _AFTERMATH
        self._next_delivery: int | None = None
        self._next_held: int | None = None
        self._next_reminder = plan.span.begin + REMINDERS

    def run(self) -> Iterator[int]:
        """The plan has been gone through; yields up to when, every few days."""
        span = self._plan.span
        self._schedule()
        self._start(span.begin)
        for begin in range(span.begin, span.end, CHUNK):
            end = min(begin + CHUNK, span.end)
            self.hub.refresh(begin)
            self.heard.move_to(Span(begin, end))
            self._note_silences(begin, end)
            self._run_until(end)
            yield end

    def _at(self, at: int, what: Callable[[int], None]) -> None:
        heapq.heappush(self._moments, (at, next(self._order), what))

    def _schedule(self) -> None:
        for fault in self._plan.hub:
            self._at(fault.span.begin, self._beginning_of(fault))
            self._at(fault.span.end, self._end_of(fault))
            if fault.state in {"refused", "unwritable"}:
                self._at(fault.span.end + REFUSAL_COUNTS, self._hear_again)
        for step in self._plan.steps:
            self._at(step.at - 1, self._note_before_step)
            self._at(step.at, self._step)

    def _note_silences(self, begin: int, end: int) -> None:
        for silence in self.heard.silences(longer_than=_SUSPECT, until=end):
            since = silence.begin
            self.silences[silence.number, since] = silence
            self._at(max(begin, since + _SUSPECT), self._suspicion_of(silence.number, since))
            if silence.end is not None:
                self._at(silence.end, self._return_of(silence.number))

    def _suspicion_of(self, number: int, since: int) -> Callable[[int], None]:
        def suspect(_at: int) -> None:
            self._suspects[number] = since

        return suspect

    def _return_of(self, number: int) -> Callable[[int], None]:
        def come_back(at: int) -> None:
            self._suspects.pop(number, None)
            if number in self.hub.levels:
                if self._switches.is_prompt:
                    self._at(self.hub.next_beat(at), self._beat_for_one_back)
                else:
                    self._look_until = max(self._look_until, at + 2 * CHECK)

        return come_back

    def _beat_for_one_back(self, at: int) -> None:
        if self._is_on and self.hub.beat_for_one_back(at):
            self._at(at + TICK, self._asked_look)

    def _asked_look(self, at: int) -> None:
        if self._is_on:
            self._look(at)

    def _beginning_of(self, fault: HubFault) -> Callable[[int], None]:
        def begin(at: int) -> None:
            self.hub.pause(at)
            if fault.state == "refused":
                self.hub.refuse()
            else:
                self._is_on = False

        return begin

    def _end_of(self, fault: HubFault) -> Callable[[int], None]:
        def end(at: int) -> None:
            self._look_until = at + _AFTERMATH
            if fault.state == "off":
                self._start(at)
            elif fault.state in {"asleep", "stalled"}:
                self.hub.resume(at, slept=fault.span.length if fault.state == "asleep" else 0)
                self._turn_on(at)
            elif fault.state == "unwritable":
                self.hub.refuse()
                self._turn_on(at)

        return end

    def _hear_again(self, at: int) -> None:
        self.hub.resume(at)
        self._look_until = at + _AFTERMATH

    def _note_before_step(self, at: int) -> None:
        self.hub.pause(at)

    def _step(self, at: int) -> None:
        self._look_until = at + _AFTERMATH
        # The loop of the jobs may look before the next beat says that the clock was set.
        if self._dice.random() < _LOOKS_FIRST:
            self._look(at + TICK)
        self._at(self.hub.next_beat(at), self._beat_after_step)

    def _beat_after_step(self, at: int) -> None:
        self.hub.resume(at)
        # By the clock that counts now, messages are due at other moments.
        self._next_delivery = self._tick_of(self.hub.delivery_due(at), at)

    def _start(self, at: int) -> None:
        if self._dice.random() < _LOOKS_FIRST and at > self._plan.span.begin:
            self._look(at)
        self.hub.start(at)
        self._look_until = at + _AFTERMATH
        self._turn_on(at)

    def _turn_on(self, at: int) -> None:
        self._is_on = True
        self._next_look = max(self._next_look, at + TICK)
        self._next_look = min(self._next_look, at + CHECK)
        self._next_delivery = self._tick_of(self.hub.delivery_due(at), at)
        self._next_reminder = max(self._next_reminder, at + TICK)
        if self._next_held is not None:
            self._next_held = max(self._next_held, at + TICK)

    def _run_until(self, end: int) -> None:
        while True:
            times = [(self._moments[0][0], 0)] if self._moments else []
            if self._is_on:
                due = (self._wanted_look(), self._next_held, self._next_reminder, self._next_delivery)
                times += [(at, kind) for kind, at in enumerate(due, start=1) if at is not None]
            if not times or min(times)[0] >= end:
                return
            at, kind = min(times)
            self._now = at
            if kind == 0:
                heapq.heappop(self._moments)[2](at)
            else:
                (self._look, self._tell_held, self._remind, self._deliver)[kind - 1](at)

    def _deliver(self, at: int) -> None:
        self._next_delivery = self._tick_of(self.hub.deliver(at), at + 1)

    def _tell_held(self, at: int) -> None:
        """The job that tells of what was held back; while an incident is open, what it holds waits for its end."""
        self._next_held = None
        told = self.hub.tell_held(at)
        if told:
            self._note_later(at)
        elif self.hub.holds_back and not self.hub.has_incident:
            self._next_held = at + CHECK

    def _remind(self, at: int) -> None:
        self._next_reminder = at + REMINDERS
        if self.hub.remind(at):
            self._note_later(at)

    def _note_later(self, at: int) -> None:
        if self._note is not None:
            self._note(at)
        self._next_delivery = self._tick_of(self.hub.delivery_due(at), at + 1)

    def _tick_of(self, due: int | None, at: int) -> int | None:
        """When the deliveries' job runs from then on."""
        if due is None:
            return None
        begin = self._plan.span.begin
        return begin - (begin - max(due, at)) // DELIVERIES * DELIVERIES

    def _wanted_look(self) -> int | None:
        """The first look that is not in vain."""
        wanted = self._wanted_from()
        if wanted is None:
            return None
        late = max(0, wanted - self._next_look, self._now - self._next_look)
        return self._next_look - (-late // CHECK) * CHECK

    def _wanted_from(self) -> int | None:
        hub = self.hub
        if self._now < self._look_until:
            return self._now
        levels = hub.levels
        times = [
            since + (_DOWN if number in levels else _STALE)
            for number, since in self._suspects.items()
            if levels.get(number) != "down"
        ]
        if hub.wakes_at is not None:
            times.append(hub.wakes_at)
        return min(times, default=None)

    def _look(self, at: int) -> None:
        self._next_look = at + CHECK
        is_in_vain = not self.hub.may_change(at)
        if not is_in_vain:
            self.hub.look(at)
        if self._watch is not None:
            self._watch(at, self.hub)
        if not is_in_vain and self.hub.has_news:
            self.hub.has_news = False
            if self._next_held is None and self.hub.holds_back:
                self._next_held = at + CHECK // 2
            self._next_delivery = self._tick_of(self.hub.delivery_due(at), at + 1)
