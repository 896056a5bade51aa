from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW
from tests.notify.inputs import CUSTOMER, HOUR, OPERATOR

from felhom_hub.notify.ledger import Check, Kept, State, checks_of, masked, verdict_of
from felhom_hub.notify.policy import Inputs, ToldState, decide, kept_inputs

ZONE = ZoneInfo("Europe/Budapest")
MINUTE = timedelta(minutes=1)
PASSED, DECIDED, NOT = State.PASSED, State.DECIDED, State.NOT_LOOKED_AT


def kept(inputs: Inputs = OPERATOR, *, columns: dict[str, Any] | None = None, **changes: Any) -> Kept:
    """What the rule decides about these inputs, as it is kept."""
    inputs = replace(inputs, **changes)
    decision = decide(inputs, NOW)
    plain: dict[str, Any] = {
        "pk": 1,
        "event_pk": 7,
        "event_type": inputs.event_type,
        "audience": inputs.audience,
        "channel": "email",
        "recipient": inputs.address,
        "result": "queued" if decision.is_sent else "skipped",
        "reason": decision.reason,
        "answer": "",
        "attempts": 0,
        "inputs": kept_inputs(inputs, decision),
        "again_of": None,
        "at": NOW,
        "next_at": NOW if decision.is_sent else None,
        "ended_at": None,
        "is_of_fleet": False,
    }
    return Kept(**plain | (columns or {}))


def states(of: Kept) -> list[tuple[str, State]]:
    return [(check.name, check.state) for check in checks_of(of, zone=ZONE)]


def deciding(of: Kept) -> Check:
    (found,) = (check for check in checks_of(of, zone=ZONE) if check.state is DECIDED)
    return found


def test_what_was_sent_to_the_operator_has_passed_every_check() -> None:
    sent = kept(columns={"result": "sent", "attempts": 3, "ended_at": NOW + 3 * MINUTE, "answer": "re_8fK2"})

    assert checks_of(sent, zone=ZONE) == [
        Check("Blocked customer?", PASSED, "no"),
        Check("Severity", PASSED, "error, the operator is told of warnings and errors"),
        Check("Operator’s messages", PASSED, "on"),
        Check("Provider", PASSED, "resend"),
        Check("Address", PASSED, "o…@example.org"),
        Check("One cause?", PASSED, "no open incident holds this event"),
        Check("Cooldown", PASSED, "1 h for each customer and type, not told of before"),
        Check("Send", PASSED, "accepted 13:03 after 3 tries", "The provider’s answer: re_8fK2"),
    ]


def test_the_check_that_decided_is_told_with_its_input_and_nothing_after_it_was_looked_at() -> None:
    cooling = kept(CUSTOMER, told=ToldState(NOW - 2 * HOUR, 3))

    assert checks_of(cooling, zone=ZONE) == [
        Check("Blocked customer?", PASSED, "no"),
        Check("Event type", PASSED, "node_down is on"),
        Check("Provider", PASSED, "resend"),
        Check("Address", PASSED, "a…@example.hu"),
        Check("One cause?", PASSED, "no open incident holds this event"),
        Check("Cooldown", DECIDED, "until 17:00, 6 h chosen by the customer", "Told last 11:00; 3 held back before it"),
        Check("Send", NOT, "not tried"),
    ]


@pytest.mark.parametrize(
    ("inputs", "changes", "name", "words"),
    [
        (OPERATOR, {"is_blocked": True}, "Blocked customer?", "the customer is blocked"),
        (OPERATOR, {"severity": "info"}, "Severity", "info, the operator is told of warnings and errors"),
        (OPERATOR, {"is_switched_on": False}, "Operator’s messages", "off in hub.yaml"),
        (OPERATOR, {"provider": ""}, "Provider", "none is set up"),
        (OPERATOR, {"address": ""}, "Address", "none is known"),
        (CUSTOMER, {"is_blocked": True}, "Blocked customer?", "the customer is blocked"),
        (CUSTOMER, {"provider": ""}, "Provider", "none is set up"),
        (CUSTOMER, {"address": ""}, "Address", "none is known"),
        (CUSTOMER, {"suppressed": "mail to the address came back"}, "Bounces", "mail to the address came back"),
        (CUSTOMER, {"enabled_events": frozenset()}, "Event type", "node_down is not on the customer’s list"),
        (OPERATOR, {"silenced": "moving house"}, "Silence", "silenced: moving house"),
        (OPERATOR, {"acknowledged": "kata"}, "Acknowledged", "by kata"),
        (CUSTOMER, {"incident": "318"}, "One cause?", "incident 318 tells of it"),
        (
            OPERATOR,
            {"is_damped": True},
            "Unsteady server?",
            "it falls silent again and again, which was told once",
        ),
        (OPERATOR, {"is_deaf": True}, "Hearing", "the hub could not hear at the time"),
        (
            OPERATOR,
            {"told": ToldState(NOW - 10 * MINUTE)},
            "Cooldown",
            "until 13:50, 1 h for each customer and type",
        ),
    ],
)
def test_every_cause_of_the_rule_has_its_check(inputs: Inputs, changes: dict[str, Any], name: str, words: str) -> None:
    of = kept(inputs, **changes)

    found = deciding(of)
    assert (found.name, found.words) == (name, words)
    place = [check for check, _ in states(of)].index(name)
    assert {state for _, state in states(of)[:place]} <= {PASSED}
    assert {state for _, state in states(of)[place + 1 :]} == {NOT}


def test_the_deciding_incident_can_be_opened() -> None:
    assert deciding(kept(incident="318")).incident == "318"
    assert {check.incident for check in checks_of(kept(), zone=ZONE)} == {""}


def test_the_end_of_a_told_alarm_passes_what_holds_others_back() -> None:
    alarms = {"node_down": ToldState(NOW - HOUR, 0, is_alarmed=True)}
    ended = kept(event_type="node_recovered", severity="info", alarms=alarms, told=ToldState(NOW), incident="3")

    assert [check for check in checks_of(ended, zone=ZONE) if check.name in {"Severity", "Ends an alarm"}] == [
        Check("Severity", PASSED, "info, but it ends an alarm that was told"),
        Check("Ends an alarm", PASSED, "node_down was told, so its end is told as well"),
    ]
    assert [name for name, _ in states(ended)][-2:] == ["Ends an alarm", "Send"]


def test_an_event_of_the_fleet_has_no_customer_to_ask_about() -> None:
    fleet = kept(event_type="hub_incident_ended", severity="info", columns={"is_of_fleet": True})

    assert [name for name, _ in states(fleet)] == [
        "Severity", "Operator’s messages", "Provider", "Address", "Cooldown", "Send",
    ]  # fmt: skip
    assert checks_of(fleet, zone=ZONE)[0].words == "info, but one of this kind is always told"


def test_what_the_customer_asked_for_at_its_box_needs_no_list() -> None:
    asked = kept(CUSTOMER, event_type="test", enabled_events=frozenset())

    assert checks_of(asked, zone=ZONE)[1] == Check("Event type", PASSED, "test was asked for at the box itself")


def test_a_cooldown_that_is_over_says_so_with_the_day() -> None:
    free = kept(told=ToldState(NOW - 28 * HOUR))

    assert checks_of(free, zone=ZONE)[-2] == Check(
        "Cooldown",
        PASSED,
        "1 h for each customer and type, told last 22 Nov 2026, 09:00",
        "1 d 4 h before, so free",
    )


SENDING: list[tuple[dict[str, Any], State, str, str]] = [
    ({}, State.WAITS, "waits for its turn", ""),
    (
        {"attempts": 2, "answer": "429 slow down", "next_at": NOW + 2 * MINUTE},
        State.WAITS,
        "try 2 failed, next 13:02",
        "The provider’s answer: 429 slow down",
    ),
    ({"attempts": 1, "next_at": None}, State.WAITS, "try 1 failed, under way", ""),
    (
        {"result": "failed", "attempts": 3, "reason": "refused by the provider", "answer": "550", "ended_at": NOW},
        State.FAILED,
        "given up 13:00 after 3 tries: refused by the provider",
        "The provider’s answer: 550",
    ),
    ({"result": "skipped", "reason": "told in the summary 9"}, DECIDED, "told in the summary 9", ""),
    ({"result": "sent", "attempts": 1, "ended_at": NOW}, PASSED, "accepted 13:00 after 1 try", ""),
]


@pytest.mark.parametrize(("columns", "state", "words", "note"), SENDING)
def test_the_last_line_says_what_became_of_the_message(
    columns: dict[str, Any], state: State, words: str, note: str
) -> None:
    assert checks_of(kept(columns=columns), zone=ZONE)[-1] == Check("Send", state, words, note)


def test_a_decision_that_failed_has_no_checks() -> None:
    broken = kept(columns={"inputs": {}, "result": "failed", "reason": "it could not be decided: KeyError"})

    assert checks_of(broken, zone=ZONE) == []
    assert verdict_of(broken, zone=ZONE) == ("failed", "it could not be decided: KeyError")


@pytest.mark.parametrize(
    "inputs",
    [
        {"cause": "cooldown", "told_at": "yesterday", "cooldown_hours": "many"},
        {"cause": ["x"], "recovers": "node_down", "incident": {"a": 1}},
        {"cause": "of another version", "cooldown_hours": None},
        {"cause": "cooldown", "told_at": 7},
    ],
)
def test_odd_inputs_break_nothing(inputs: dict[str, Any]) -> None:
    odd = kept(columns={"inputs": inputs, "result": "skipped", "reason": "an odd one"})

    assert checks_of(odd, zone=ZONE)[-1].name == "Send"
    assert verdict_of(odd, zone=ZONE)[0] == "not sent"


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (kept(columns={"result": "sent", "attempts": 1}), ("sent", "")),
        (kept(columns={"result": "sent", "attempts": 2}), ("sent", "after 2 tries")),
        (kept(columns={"result": "failed", "attempts": 3, "answer": "429"}), ("failed", "after 3 tries: 429")),
        (kept(columns={"result": "failed", "attempts": 1, "reason": "refused"}), ("failed", "refused")),
        (kept(), ("waiting", "for its turn")),
        (kept(columns={"attempts": 2}), ("waiting", "try 2 failed, is tried again")),
        (kept(told=ToldState(NOW - 10 * MINUTE)), ("not sent", "cooldown until 13:50")),
        (kept(told=ToldState(NOW - HOUR), cooldown=24 * HOUR), ("not sent", "cooldown until 24 Nov 2026, 12:00")),
        (kept(severity="info"), ("not sent", "info is not sent")),
        (kept(is_switched_on=False), ("not sent", "messages are switched off")),
        (kept(CUSTOMER, enabled_events=frozenset()), ("not sent", "not on its list of events")),
        (kept(incident="318"), ("not sent", "held, one cause")),
        (kept(is_blocked=True), ("not sent", "customer is blocked")),
        (kept(silenced="moving"), ("not sent", "silenced: moving")),
        (kept(columns={"result": "skipped", "reason": ""}), ("not sent", "no reason is kept")),
    ],
)  # fmt: skip
def test_a_few_words_say_what_became_of_it(of: Kept, words: tuple[str, str]) -> None:
    assert verdict_of(of, zone=ZONE) == words


@pytest.mark.parametrize(
    ("recipient", "shown"),
    [
        ("a@b.hu", "a…@b.hu"),
        ('"x@y"@z.hu', '"…@z.hu'),
        ("@domain", "@do…"),
        ("tgram://secret-token", "tgr…"),
        ("", ""),
    ],
)
def test_recipients_are_masked(recipient: str, shown: str) -> None:
    assert masked(recipient) == shown


def test_the_deciding_silence_can_be_opened() -> None:
    assert deciding(kept(silenced="“House move” until 16:00", silence=7)).silence == 7
    assert {check.silence for check in checks_of(kept(), zone=ZONE)} == {0}
    assert deciding(kept(silenced="by hand")).silence == 0


def test_what_is_told_later_says_that_it_still_stands_and_has_no_cooldown() -> None:
    inputs = kept_inputs(OPERATOR, decide(OPERATOR, NOW))
    since = {"since": "2026-11-23T09:00:00.000Z"}
    held, reminder = (kept(columns={"inputs": {**inputs, **since, "later": kind}}) for kind in ("held", "reminder"))

    assert checks_of(held, zone=ZONE)[0] == Check(
        "Still stands?", PASSED, "yes, since 10:00", "It was held back before; what held it is over"
    )
    assert checks_of(reminder, zone=ZONE)[0].note == "A reminder, which is sent until it is over or acknowledged"
    assert "Cooldown" not in [name for name, _ in states(held)]
    assert (held.later, kept().later) == ("held", "")


def test_what_is_acknowledged_says_so_in_short() -> None:
    assert verdict_of(kept(acknowledged="kata"), zone=ZONE) == ("not sent", "acknowledged")


def test_a_test_says_that_no_silence_could_hold_it_back() -> None:
    proof = kept(event_type="hub_alarm_test", severity="info")
    before = kept(event_type="hub_alarm_test", severity="info", silenced="all", silence=7)  # of an older hub

    said = [check for of in (proof, before) for check in checks_of(of, zone=ZONE) if check.name == "Silence"]
    assert said == [
        Check("Silence", PASSED, "none holds back a test, which is no alarm"),
        Check("Silence", DECIDED, "silenced: all", silence=7),
    ]
    assert "Silence" not in [name for name, _ in states(kept())]
