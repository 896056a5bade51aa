from datetime import timedelta

import pytest
from tests.build import NOW, incoming, incoming_event, make_customer, record, record_all_events

from felhom_hub.base.errors import NotFound
from felhom_hub.configs import delete
from felhom_hub.configs.delete import delete_with_config, kept_words
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import settings_of
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db


def test_the_settings_go_with_the_customer_and_do_not_come_back_with_it() -> None:
    record([incoming("a")])
    other = make_customer("b")
    for customer in Customer.objects.all():
        CustomerConfig.objects.create(customer=customer, overrides="a: 1", changed_at=NOW)

    assert delete_with_config("a", now=NOW, by=COMMAND_LINE)
    record([incoming("a", timestamp="2026-11-23T11:59:00Z")])

    assert settings_of(Customer.objects.get(customer_id="a")) == Settings()
    assert settings_of(other).overrides == "a: 1"
    with pytest.raises(NotFound):
        delete_with_config("nobody", now=NOW, by=COMMAND_LINE)


def test_what_is_kept_is_counted_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming("a", received_at=NOW - timedelta(minutes=number)) for number in range(3)])
    record_all_events([incoming_event("a")])
    pk = Customer.objects.get().pk

    assert kept_words(pk) == "3 reports and 1 event"
    assert kept_words(make_customer("b").pk) == "no reports and no events"
    monkeypatch.setattr(delete, "_COUNTED", 2)
    assert kept_words(pk) == "more than 2 reports and 1 event"


def test_a_room_above_counts_what_it_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    pk = make_customer("b").pk
    monkeypatch.setattr(delete, "_rooms", {"some": lambda asked: f"{asked - pk + 2} snapshots", "none": lambda _: ""})

    assert kept_words(pk) == "no reports, no events and 2 snapshots"
