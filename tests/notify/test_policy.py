from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW
from tests.notify.inputs import CUSTOMER, HOUR, OPERATOR

from felhom_hub.events.catalogue import ALIASES, CATALOGUE
from felhom_hub.notify.policy import (
    HUBS_DIFFER,
    RECOVERS,
    SEND,
    Inputs,
    ToldState,
    decide,
    is_ordinary,
    kept_inputs,
    told_after,
)

ALARMED = {"node_down": ToldState(NOW - HOUR / 2, 2, is_alarmed=True)}


def cause(inputs: Inputs, **changes: Any) -> str:
    return decide(replace(inputs, **changes), NOW).cause


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ""),
        ({"severity": "warning", "event_type": "never_heard_of"}, ""),
        ({"severity": "info"}, "not enabled"),
        ({"is_blocked": True}, "blocked"),
        ({"is_switched_on": False}, "not enabled"),
        ({"provider": ""}, "no provider"),
        ({"address": ""}, "no address"),
        ({"suppressed": "mail to the address came back"}, "suppressed"),
        ({"silenced": "maintenance until 16:00"}, "silenced"),
        ({"acknowledged": "kata"}, "acknowledged"),
        ({"incident": "318"}, "incident"),
        ({"is_damped": True}, "unsteady"),
        ({"is_deaf": True}, "deaf"),
        ({"told": ToldState(NOW - HOUR + timedelta(milliseconds=1))}, "cooldown"),
        ({"told": ToldState(NOW - HOUR)}, ""),
        ({"told": ToldState(NOW + HOUR)}, ""),  # the clock was put back
        ({"told": ToldState(NOW + HUBS_DIFFER)}, "cooldown"),  # by another hub, of an event that came a little later
        ({"told": ToldState(NOW + HUBS_DIFFER + timedelta(milliseconds=1))}, ""),
        ({"severity": "info", "provider": "", "address": ""}, "not enabled"),
        ({"is_blocked": True, "provider": "", "silenced": "so"}, "blocked"),
    ],
)
def test_operator(changes: Mapping[str, Any], expected: str) -> None:
    assert cause(OPERATOR, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ""),
        ({"severity": "info"}, ""),
        ({"event_type": "backup_failed"}, "not enabled"),
        ({"event_type": "backup_failed", "is_notice": True}, ""),
        ({"event_type": "test", "told": ToldState(NOW)}, ""),
        ({"event_type": "notify", "told": ToldState(NOW)}, ""),
        ({"event_type": "backup_failed", "address": ""}, "not enabled"),  # an address would change nothing
        ({"address": ""}, "no address"),
        ({"suppressed": "mail to the address came back"}, "suppressed"),
        ({"is_switched_on": False}, ""),  # that switch is the operator's
        ({"is_blocked": True}, "blocked"),
        ({"told": ToldState(NOW - 5 * HOUR)}, "cooldown"),
        ({"told": ToldState(NOW), "cooldown": timedelta()}, ""),
        ({"told": ToldState(NOW + HUBS_DIFFER), "cooldown": timedelta()}, ""),
    ],
)
def test_customer(changes: Mapping[str, Any], expected: str) -> None:
    assert cause(CUSTOMER, **changes) == expected


@pytest.mark.parametrize("inputs", [OPERATOR, CUSTOMER])
def test_whoever_got_the_alarm_gets_its_recovery_whatever_holds_others_back(inputs: Inputs) -> None:
    recovery = replace(
        inputs,
        event_type="node_recovered",
        severity="info",
        alarms=ALARMED,
        told=ToldState(NOW),
        silenced="maintenance",
        is_deaf=True,
        enabled_events=frozenset(),
    )

    assert decide(recovery, NOW) == SEND
    assert cause(recovery, is_blocked=True) == "blocked"
    assert cause(recovery, address="") == "no address"
    assert cause(recovery, suppressed="mail to the address came back") == "suppressed"
    assert cause(recovery, silenced="", is_deaf=False, alarms={"node_down": ToldState(NOW, 3)}) == "not enabled"


def test_what_was_held_back_is_counted_and_told_with_the_next_message() -> None:
    first = told_after(OPERATOR, SEND, NOW)["node_down"]
    held = replace(OPERATOR, told=first)
    second = told_after(held, decide(held, NOW + HOUR / 2), NOW + HOUR / 2)["node_down"]
    later = replace(OPERATOR, told=second)

    assert first == ToldState(NOW, 0, is_alarmed=True)
    assert second == ToldState(NOW, 1, is_alarmed=True)
    assert later.held_back == 1
    assert decide(later, NOW + HOUR) == SEND
    assert told_after(later, SEND, NOW + HOUR) == {"node_down": ToldState(NOW + HOUR, 0, is_alarmed=True)}


def test_a_recovery_tells_what_was_held_back_and_lets_the_next_outage_be_told() -> None:
    recovery = replace(OPERATOR, event_type="node_recovered", severity="info", alarms=ALARMED)

    assert recovery.held_back == 2
    assert told_after(recovery, SEND, NOW) == {
        "node_recovered": ToldState(NOW),
        "node_down": ToldState(None, 0, is_alarmed=False),
    }


def test_other_recoveries_leave_the_cooldown_as_it_is() -> None:
    alarms = {"health_degraded": ToldState(NOW - HOUR / 2, 0, is_alarmed=True)}
    recovery = replace(OPERATOR, event_type="health_recovered", severity="info", alarms=alarms)

    assert told_after(recovery, SEND, NOW)["health_degraded"] == ToldState(NOW - HOUR / 2)


@pytest.mark.parametrize("why", ["silenced", "acknowledged"])
def test_what_a_silence_or_an_acknowledgement_holds_back_is_counted(why: str) -> None:
    held = replace(OPERATOR, told=ToldState(NOW - 9 * HOUR, 2, is_alarmed=True), **{why: "kata"})  # type: ignore[arg-type]

    assert told_after(held, decide(held, NOW), NOW) == {
        "node_down": ToldState(NOW - 9 * HOUR, 3, is_alarmed=True),
    }


def test_what_is_skipped_for_another_reason_leaves_no_trace() -> None:
    skipped = replace(OPERATOR, incident="318")

    assert told_after(skipped, decide(skipped, NOW), NOW) == {}


def test_every_recovery_is_an_event_and_recovers_from_events() -> None:
    assert set(RECOVERS) <= set(CATALOGUE) | set(ALIASES)
    assert set().union(*RECOVERS.values()) <= set(CATALOGUE)


def test_inputs_are_kept_without_what_was_not_there() -> None:
    silenced = replace(CUSTOMER, silenced="maintenance", told=ToldState(NOW, 2))

    assert kept_inputs(silenced, decide(silenced, NOW)) == {
        "cause": "silenced",
        "severity": "error",
        "provider": "resend",
        "enabled": True,
        "cooldown_hours": 6.0,
        "told_at": "2026-11-23T12:00:00+00:00",
        "held_back": 2,
        "silenced": "maintenance",
    }


@pytest.mark.parametrize("event_type", ["hub_deaf", "hub_incident_began", "hub_incident_ended"])
def test_what_is_told_once_for_each_cause_is_held_back_by_no_other_cause(event_type: str) -> None:
    severity = CATALOGUE[event_type].default_severity
    told = ToldState(NOW - HOUR / 2, is_alarmed=True)

    assert decide(replace(OPERATOR, event_type=event_type, severity=severity, told=told), NOW) == SEND


def test_a_server_that_is_steady_again_is_told_to_whoever_read_that_it_is_not() -> None:
    alarms = {"node_unsteady": ToldState(NOW - HOUR, is_alarmed=True)}
    steady = replace(OPERATOR, event_type="node_steady", severity="info")

    assert cause(steady) == "not enabled"
    assert cause(steady, alarms=alarms) == ""


@pytest.mark.parametrize(
    ("inputs", "changes", "expected"),
    [
        (OPERATOR, {}, False),
        (OPERATOR, {"severity": "info"}, True),
        (OPERATOR, {"is_blocked": True}, False),
        (CUSTOMER, {"enabled_events": frozenset()}, True),
        (CUSTOMER, {"enabled_events": frozenset(), "address": ""}, True),
        (CUSTOMER, {"address": ""}, False),
        (CUSTOMER, {"enabled_events": frozenset(), "address": "", "severity": "info"}, True),
        (CUSTOMER, {"enabled_events": frozenset(), "provider": "", "severity": "info"}, True),
        (CUSTOMER, {"address": "", "severity": "info"}, False),
        (CUSTOMER, {"enabled_events": frozenset(), "is_blocked": True, "severity": "info"}, False),
    ],
)
def test_what_nobody_has_asked_for_is_ordinary(inputs: Inputs, changes: dict[str, Any], expected: bool) -> None:
    changed = replace(inputs, **changes)

    assert is_ordinary(decide(changed, NOW)) is expected
