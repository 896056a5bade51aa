"""A simulated fleet against a hub: up to ten thousand controllers in one process, on a few lasting connections.

Each controller keeps its own time, backoff and `Retry-After`; what it reports is left to `synthetic`.
"""

import heapq
import queue
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from felhom_controller.blueprint import SimulatedMachine
from felhom_controller.client import Answer, HubClient, HubError
from felhom_controller.happenings import events_within
from felhom_controller.retry import Backoff
from felhom_controller.snapshot import Pushed
from felhom_controller.synthetic import Dealt, body_at, snapshot_at
from felhom_controller.troubles import Window, is_silent
from felhom_controller.wishes import Doer, do_pending

_JITTER = 0.05  # of the interval, both ways
_STOP_SECONDS = 1.5  # for answers that are under way when the fleet stops


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """How a fleet reports; `spread_seconds` is the span over which the first reports are spread."""

    hub_url: str
    interval_seconds: float
    spread_seconds: float
    connections: int = 16
    duration_seconds: float | None = None
    sends_events: bool = False
    sends_snapshots: bool = False
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(slots=True)
class _Member:
    machine: SimulatedMachine
    failures: int = 0
    is_first: bool = True
    events_until: float = 0.0
    events: deque[bytes] = field(default_factory=deque)
    pushed: Pushed = field(default_factory=Pushed)

    @property
    def customer_id(self) -> str:
        return self.machine.customer_id


@dataclass(frozen=True, slots=True)
class Tally:
    """What the fleet has met so far: answers by status (0: nobody answered), events taken, silences kept."""

    answers: Mapping[int, int]
    events: int
    silences: int


class Fleet:
    """Controllers waiting for their time, and the threads that send for them."""

    def __init__(
        self,
        plan: FleetPlan,
        machines: Sequence[SimulatedMachine],
        key_of: Callable[[str], str],
        *,
        dealt_of: Callable[[SimulatedMachine], Dealt | None] = lambda _machine: None,
        live_config_of: Callable[[SimulatedMachine], bytes | None] = lambda _machine: None,
        doer_of: Callable[[SimulatedMachine], Doer | None] = lambda _machine: None,
    ) -> None:
        self._plan = plan
        self._dealt_of, self._live_config_of, self._doer_of = dealt_of, live_config_of, doer_of
        self._key_of = key_of  # asked anew for each request: a configuration may bring another key
        now = time.time()
        self._members = [_Member(machine, events_until=now) for machine in machines]
        self._client = HubClient(plan.hub_url, connections=plan.connections)
        self._answers: Counter[int] = Counter()
        self._silences = 0
        self._events = 0
        self._last_error = ""
        self._due: list[tuple[float, int]] = []
        self._ready: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._stopping = False

    def run(self) -> Tally:
        """The fleet has reported until its duration was over or `stop` was called; what is under way gets a moment."""
        start = time.monotonic()
        for number in range(len(self._members)):
            share = (number + random.random()) / max(1, len(self._members))
            self._due.append((start + share * self._plan.spread_seconds, number))
        heapq.heapify(self._due)
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self._plan.connections)]
        for thread in threads:
            thread.start()
        self._dispatch(None if self._plan.duration_seconds is None else start + self._plan.duration_seconds)
        for _ in threads:
            self._ready.put(None)
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return self.tally()

    def _dispatch(self, end: float | None) -> None:
        """Hand each controller to the threads when its time has come, until the end or a stop."""
        with self._changed:
            while not self._stopping:
                now = time.monotonic()
                if end is not None and now >= end:
                    self._stopping = True
                    return
                while self._due and self._due[0][0] <= now:
                    self._ready.put(heapq.heappop(self._due)[1])
                moments = [moment for moment in (self._due[0][0] if self._due else None, end) if moment is not None]
                self._changed.wait(max(0.0, min(moments) - now) if moments else None)

    def stop(self) -> None:
        """No further report is begun; `run` returns within two seconds. Not to be called from a signal handler."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def tally(self) -> Tally:
        """What the fleet has met so far."""
        with self._changed:
            return Tally(dict(sorted(self._answers.items())), self._events, self._silences)

    @property
    def last_error(self) -> str:
        """The newest failure in plain words; empty while all is well."""
        return self._last_error

    def _work(self) -> None:
        while (number := self._ready.get()) is not None and not self._stopping:
            delay = self._report(self._members[number])
            with self._changed:
                heapq.heappush(self._due, (time.monotonic() + delay, number))
                self._changed.notify()

    def _report(self, member: _Member) -> float:
        """Send one report; returns the seconds until this controller's next."""
        now, machine = datetime.now(UTC), member.machine
        # A controller reports at its start even in a stretch that its past shows as silent.
        if not member.is_first and is_silent(machine.seed, machine.index, now.timestamp()):
            self._count(None)
            return self._interval()
        try:
            body = body_at(machine, now, self._dealt_of(machine))
            answer = self._client.post_report(body, key=self._key_of(member.customer_id))
            self._count(200)
            if self._plan.sends_events:
                self._send_events(member, now.timestamp())
            if self._plan.sends_snapshots and machine.behaviour.sends_snapshots:
                self._send_snapshot(member, now)
        except HubError as error:
            self._count(error.status or 0)
            self._last_error = str(error)
            member.failures += 1
            if error.is_permanent:
                return self._interval()
            return self._plan.backoff.delay_seconds(member.failures, retry_after_seconds=error.retry_after)
        member.failures, member.is_first = 0, False
        return 0.0 if self._has_done(answer, member) else self._interval()

    def _has_done(self, answer: Answer, member: _Member) -> bool:
        """True where the machine did what its hub wants, and reports that at once."""
        doer = self._doer_of(member.machine) if answer.pending else None
        return doer is not None and do_pending(answer.pending, doer, self._client)

    def _send_events(self, member: _Member, now: float) -> None:
        """What befell the machine since the last time is at the hub; raises HubError with the rest waiting."""
        for _, event in events_within(member.machine, Window(member.events_until, now)):
            member.events.append(msgspec.json.encode(event))
        member.events_until = now
        while member.events:
            try:
                self._client.post_event(member.events[0], key=self._key_of(member.customer_id))
            except HubError as error:
                if not error.is_about_body:
                    raise
                self._count(error.status or 0)
                self._last_error = str(error)
            else:
                with self._changed:
                    self._events += 1
            member.events.popleft()

    def _send_snapshot(self, member: _Member, now: datetime) -> None:
        """The hub has a snapshot of today that is true; raises HubError."""
        machine = member.machine
        body = snapshot_at(machine, now, self._live_config_of(machine))
        if member.pushed.is_due(body, now.timestamp()):
            self._client.post_snapshot(body, key=self._key_of(member.customer_id))
            member.pushed.note(body, now.timestamp())

    def _interval(self) -> float:
        return self._plan.interval_seconds * random.uniform(1 - _JITTER, 1 + _JITTER)

    def _count(self, status: int | None) -> None:
        with self._changed:
            if status is None:
                self._silences += 1
            else:
                self._answers[status] += 1
