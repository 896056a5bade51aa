"""A hub on the virtual clock: the real beats, looks and deliveries, with a database that holds what it has heard.

How reports come into the database is receipts.py's. By the shortcut, before each look the nodes' times of receipt are
written that a rule can tell from fresh ones; the others lie within a reporting period and a minute, where no rule looks
closer.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Q

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.base.schedule import is_due, put_off
from felhom_hub.events.models import Event
from felhom_hub.notify import gather
from felhom_hub.notify.deliver import deliver_due
from felhom_hub.notify.held import tell_held
from felhom_hub.notify.models import Alarm, Delivery
from felhom_hub.notify.remind import remind
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.summary import thresholds
from felhom_hub.simulation.heard import Heard
from felhom_hub.simulation.provider import Killed, Provider
from felhom_hub.simulation.receipts import Move, Receipts
from felhom_hub.simulation.spans import SECOND
from felhom_hub.simulation.switches import Switches
from felhom_hub.simulation.world import World
from felhom_hub.watch.common_cause import IncidentRules
from felhom_hub.watch.hearing import BEAT_SECONDS, LOOK, move_hearing, record_beats
from felhom_hub.watch.incidents import LATE
from felhom_hub.watch.models import DeafSpan, Incident, NodeLevel
from felhom_hub.watch.pulse import Pulse, Reading
from felhom_hub.watch.queries import LEDGER, deaf_spans
from felhom_hub.watch.staleness import Rules, check_silence
from felhom_hub.watch.summary import PATIENCE, tell_deaf_time
from felhom_hub.watch.unsteady import FALLS, WINDOW

BEAT = round(BEAT_SECONDS * SECOND)


class Hub:
    """One process at a time, over one database."""

    def __init__(
        self,
        world: World,
        heard: Heard,
        provider: Provider,
        switches: Switches,
        *,
        pks: Sequence[int],
        receipts: Receipts,
    ) -> None:
        self.pks = pks
        self.numbers = {pk: number for number, pk in enumerate(pks)}
        self.is_hearing = True
        # After each look: who is silent by the hub's own word, and when there is more to do.
        self.levels: dict[int, str] = {}
        self.has_news = False
        self.wakes_at: int | None = None
        self._known_until: dict[int, int] = {}
        self._is_new = True
        self._newest = 0
        self._world, self._heard, self._provider, self._switches = world, heard, provider, switches
        self._receipts = receipts
        self._chance = Random(f"{world.plan.seed} chance")
        self._pulse = Pulse()
        self._beats_from = world.plan.span.begin
        self._slept = 0
        self._is_paused = False
        alerting = settings.HUB.alerting
        self._period = alerting.report_interval if switches.period is None else switches.period
        self._together = IncidentRules(alerting.incident_share / 100, alerting.incident_window)
        self._check = alerting.check_interval
        self._stale, self._down = to_ms(alerting.stale_threshold), to_ms(alerting.down_threshold)
        # The age from which on a rule may tell one time of receipt from another.
        self._blurred = to_ms(alerting.report_interval + LATE) if receipts.may_lag else 0
        self._remind_every = alerting.remind_every
        self._shown = [heard.last(number, world.plan.span.begin) for number in range(len(pks))]
        self._times = {number: self.clock_ms(at) for number, at in enumerate(self._shown)}

    def clock(self, at: int) -> datetime:
        """What the hub's clock says at that true time."""
        return from_milliseconds(self.clock_ms(at))

    def clock_ms(self, at: int) -> int:
        """As `clock`, in milliseconds."""
        return at + self._world.offset_at(at)

    def next_beat(self, at: int) -> int:
        """When the first beat from `at` on is."""
        return self._beats_from - (self._beats_from - at) // BEAT * BEAT

    def start(self, at: int) -> None:
        """A process begins, and its first beat is stored."""
        self._pulse = Pulse()
        self._beats_from, self.is_hearing, self._is_paused = at, True, False
        self.beat(at)

    def pause(self, at: int) -> None:
        """From now on there is no beat: what the last one was is noted."""
        self.note_hearing(at)
        self._pulse.landed(self._reading(self._last_beat(at)))
        self._is_paused = True

    def refuse(self) -> None:
        """Beats are none of hearing from now on."""
        self._pulse.missed()
        self.is_hearing = False

    def resume(self, at: int, *, slept: int = 0) -> None:
        """The same process beats again."""
        self._slept += slept
        self._beats_from, self.is_hearing, self._is_paused = at, True, False
        self.beat(at)

    def beat(self, at: int) -> bool:
        """The beat of that moment is stored; True where it has found somebody back and asked for the next look."""
        self.refresh(at, at_least=0)
        reading = self._reading(at)
        beat = self._pulse.beat(reading, is_hearing=self.is_hearing)
        with transaction.atomic():
            record_beats(Db(), [beat])
        if self.is_hearing:
            self._pulse.landed(reading)
        if beat.is_set_back:
            self._read_times()
        self.read_state(at)
        return is_due(LOOK, self.clock(at))

    def beat_for_one_back(self, at: int) -> bool:
        """A beat among others, at which somebody counts as silent who was heard."""
        self.note_hearing(at - 1)
        if self.is_hearing:
            self._pulse.landed(self._reading(self._last_beat(at - 1)))
        return self.beat(at)

    def note_hearing(self, at: int) -> None:
        """The beats up to then are in the ledger, as far as they were of hearing."""
        if self.is_hearing and not self._is_paused:
            move_hearing(self.clock(self._last_beat(at)))

    def _last_beat(self, at: int) -> int:
        return self._beats_from + (at - self._beats_from) // BEAT * BEAT

    def _reading(self, at: int) -> Reading:
        running = at - self._world.plan.span.begin
        return Reading(self.clock(at), timedelta(milliseconds=running), timedelta(milliseconds=running - self._slept))

    def refresh(self, at: int, *, at_least: int | None = None) -> None:
        """The nodes' rows say when each was heard last, where what they say is older than `at_least`."""
        age = self._blurred if at_least is None else at_least
        silent = self.levels
        changed: list[Move] = []
        for number, shown in enumerate(self._shown):
            if at - shown >= age or number in silent:
                last = self._heard.last(number, at)
                if last > shown:
                    self._shown[number] = last
                    self._times[number] = max(self._times[number], self.clock_ms(last))
                    changed.append(Move(number, shown, last, self._times[number]))
        if changed:
            self._receipts.store(changed)

    def _read_times(self) -> None:
        """The clock was set back, and the rows with it."""
        rows = NodeState.objects.values_list("customer_id", "last_received_at")
        self._times = {self.numbers[pk]: to_milliseconds(at) for pk, at in rows}

    def heard_at(self, number: int, at: int) -> int:
        """When it really was heard last by then."""
        return self._heard.last(number, at)

    def times(self) -> dict[int, int]:
        """When each node was heard last by the hub's clock, as far as a rule can tell."""
        return self._times

    def look(self, at: int) -> None:
        """The hub has looked for silence."""
        self.refresh(at)
        self.note_hearing(at)
        now = self.clock(at)
        zone = settings.HUB.server.time_zone
        deaf = deaf_spans(now - LEDGER, now) if self._switches.has_ledger else ()
        falls = FALLS if self._switches.falls is None else self._switches.falls
        together = self._together if self._switches.has_incidents else None
        self.has_news = self._is_new = False
        looked = check_silence(now, Rules(thresholds(), deaf, self._period, together, zone, falls))
        has_told = tell_deaf_time(now, period=self._period, zone=zone)
        put_off(LOOK, now + self._check)
        if looked.changed or looked.seen or has_told or self.wakes_at is not None:
            self.read_state(at)

    def may_change(self, at: int) -> bool:
        """False where a look would find nothing to decide, whatever it decides by."""
        self.refresh(at)
        if self._is_new or (self.wakes_at is not None and self.wakes_at <= at):
            return True
        now = self.clock_ms(at)
        stale, down, levels = now - self._stale, now - self._down, self.levels
        for number, known in self._known_until.items():
            last = self._times[number]
            if last > known or (levels[number] == "stale" and last < down):
                return True
        return any(last <= stale and number not in levels for number, last in self._times.items())

    def read_state(self, at: int) -> None:
        """Who is silent by the hub's own word, when something is due by itself, and whether there are new events."""
        columns = ("customer_id", "level", "heard_at")
        rows = Db().select(NodeLevel, columns, key="level", values=["stale", "down"])
        self.levels = {self.numbers[pk]: level for pk, level, _ in rows}
        self._known_until = {self.numbers[pk]: heard_ms for pk, _, heard_ms in rows}
        self.wakes_at = self._next_wake(at)
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.has_news = newest > self._newest
        self._newest = newest

    def _next_wake(self, at: int) -> int | None:
        """When a node is steady again, deaf time is to be told, or an incident of which few are left may be over."""
        steady = NodeLevel.objects.filter(is_unsteady=True, level="heard").aggregate(since=Min("since_at"))["since"]
        untold = DeafSpan.objects.filter(told_at=None).aggregate(last=Max("to_at"), first=Min("to_at"))
        few = Incident.objects.filter(ended_at=None).aggregate(since=Min("few_since_at"))["since"]
        times = [
            None if steady is None else steady + WINDOW,
            None if few is None else few + self._period,
            untold["last"] and min(untold["last"] + self._period, untold["first"] + PATIENCE * self._period),
        ]
        offset = self._world.offset_at(at)
        return min((to_milliseconds(each) - offset for each in times if each is not None), default=None)

    def deliver(self, at: int) -> int | None:
        """What was due has been tried; returns when the next message is due, None where none waits."""
        self._provider.now = at
        late = gather.LATE if self._switches.late is None else self._switches.late
        # Where it is killed its lease runs out, and the next worker goes on.
        with suppress(Killed):
            deliver_due(clock=lambda: self.clock(at), chance=self._chance.random, is_over_time=lambda: False, late=late)
        return self.delivery_due(at)

    @property
    def holds_back(self) -> bool:
        """True where somebody waits to be told of an alarm."""
        return Alarm.objects.filter(Q(operator_waits=True) | Q(customer_waits=True)).exists()

    @property
    def has_incident(self) -> bool:
        """True while many are silent together."""
        return Incident.objects.filter(ended_at=None).exists()

    def tell_held(self, at: int) -> int:
        """Whoever waited and need not wait any more is told; of how many is returned."""
        return tell_held(self.clock(at)) if self._switches.has_held else 0

    def remind(self, at: int) -> int:
        """The operator is reminded of what stands; of how many is returned."""
        edge = self.clock(at) - self._remind_every
        due = Alarm.objects.filter(since_at__lte=edge).filter(Q(reminded_at=None) | Q(reminded_at__lte=edge))
        if not due.exists():
            return 0
        return remind(self.clock(at), every=self._remind_every)

    def delivery_due(self, at: int) -> int | None:
        """When a message is due next."""
        queued = Db().select(Delivery, ("next_at", "lease_until"), key="result", values=["queued"])
        offset = self._world.offset_at(at)
        times = [(next_at if lease_until is None else lease_until) - offset + 1 for next_at, lease_until in queued]
        return min(times, default=None)


def to_ms(span: timedelta) -> int:
    """A span in milliseconds."""
    return span // timedelta(milliseconds=1)
