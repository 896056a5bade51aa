import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.notify.messages import make_suppression
from tests.servers.receiver import running_receiver
from tests.servers.resend import Provider
from tests.servers.smtp import Mailbox

from felhom_hub.customers.models import Customer
from felhom_hub.notify import deliver as deliver_module
from felhom_hub.notify.compose import compose as written
from felhom_hub.notify.deliver import LEASE_SECONDS, Tally, claim_delivery, deliver_due
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=LEASE_SECONDS)


def deliver(at: datetime = NOW) -> Tally:
    return deliver_due(clock=lambda: at, chance=lambda: 0.0, is_over_time=lambda: False)


def queue(count: int = 1, *, at: datetime = NOW) -> None:
    """So many messages to the operator, each about another customer."""
    record_all_events([incoming_event(f"c{number}", received_at=at) for number in range(count)])


def operators() -> "QuerySet[Delivery]":
    return Delivery.objects.filter(audience="operator").order_by("pk")


def test_an_event_reaches_the_operator_by_mail(mailbox: Mailbox) -> None:
    make_customer("kovacs-peter", name="Kovács Péter")
    record_all_events([incoming_event()])

    assert deliver() == Tally(sent=1)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("operator@example.org", "[ERROR] Kovács Péter: backup failed")
    delivery = operators().get()
    assert (delivery.result, delivery.attempts, delivery.ended_at) == ("sent", 1, NOW)
    assert (delivery.answer, delivery.content, delivery.lease_until) == ("accepted by 127.0.0.1", "", None)
    assert mail["Message-ID"] == f"<{delivery.key}@example.org>"
    assert deliver(NOW + timedelta(days=2)) == Tally()


def test_mail_that_waits_while_its_address_bounces_is_not_sent(resend: Provider) -> None:
    queue()
    make_suppression("operator@example.org")

    assert deliver() == Tally()

    message = operators().get()
    assert (message.result, message.reason, message.ended_at) == ("skipped", "mail to the address came back", NOW)
    assert resend.requests == []


def test_a_skipped_message_is_never_sent(resend: Provider) -> None:
    queue()

    deliver()
    assert Delivery.objects.get(audience="customer").result == "skipped"
    assert len(resend.requests) == 1


def test_tries_wait_longer_each_time_and_say_the_same(resend: Provider) -> None:
    queue()
    resend.behave(500, 503, "ok")
    customer = operators().get().customer
    assert customer is not None

    assert deliver() == Tally(postponed=1)
    assert operators().get().next_at == NOW + 30 * SECOND
    customer.name = "Another name"
    customer.save()
    assert deliver(NOW + 29 * SECOND) == Tally()
    assert deliver(NOW + 30 * SECOND) == Tally(postponed=1)
    assert operators().get().next_at == NOW + 90 * SECOND
    assert operators().get().answer.startswith("503 ")
    assert deliver(NOW + 90 * SECOND) == Tally(sent=1)

    assert operators().get().attempts == 3
    assert len({json.dumps(each["body"], sort_keys=True) for each in resend.requests}) == 1
    assert len({each["key"] for each in resend.requests}) == 1


def test_a_provider_that_asks_for_a_pause_gets_it_for_all_messages(resend: Provider) -> None:
    queue(3)
    resend.headers = {"Retry-After": "600"}
    resend.behave(429)

    assert deliver() == Tally(postponed=1)
    assert len(resend.requests) == 1
    assert {each.next_at for each in operators()} == {NOW + 600 * SECOND}
    assert deliver(NOW + 599 * SECOND) == Tally()
    assert deliver(NOW + 600 * SECOND).sent == 3


def test_what_can_never_be_accepted_fails_at_once_and_holds_up_nobody(resend: Provider) -> None:
    queue(2)
    resend.behave(422)

    assert deliver() == Tally(sent=1, failed=1)
    failed = operators()[0]
    assert (failed.result, failed.reason, failed.ended_at) == ("failed", "refused by the provider", NOW)
    assert failed.answer == '422 {"message": "told to answer 422"}'


def test_a_message_is_given_up_before_the_provider_forgets_its_key(resend: Provider) -> None:
    queue()
    resend.is_down = True
    now, tries = NOW, []
    while operators().get().result == "queued":
        deliver(now)
        tries.append(now)
        now = operators().get().next_at or now

    delivery = operators().get()
    assert (delivery.result, delivery.reason) == ("failed", "not accepted within a day")
    assert timedelta(hours=22, minutes=30) < tries[-1] - NOW < timedelta(hours=23)
    assert len({each["key"] for each in resend.requests}) == 1


def test_a_try_that_comes_too_late_for_the_key_is_not_made(resend: Provider) -> None:
    queue()
    resend.behave("drop")
    deliver()

    assert deliver(NOW + timedelta(hours=25)) == Tally(failed=1)
    assert operators().get().reason == "not accepted within a day"
    assert len(resend.requests) == 1


def test_a_customer_that_was_blocked_meanwhile_is_not_told_of(resend: Provider) -> None:
    queue()
    Customer.objects.update(blocked_at=NOW)

    assert deliver() == Tally()
    assert (operators().get().result, operators().get().reason) == ("skipped", "the customer is blocked")
    assert resend.requests == []


def test_a_first_try_may_be_late(resend: Provider) -> None:
    queue()

    assert deliver(NOW + timedelta(days=3)) == Tally(sent=1)
    assert "could not be sent for 3 d" in resend.requests[0]["body"]["text"]


def test_accepted_and_dropped_is_sent_once(resend: Provider) -> None:
    queue()
    resend.behave("drop")

    assert deliver() == Tally(postponed=1)
    assert operators().get().is_uncertain
    assert deliver(NOW + 30 * SECOND) == Tally(sent=1)
    assert len(resend.accepted) == 1


@pytest.mark.usefixtures("no_answer_soon")
def test_a_provider_that_hangs_costs_one_try_a_run(resend: Provider) -> None:
    queue(5)
    resend.behave("hang")

    assert deliver() == Tally(postponed=1)
    assert len(resend.requests) == 1


def test_a_message_that_cannot_be_written_holds_up_nobody(resend: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(2)
    broken = operators()[0].pk

    def compose(delivery: Delivery, *, now: datetime) -> Any:
        if delivery.pk == broken:
            raise KeyError(broken)
        return written(delivery, now=now)

    monkeypatch.setattr(deliver_module, "compose", compose)

    assert deliver() == Tally(sent=1, postponed=1)
    assert operators()[0].answer.startswith("KeyError: ")
    assert len(resend.accepted) == 1


def test_a_provider_that_was_taken_away_keeps_messages_waiting(
    resend: Provider, notifications: Callable[..., None]
) -> None:
    queue()
    notifications(resend_api_key="")

    assert deliver() == Tally(postponed=1)
    assert operators().get().answer == "no mail provider is configured any more"
    assert resend.requests == []


@pytest.mark.usefixtures("resend")
def test_a_claim_is_one_workers_until_its_lease_ends() -> None:
    queue()

    first = claim_delivery(NOW, "first")
    assert first is not None
    assert claim_delivery(NOW + LEASE, "second") is None
    second = claim_delivery(NOW + LEASE + SECOND, "second")
    assert second is not None
    assert (second.pk, second.attempts, second.lease_holder) == (first.pk, 2, "second")


def test_a_worker_that_lost_its_lease_before_the_first_try_sends_nothing(
    resend: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue()

    def compose(delivery: Delivery, *, now: datetime) -> Any:
        Delivery.objects.filter(pk=delivery.pk).update(lease_holder="another")
        return written(delivery, now=now)

    monkeypatch.setattr(deliver_module, "compose", compose)

    assert deliver() == Tally()
    assert resend.requests == []


def test_a_run_ends_when_others_want_their_turn(resend: Provider) -> None:
    queue(3)
    turns = iter([False, False, True])

    tally = deliver_due(clock=lambda: NOW, chance=lambda: 0.0, is_over_time=lambda: next(turns))
    assert (tally.sent, len(resend.accepted)) == (2, 2)


def test_a_channel_that_failed_is_not_asked_again_in_a_run(resend: Provider) -> None:
    queue(2)
    asked: list[Collection[str]] = []
    with pytest.MonkeyPatch.context() as patch:
        real = claim_delivery

        def claim(now: datetime, holder: str, *, without: Collection[str]) -> Delivery | None:
            asked.append(set(without))
            return real(now, holder, without=without)

        patch.setattr(deliver_module, "claim_delivery", claim)
        resend.is_down = True
        deliver()

    assert asked == [set(), {"email"}]


def test_each_channel_has_its_own_row_and_one_that_is_away_holds_up_no_other(
    resend: Provider, notifications: Callable[..., None]
) -> None:
    with running_receiver() as receiver:
        notifications(webhook_url=receiver.url, webhook_secret="secret")
        resend.is_down = True
        queue(2)

        assert deliver() == Tally(sent=2, postponed=1)
        assert len(receiver.requests) == 2
    assert sorted(operators().values_list("channel", "result")) == [
        ("email", "queued"),
        ("email", "queued"),
        ("webhook", "sent"),
        ("webhook", "sent"),
    ]


def test_whoever_was_not_told_after_all_is_told_of_the_next_event(resend: Provider) -> None:
    queue()
    resend.behave(422)
    deliver()
    record_all_events([incoming_event("c0", received_at=NOW + 60 * SECOND)])

    assert deliver(NOW + 60 * SECOND) == Tally(sent=1)
    assert list(operators().values_list("result", flat=True)) == ["failed", "sent"]
