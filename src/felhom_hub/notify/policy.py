"""Who is told of an event, and why not: the one rule of the outbox. Pure.

Everything that it rests on comes in as `Inputs`, which are kept on the delivery's row; what is stored, and when, is
route.py's. What a recovery recovers from is in `RECOVERS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from felhom_hub.events.catalogue import LEGACY_TYPE, Severity
from felhom_hub.events.outcomes import BACKUP, CROSSDRIVE_BACKUP, DB_DUMP, INTEGRITY_CHECK

Audience = Literal["operator", "customer"]
AUDIENCES: tuple[Audience, ...] = ("operator", "customer")

OPERATOR_COOLDOWN = timedelta(hours=1)  # per customer and type, as the Go hub had it
# Two hubs on one database get an alarm each, and the later one may be decided on first: its time waits in the other's
# queue, and their clocks differ a little.
HUBS_DIFFER = timedelta(minutes=1)
ALARMS: frozenset[Severity] = frozenset(("warning", "error"))
# A customer who asked for these at its own box is told whatever its list says.
_ASKED_FOR = frozenset(("test", LEGACY_TYPE))

RECOVERS: Mapping[str, frozenset[str]] = {
    "node_recovered": frozenset(("node_down", "node_stale")),
    "health_recovered": frozenset(("health_degraded",)),
    "storage_reconnected": frozenset(("storage_disconnected",)),
    "update_completed": frozenset(("update_failed",)),
    "expected_backup_done": frozenset(("expected_backup_missed",)),
    "expected_dbdump_done": frozenset(("expected_dbdump_missed",)),
    "node_steady": frozenset(("node_unsteady",)),
    "recovery_restored": frozenset(("recovery_degraded",)),
    "hub_backup_done": frozenset(("hub_backup_missed", "hub_backup_failed")),
    "hub_volume_roomy": frozenset(("hub_volume_filling",)),
    **dict.fromkeys(BACKUP.done, BACKUP.failed | {"expected_backup_missed"}),
    **dict.fromkeys(DB_DUMP.done, DB_DUMP.failed | {"expected_dbdump_missed"}),
    **dict.fromkeys(CROSSDRIVE_BACKUP.done, CROSSDRIVE_BACKUP.failed),
    **dict.fromkeys(INTEGRITY_CHECK.done, INTEGRITY_CHECK.failed),
}
NOT_AN_ALARM = "the operator is told of warnings and errors"
_NOT_ASKED_FOR = "the customer has not enabled this event"
# Why most events are told to nobody: kept on their rows, and no news on a list of messages.
_ORDINARY_REASONS = frozenset((NOT_AN_ALARM, _NOT_ASKED_FOR))
# One for each cause: neither a cooldown nor its severity holds one of them back for another.
ALWAYS_TOLD = frozenset(("hub_deaf", "hub_incident_began", "hub_incident_ended", "hub_alarm_test"))
# What is held back by one of these is counted, and told with the next message of its type.
_COUNTED = frozenset(("cooldown", "silenced", "acknowledged"))
# Whoever read that a server is back must hear when it is gone again: its recovery ends the alarm's cooldown. These
# events cannot come in masses, since each takes a whole threshold of silence.
_ENDS_COOLDOWN = frozenset(("node_recovered",))


@dataclass(frozen=True)
class ToldState:
    """What one audience was told last about one type of one customer's events."""

    told_at: datetime | None = None
    held_back: int = 0
    is_alarmed: bool = False


NEVER_TOLD = ToldState()


@dataclass(frozen=True)
class Inputs:
    """All that a decision rests on. Texts are empty where there is no such thing."""

    audience: Audience
    event_type: str
    severity: Severity
    is_switched_on: bool  # the operator's mail as a whole
    is_blocked: bool
    enabled_events: frozenset[str]  # of the customer
    provider: str  # through which the channel sends
    address: str
    cooldown: timedelta
    told: ToldState = NEVER_TOLD
    alarms: Mapping[str, ToldState] = field(default_factory=dict)  # what this recovers from, as far as it was told
    suppressed: str = ""  # why the address is not mailed any more
    is_notice: bool = False  # a first controller's, which has asked its customer's wishes itself
    incident: str = ""  # the incident that tells of it instead
    is_damped: bool = False  # the server is unsteady, which is told in place of each of its falls
    silenced: str = ""  # by what, in words
    silence: int = 0  # its number
    acknowledged: str = ""  # by whom
    is_deaf: bool = False  # the hub could not hear at the time

    @property
    def is_recovery_of_told(self) -> bool:
        """True where the audience was alarmed of what is over now."""
        return any(state.is_alarmed for state in self.alarms.values())

    @property
    def held_back(self) -> int:
        """How many events the next message has to tell of beside its own."""
        return self.told.held_back + sum(state.held_back for state in self.alarms.values())


@dataclass(frozen=True)
class Decision:
    """`cause` is one word for programs, `reason` a few for people; both are empty for what is sent."""

    cause: str = ""
    reason: str = ""

    @property
    def is_sent(self) -> bool:
        return not self.cause


SEND = Decision()


def decide(inputs: Inputs, now: datetime) -> Decision:
    """Whether the audience is told. The first reason against it counts; a recovery of a told alarm passes the rest."""
    return _not_meant(inputs) or _not_wanted(inputs) or _no_way(inputs) or _not_now(inputs, now) or SEND


def is_ordinary(decision: Decision) -> bool:
    """True for what nobody has asked to be told of, and so no news on a list of messages; most decisions are."""
    return decision.reason in _ORDINARY_REASONS


def _not_meant(inputs: Inputs) -> Decision | None:
    if inputs.is_blocked:
        return Decision("blocked", "the customer is blocked")
    if inputs.audience == "customer":
        return None
    is_alarm = inputs.severity in ALARMS or inputs.event_type in ALWAYS_TOLD
    if not is_alarm and not inputs.is_recovery_of_told:
        return Decision("not enabled", NOT_AN_ALARM)
    if not inputs.is_switched_on:
        return Decision("not enabled", "the operator's messages are switched off")
    return None


def _not_wanted(inputs: Inputs) -> Decision | None:
    is_asked_for = inputs.is_notice or inputs.event_type in _ASKED_FOR
    if inputs.audience == "operator" or inputs.is_recovery_of_told or is_asked_for:
        return None
    if inputs.event_type not in inputs.enabled_events:
        return Decision("not enabled", _NOT_ASKED_FOR)
    return None


def _no_way(inputs: Inputs) -> Decision | None:
    if not inputs.provider:
        return Decision("no provider", "no mail provider is configured")
    if not inputs.address:
        return Decision("no address", "no address is known")
    if inputs.suppressed:
        return Decision("suppressed", inputs.suppressed)
    return None


def _not_now(inputs: Inputs, now: datetime) -> Decision | None:
    if inputs.is_recovery_of_told:
        return None
    against = (
        ("silenced", inputs.silenced, f"silenced: {inputs.silenced}"),
        ("acknowledged", inputs.acknowledged, f"acknowledged by {inputs.acknowledged}"),
        ("incident", inputs.incident, f"part of incident {inputs.incident}"),
        ("unsteady", inputs.is_damped, "the server is unsteady, which was told once"),
        ("deaf", inputs.is_deaf, "the hub could not hear at the time"),
        ("cooldown", _is_cooling(inputs, now), f"within the cooldown of {inputs.cooldown / timedelta(hours=1):g} h"),
    )
    return next((Decision(cause, reason) for cause, holds, reason in against if holds), None)


def _is_cooling(inputs: Inputs, now: datetime) -> bool:
    told_at = inputs.told.told_at
    if told_at is None or inputs.event_type in _ASKED_FOR | ALWAYS_TOLD:
        return False
    since = now - told_at
    if -HUBS_DIFFER <= since < timedelta():
        since = timedelta()
    # A clock that was put back must not hold messages for longer than the cooldown.
    return timedelta() <= since < inputs.cooldown


def told_after(inputs: Inputs, decision: Decision, now: datetime) -> dict[str, ToldState]:
    """What the audience has been told after the decision, by type; only what changes."""
    if decision.is_sent:
        changed = {inputs.event_type: ToldState(now, 0, is_alarmed=inputs.severity in ALARMS)}
    elif decision.cause in _COUNTED:
        changed = {inputs.event_type: replace(inputs.told, held_back=inputs.told.held_back + 1)}
    else:
        changed = {}
    for name, state in inputs.alarms.items():
        told_at = None if inputs.event_type in _ENDS_COOLDOWN else state.told_at
        after = ToldState(told_at, 0 if decision.is_sent else state.held_back, is_alarmed=False)
        if after != state:
            changed[name] = after
    return changed


def kept_inputs(inputs: Inputs, decision: Decision) -> dict[str, object]:
    """The inputs as they are kept on the row: what was looked at, without what is empty or stands in a column."""
    told_at = inputs.told.told_at
    named: dict[str, object] = {
        "cause": decision.cause,
        "severity": inputs.severity,
        "provider": inputs.provider,
        "blocked": inputs.is_blocked,
        "enabled": inputs.event_type in inputs.enabled_events,
        "cooldown_hours": inputs.cooldown / timedelta(hours=1),
        "told_at": told_at.isoformat() if told_at else "",
        "held_back": inputs.held_back,
        "recovers": sorted(name for name, state in inputs.alarms.items() if state.is_alarmed),
        "suppressed": inputs.suppressed,
        "notice": inputs.is_notice,
        "incident": inputs.incident,
        "damped": inputs.is_damped,
        "silenced": inputs.silenced,
        "silence": inputs.silence,
        "acknowledged": inputs.acknowledged,
        "deaf": inputs.is_deaf,
    }
    return {name: value for name, value in named.items() if value or name == "cooldown_hours"}
