import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.build import NOW, make_customer
from tests.notify.conftest import SetUp
from tests.notify.messages import make_message, make_wishes

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Conflict
from felhom_hub.events.models import Event
from felhom_hub.notify.mail_news import MailNews
from felhom_hub.notify.models import Delivery, Suppression
from felhom_hub.notify.provider_calls import IncomingCall, TakenCall, record_calls

pytestmark = pytest.mark.django_db

BOUNCE = MailNews("bounced", ("anna@example.hu",), "re-1", "no such user")
NEW, REPEATED = TakenCall(is_repeated=False), TakenCall(is_repeated=True)


def call(call_id: str = "msg_1", news: MailNews = BOUNCE, seconds: int = 0) -> IncomingCall:
    at = NOW + timedelta(seconds=seconds)
    return IncomingCall(call_id, at, news, at)


def take(*calls: IncomingCall) -> list[Any]:
    with transaction.atomic():
        return record_calls(Db(), calls)


def held() -> list[tuple[str, str]]:
    return list(Suppression.objects.order_by("address").values_list("address", "cause"))


def test_an_address_that_bounced_is_held_and_each_of_its_customers_has_an_event() -> None:
    for name in ("a", "b"):
        make_wishes(make_customer(name), email="Anna@example.hu")
    make_customer("c")

    assert take(call()) == [NEW]

    assert held() == [("anna@example.hu", "bounced")]
    events = Event.objects.order_by("pk").values_list("customer__customer_id", "event_type", "severity", "message")
    words = "Mail came back: the customer is not mailed any more."
    assert list(events) == [(name, "hub_mail_bounced", "warning", words) for name in ("a", "b")]
    assert json.loads(Event.objects.all()[0].details_json) == {"cause": "bounced", "answer": "no such user"}


def test_a_second_bounce_is_no_news_and_a_complaint_says_what_it_is() -> None:
    make_wishes(make_customer("a"))

    complaint = MailNews("complained", ("anna@example.hu",), "re-2", "")
    assert take(call(), call("msg_2", complaint)) == [NEW, NEW]

    assert held() == [("anna@example.hu", "complained")]
    assert Event.objects.count() == 1


def test_the_message_itself_says_what_became_of_it() -> None:
    make_wishes(make_customer("a"))
    bounced, other = make_message(answer="accepted as re-1"), make_message(answer="accepted as re-2")
    old = make_message(answer="accepted as re-1", minutes=8 * 24 * 60)

    take(call())

    answers = dict(Delivery.objects.filter(event_type="node_down").values_list("pk", "answer"))
    assert answers == {
        bounced.pk: "accepted as re-1, then bounced: no such user",
        other.pk: "accepted as re-2",
        old.pk: "accepted as re-1",
    }


def test_addresses_of_strangers_are_not_kept(notifications: SetUp) -> None:
    notifications(operator_email="Hub <operator@example.org>")

    take(call(), call("msg_2", MailNews("bounced", ("operator@example.org", "x@example.org"), "", "")))

    assert held() == [("operator@example.org", "bounced")]
    assert Event.objects.count() == 0  # there is no customer whom it concerns


def test_what_is_no_reason_changes_nothing() -> None:
    make_wishes(make_customer("a"))

    assert take(call(news=MailNews("", ("anna@example.hu",), "re-1", ""))) == [NEW]

    assert held() == []


def test_a_call_that_was_kept_and_sent_once_more_is_refused() -> None:
    make_wishes(make_customer("a"))
    take(call())
    Suppression.objects.all().delete()  # the operator has released the address

    (refused,) = take(call())

    assert isinstance(refused, Conflict)
    assert held() == []


def test_the_providers_own_repetition_is_taken_and_changes_nothing() -> None:
    make_wishes(make_customer("a"))
    take(call())
    Suppression.objects.all().delete()

    assert take(call(seconds=60)) == [REPEATED]
    assert held() == []


def test_two_in_one_batch_are_one() -> None:
    first, second = take(call(), call())

    assert first == NEW
    assert isinstance(second, Conflict)
