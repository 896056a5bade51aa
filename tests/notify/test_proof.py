from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.build import NOW
from tests.servers.receiver import running_receiver
from tests.servers.resend import Provider
from tests.servers.smtp import Mailbox
from tests.silences.silences import made

from felhom_hub.base.models import Job
from felhom_hub.events.models import Event
from felhom_hub.notify.deliver import Tally, deliver_due
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.proof import ALARM, ask_proof, next_proof_at, proof_of, prove_now
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry
from felhom_hub.silences.models import Silence

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def deliver(at: datetime = NOW) -> Tally:
    return deliver_due(clock=lambda: at, chance=lambda: 0.0, is_over_time=lambda: False)


def test_a_made_up_alarm_goes_the_way_of_every_alarm(mailbox: Mailbox) -> None:
    assert ask_proof(NOW) == 1

    event = Event.objects.get()
    assert (event.event_type, event.customer_id, event.severity, event.source) == (ALARM, None, "info", "hub")
    assert deliver(NOW + MINUTE) == Tally(sent=1)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("operator@example.org", "[ALARM TEST] The hub: the alarm path works")
    proof = proof_of(now=NOW + 2 * MINUTE)
    assert (proof.state, proof.asked_at, proof.asked, proof.missed) == ("proven", NOW, 1, 0)
    (channel,) = proof.channels
    assert (channel.label, channel.proven_at, channel.answer) == ("Mail", NOW + MINUTE, "accepted by 127.0.0.1")


def test_it_comes_every_day_and_no_cooldown_holds_it_back(resend: Provider) -> None:
    for hours in (0, 1, 24):
        ask_proof(NOW + hours * HOUR)
        assert deliver(NOW + hours * HOUR) == Tally(sent=1)

    assert len(resend.requests) == 3
    assert proof_of(now=NOW + 24 * HOUR).asked == 3


def test_no_silence_holds_it_back(resend: Provider) -> None:
    everything, the_hub = made(), made(choices=("group:hub",))
    ask_proof(NOW)

    assert deliver() == Tally(sent=1)
    assert len(resend.accepted) == 1
    assert proof_of(now=NOW + MINUTE).state == "proven"
    assert list(Silence.objects.filter(pk__in=(everything, the_hub)).values_list("held_back", flat=True)) == [0, 0]


def test_every_channel_has_to_be_proven(resend: Provider, notifications: Callable[..., None]) -> None:
    with running_receiver() as receiver:
        notifications(webhook_url=receiver.url, webhook_secret="whsec")
        receiver.status = 500
        assert ask_proof(NOW) == 2
        deliver()

    proof = proof_of(now=NOW + HOUR)
    assert len(resend.accepted) == 1
    assert proof.state == "missed"
    assert [(each.label, each.is_proven) for each in proof.channels] == [("Mail", True), ("Webhook", False)]
    assert (proof.channels[1].proven_at, proof.channels[1].answer) == (None, "500 thank you")
    assert (proof.asked, proof.missed) == (1, 1)


@pytest.mark.parametrize(
    ("after", "answers", "state"),
    [
        (2 * MINUTE, [503], "running"),
        (11 * MINUTE, [503], "missed"),
        (11 * MINUTE, [401], "missed"),
        (11 * MINUTE, ["ok"], "proven"),
        (26 * HOUR, ["ok"], "missed"),
    ],
)
def test_the_state_says_whether_alarms_arrive(
    resend: Provider, after: timedelta, answers: list[Any], state: str
) -> None:
    resend.behave(*answers)
    ask_proof(NOW)
    deliver()

    assert proof_of(now=NOW + after).state == state


def test_a_proof_that_failed_today_does_not_hide_that_of_an_hour_ago(resend: Provider) -> None:
    ask_proof(NOW - HOUR)
    deliver(NOW - HOUR)
    resend.behave(422)
    ask_proof(NOW)
    deliver()

    proof = proof_of(now=NOW + HOUR / 2)
    (channel,) = proof.channels
    assert (channel.proven_at, proof.asked, proof.missed) == (NOW - HOUR, 2, 1)
    assert channel.answer == '422 {"message": "told to answer 422"}'


def test_without_a_channel_there_is_nothing_to_prove(notifications: Callable[..., None]) -> None:
    assert ask_proof(NOW) == 0
    assert not Event.objects.exists()
    assert proof_of(now=NOW).state == "off"
    assert prove_now(now=NOW, by=COMMAND_LINE) == []
    assert not AuditEntry.objects.exists()

    notifications(resend_api_key="re_key", operator_email="operator@example.org")
    assert proof_of(now=NOW).state == "waiting"


def test_an_operator_who_wants_no_messages_has_no_proof(resend: Provider, notifications: Callable[..., None]) -> None:
    notifications(operator_enabled=False)
    ask_proof(NOW)

    assert deliver() == Tally()
    assert resend.requests == []
    proof = proof_of(now=NOW + HOUR)
    assert (proof.state, proof.channels[0].answer) == ("missed", "the operator's messages are switched off")


def test_somebody_may_ask_for_it_at_any_time(resend: Provider) -> None:
    numbers = prove_now(now=NOW, by=COMMAND_LINE)

    assert [row.event_type for row in Delivery.objects.filter(pk__in=numbers)] == [ALARM]
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["alarm_path_tested"]
    deliver()
    assert len(resend.accepted) == 1


def test_when_the_next_one_is_due_is_known_after_the_first() -> None:
    assert next_proof_at() is None
    Job.objects.create(name="notify.prove_alarm_path", next_at=NOW + HOUR)
    assert next_proof_at() == NOW + HOUR
