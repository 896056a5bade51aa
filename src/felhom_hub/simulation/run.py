"""One run from its plan to its result, and nothing of it stays in the database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from felhom_hub.notify.channels import only_channel
from felhom_hub.simulation.comparison import GraceRule, PlainRule
from felhom_hub.simulation.drive import Drive
from felhom_hub.simulation.hub import Hub
from felhom_hub.simulation.judge import Judge, Score
from felhom_hub.simulation.outcome import Mail, Record, alarms_of, mail_of
from felhom_hub.simulation.plan import Plan
from felhom_hub.simulation.switches import Switches


@dataclass(frozen=True)
class Result:
    """What the hub told, beside what the two other rules would have, and what became of the messages."""

    seed: int
    nodes: int
    hub: Score
    plain: Score
    grace: Score
    mail: Mail
    left: int  # silent still when their incident ended
    untold: int  # of those whose outage went on, the ones that were not told alone
    events: Mapping[str, int]


def simulate(plan: Plan, switches: Switches, *, on_progress: Callable[[float], None] | None = None) -> Result:
    """The plan has been gone through with the rules as the switches have them; the database is as it was."""
    with transaction.atomic():
        result = _simulated(plan, switches, on_progress)
        transaction.set_rollback(True)
    return result


def _simulated(plan: Plan, switches: Switches, on_progress: Callable[[float], None] | None) -> Result:
    record, plain, grace = Record(), PlainRule(), GraceRule()

    def watch(at: int, hub: Hub) -> None:
        if hub.has_news:
            record.note(at, hub)
        now, times = hub.clock_ms(at), hub.times()
        for rule in (plain, grace):
            rule.look(at, now, times, lambda number: hub.heard_at(number, at))

    drive = Drive(plan, switches, watch=watch, note=record.note_later)
    with only_channel(drive.provider):
        for at in drive.run():
            if on_progress is not None:
                on_progress((at - plan.span.begin) / plan.span.length)
    judge = Judge(drive.world, drive.silences.values(), until=plan.span.end)
    alarms = alarms_of(record, drive.provider)
    return Result(
        seed=plan.seed,
        nodes=len(plan.nodes),
        hub=judge.score(alarms),
        plain=judge.score(plain.alarms),
        grace=judge.score(grace.alarms),
        mail=mail_of(drive.provider),
        left=len(record.left),
        untold=len(judge.untold(record.left, alarms)),
        events=record.events(),
    )
