from collections.abc import Callable
from functools import partial

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.notify.alarms import DAY, HOUR, fall, recover, told

from felhom_hub.notify import later
from felhom_hub.notify.later import Telling, tell_later
from felhom_hub.notify.models import Alarm, Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def tellings(*, is_ours: bool = True) -> list[Telling]:
    """The standing alarms, held back by an incident that is over."""
    alarms = Alarm.objects.select_related("event").order_by("-pk")
    return [Telling(alarm, "operator", "held", lambda: is_ours, lambda inputs: inputs) for alarm in alarms]


def many(count: int) -> None:
    for number in range(count):
        fall(make_customer(f"c{number:03}"), incident=7)


def test_what_somebody_else_has_claimed_is_not_told() -> None:
    many(1)

    assert tell_later(tellings(is_ours=False), now=NOW + HOUR) == 0
    assert told() == []


def test_an_alarm_that_has_ended_meanwhile_is_not_told() -> None:
    customer = make_customer("a")
    fall(customer, incident=7)
    before = tellings()
    recover(customer, NOW + HOUR, incident=7)
    fall(customer, NOW + 2 * HOUR, incident=8)  # another alarm of the type stands

    assert tell_later(before, now=NOW + 3 * HOUR) == 0


def test_more_than_a_batch_is_told_with_statements_that_do_not_grow_with_it(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many(12)
    monkeypatch.setattr(later, "BATCH", 8)

    with django_assert_max_num_queries(40):
        assert tell_later(tellings(), now=NOW + DAY) == 12
    assert Delivery.objects.filter(audience="operator", reason__startswith="told in the summary").count() == 12
    assert len(told()) == 2  # one message a batch


def test_the_claim_is_made_only_for_what_is_told() -> None:
    many(1)
    made: list[str] = []
    (telling,) = tellings()
    blocked = Telling(telling.alarm, "customer", "held", partial(made.append, "claimed"), lambda inputs: inputs)  # type: ignore[arg-type]

    assert tell_later([blocked], now=NOW) == 0  # the customer has not asked for it
    assert made == []
