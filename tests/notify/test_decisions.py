from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming_event, record_all_events

from felhom_hub.events.models import Event
from felhom_hub.notify.decisions import decisions_about
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def happen(times: int = 1) -> list[int]:
    for _ in range(times):
        record_all_events([incoming_event("anna")])
    return list(Event.objects.order_by("pk").values_list("pk", flat=True))


def test_each_audience_has_its_decision_with_what_it_rested_on() -> None:
    (pk,) = happen()

    operator, customer = decisions_about([pk])[pk]

    assert (operator.audience, operator.result, operator.recipient, operator.cause) == (
        "operator", "queued", "operator@example.org", "",
    )  # fmt: skip
    assert (customer.audience, customer.result, customer.reason, customer.cause) == (
        "customer", "skipped", "the customer has not enabled this event", "not enabled",
    )  # fmt: skip
    assert dict(operator.inputs) == {"severity": "error", "provider": "resend", "cooldown_hours": 1.0}
    assert (operator.event_pk, operator.event_type, operator.at, operator.next_at) == (pk, "backup_failed", NOW, NOW)
    assert not operator.is_of_fleet


def test_a_repetition_stands_behind_what_it_repeats() -> None:
    (pk,) = happen()
    failed = Delivery.objects.get(audience="operator")
    Delivery.objects.create(
        event_id=pk, event_type="backup_failed", audience="operator", channel="email", result="queued",
        again_of=failed, at=NOW + timedelta(hours=1),
    )  # fmt: skip

    assert [(each.pk == failed.pk, each.again_of) for each in decisions_about([pk])[pk]] == [
        (True, None),
        (False, None),
        (False, failed.pk),
    ]


@pytest.mark.parametrize("damaged", ["", "{", "[]", "null", "7"])
def test_damaged_inputs_are_none(damaged: str) -> None:
    (pk,) = happen()
    Delivery.objects.update(inputs=damaged)

    assert [dict(each.inputs) for each in decisions_about([pk])[pk]] == [{}, {}]


def test_an_event_without_decisions_has_none() -> None:
    (pk,) = happen()
    Delivery.objects.all().delete()

    assert decisions_about([pk, pk + 1]) == {pk: [], pk + 1: []}
    assert decisions_about([]) == {}


@pytest.mark.parametrize("count", [1, 20])
def test_they_cost_one_query(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pks = happen(count)

    with django_assert_num_queries(1):
        decisions_about(pks)
