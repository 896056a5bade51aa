from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.build import NOW, incoming_event, record_all_events
from tests.servers.receiver import running_receiver
from tests.servers.resend import Provider
from tests.servers.smtp import Mailbox

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.base.models import Job
from felhom_hub.notify import trial as trial_module
from felhom_hub.notify.again import send_again
from felhom_hub.notify.deliver import Tally, deliver_due
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.trial import is_trial, trial_of, try_channel, wait_for
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db


def deliver() -> Tally:
    return deliver_due(clock=lambda: NOW, chance=lambda: 0.0, is_over_time=lambda: False)


def try_mail() -> int:
    return try_channel("email", now=NOW, by=COMMAND_LINE)


def test_a_test_message_is_marked_and_goes_the_way_of_every_mail(mailbox: Mailbox) -> None:
    number = try_mail()

    assert deliver() == Tally(sent=1)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("operator@example.org", "[TEST] The hub: test message")
    assert Delivery.objects.get(pk=number).answer == "accepted by 127.0.0.1"
    assert list(AuditEntry.objects.values_list("action", "detail")) == [("channel_tested", "Mail")]


def test_a_webhook_is_tested_with_its_signature(notifications: Callable[..., None]) -> None:
    with running_receiver() as receiver:
        notifications(webhook_url=receiver.url, webhook_secret="whsec")
        number = try_channel("webhook", now=NOW, by=COMMAND_LINE)
        assert deliver() == Tally(sent=1)

    ((headers, body),) = receiver.requests
    assert headers["webhook-signature"].startswith("v1,")
    assert b"[TEST]" in body
    assert Delivery.objects.get(pk=number).answer == "answered 200"


def test_it_goes_before_what_waits_and_is_tried_once(resend: Provider) -> None:
    record_all_events([incoming_event("a", received_at=NOW - timedelta(hours=20))])
    resend.behave(503)
    number = try_mail()

    assert deliver() == Tally(failed=1)
    assert deliver() == Tally(sent=1)  # the other one, which waited for the provider's next chance
    tried = Delivery.objects.get(pk=number)
    assert (tried.result, tried.reason) == ("failed", "not accepted at its only try")
    assert tried.answer == '503 {"message": "told to answer 503"}'


def test_a_failed_test_can_be_sent_again_and_stays_a_test(resend: Provider) -> None:
    resend.behave(500, 500)
    first = try_mail()
    deliver()

    again = Delivery.objects.get(pk=send_again(first, now=NOW, by=COMMAND_LINE))
    assert is_trial(again)
    assert deliver() == Tally(failed=1)


def test_asked_for_twice_at_once_it_is_sent_once(resend: Provider) -> None:
    assert try_mail() == try_mail()
    deliver()
    assert len(resend.requests) == 1
    assert try_mail() != Delivery.objects.get(result="sent").pk


def test_what_cannot_be_tested_says_why(notifications: Callable[..., None]) -> None:
    with pytest.raises(NotFound):
        try_channel("pigeon", now=NOW, by=COMMAND_LINE)
    with pytest.raises(Conflict, match=r"set notifications\.resend_api_key or notifications\.smtp_host"):
        try_mail()
    notifications(resend_api_key="re_key")
    with pytest.raises(Conflict, match=r"set notifications\.operator_email"):
        try_mail()
    assert not Delivery.objects.exists()
    assert not AuditEntry.objects.exists()


def test_waiting_asks_the_job_to_run_and_ends_after_a_moment(resend: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_module, "WAIT_SECONDS", 0.1)
    Job.objects.create(name="notify.deliver_messages", next_at=NOW + timedelta(seconds=4))
    number = try_mail()

    wait_for([number], now=NOW)

    assert Job.objects.get(name="notify.deliver_messages").next_at == NOW
    assert Delivery.objects.get(pk=number).result == "queued"
    assert resend.requests == []


def test_an_address_names_a_test_and_nothing_else(resend: Provider) -> None:  # noqa: ARG001 - sets the channel up
    number = try_mail()
    record_all_events([incoming_event("a", event_type="test")])
    other = Delivery.objects.filter(event__isnull=False).first()
    assert other is not None

    found = trial_of(str(number))
    assert found is not None
    assert is_trial(found)
    assert [trial_of(text) for text in (str(other.pk), "", "x", "-1", "9" * 30, "٣")] == [None] * 6
