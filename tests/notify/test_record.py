from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.build import NOW, incoming_event, make_api_key, make_customer, record_all_events

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Unauthorized
from felhom_hub.customers import reporting
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.events.models import Event, EventCount
from felhom_hub.notify.models import Delivery, Preferences
from felhom_hub.notify.payload import PreferencesFacts
from felhom_hub.notify.queries import StoredPreferences, preferences_of
from felhom_hub.notify.record import (
    IncomingPreferences,
    RecordedNotice,
    SetPreferences,
    record_notices,
    set_preferences,
)
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=15)


def told(
    customer_id: str = "a",
    email: str | None = "anna@example.hu",
    types: tuple[str, ...] | None = ("backup_failed",),
    hours: int | None = 12,
    *,
    at: datetime = NOW,
    key_digest: str | None = None,
    **members: Any,
) -> IncomingPreferences:
    return IncomingPreferences(PreferencesFacts(customer_id, email, types, hours), at, key_digest, **members)


def set_all(*incoming: IncomingPreferences) -> list[Any]:
    with transaction.atomic():
        return set_preferences(Db(), incoming)


def notice_all(events: Iterable[Any]) -> list[Any]:
    with transaction.atomic():
        return record_notices(Db(), list(events))


def stored(customer_id: str = "a") -> StoredPreferences | None:
    return preferences_of(Customer.everyone.get(customer_id=customer_id).pk)


def test_preferences_are_kept_as_they_were_said() -> None:
    make_customer("a")

    assert set_all(told()) == [SetPreferences(is_blocked=False)]
    assert stored() == StoredPreferences("anna@example.hu", ("backup_failed",), 12, "controller", NOW)


def test_the_last_write_wins_one_after_the_other_and_within_a_batch() -> None:
    set_all(told(email="first@example.hu"))
    set_all(told(email="second@example.hu", hours=1), told(email="third@example.hu", types=(), hours=0, at=LATER))

    assert stored() == StoredPreferences("third@example.hu", (), 0, "controller", LATER)
    assert Preferences.objects.count() == 1


def test_what_is_not_said_stays_and_is_the_default_for_somebody_new() -> None:
    set_all(told("b", None, None, None))
    set_all(told())
    set_all(told(email=None, types=("test",), hours=None), told(email=None, types=None, hours=3, at=LATER))

    assert stored() == StoredPreferences("anna@example.hu", ("test",), 3, "controller", LATER)
    assert stored("b") == StoredPreferences("", (), 6, "controller", NOW)


def test_an_empty_address_replaces_the_stored_one() -> None:
    set_all(told())
    set_all(told(email=""))

    found = stored()
    assert found is not None
    assert (found.email, found.enabled_events) == ("", ("backup_failed",))


def test_who_said_so_is_kept() -> None:
    set_all(told(set_by=Preferences.SetBy.OPERATOR))

    assert Preferences.objects.get().set_by == "operator"


def test_each_customer_has_its_own() -> None:
    set_all(told("b", "b@example.hu"), told("a", "a@example.hu"), told("c", "c@example.hu"))

    rows = Preferences.objects.order_by("email").values_list("customer__customer_id", "email")
    assert list(rows) == [("a", "a@example.hu"), ("b", "b@example.hu"), ("c", "c@example.hu")]


def test_an_unknown_customer_becomes_a_manual_one() -> None:
    set_all(told("nagy-anna"))

    assert list(Customer.objects.values_list("customer_id", "name", "is_managed")) == [("nagy-anna", "", False)]


def test_a_blocked_customers_are_stored_and_it_is_told_so() -> None:
    make_customer("a", blocked_at=NOW)

    assert set_all(told()) == [SetPreferences(is_blocked=True)]
    assert stored() is not None


def test_a_key_that_was_revoked_meanwhile_refuses_its_own_only() -> None:
    digest = digest_of(make_api_key(make_customer("a")))
    Credential.objects.update(revoked_at=NOW)

    refused, done = set_all(told("a", key_digest=digest), told("b"))

    assert (type(refused), done) == (Unauthorized, SetPreferences(is_blocked=False))
    assert list(Preferences.objects.values_list("customer__customer_id", flat=True)) == ["b"]
    assert [type(each) for each in set_all(told("a", key_digest=digest))] == [Unauthorized]
    assert set_all() == []


def test_preferences_go_with_the_customer_and_do_not_come_back_with_it() -> None:
    set_all(told("a"), told("b"))

    delete_customer("a", now=NOW, by=COMMAND_LINE)
    assert (stored("a"), stored("b") is None) == (None, False)
    notice_all([incoming_event("a")])

    assert Customer.objects.filter(customer_id="a").exists()
    assert stored("a") is None


def test_the_global_key_brings_a_deleted_customer_back() -> None:
    set_all(told())
    delete_customer("a", now=NOW, by=COMMAND_LINE)

    assert set_all(told(email="new@example.hu", types=None, hours=None)) == [SetPreferences(is_blocked=False)]
    assert stored() == StoredPreferences("new@example.hu", (), 6, "controller", NOW)


def test_an_address_does_not_come_in_while_its_customer_is_being_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = digest_of(make_api_key(make_customer("a")))
    find = reporting.customers_reporting

    def deleted_meanwhile(*args: Any, **members: Any) -> Any:
        Customer.objects.update(deleted_at=NOW)
        return find(*args, **members)

    monkeypatch.setattr("felhom_hub.notify.record.customers_reporting", deleted_meanwhile)

    (refused,) = set_all(told(key_digest=digest))

    assert type(refused) is Unauthorized
    assert Preferences.objects.count() == 0


def test_a_notice_is_an_event_like_others_and_its_message_waits_for_a_provider() -> None:
    set_all(told("with"), told("off", ""))

    results = notice_all(incoming_event(name, event_type="notify") for name in ("with", "off", "unknown", "with"))

    assert [result.has_address for result in results] == [True, False, False, True]
    assert Event.objects.count() == 4
    assert sum(EventCount.objects.values_list("errors", flat=True)) == 4
    reasons = Delivery.objects.values_list("result", "reason").distinct()
    assert list(reasons) == [("skipped", "no mail provider is configured")]


def test_a_notice_with_a_revoked_key_is_refused_alone() -> None:
    digest = digest_of(make_api_key(make_customer("a")))
    Credential.objects.update(revoked_at=NOW)

    refused, done = notice_all([incoming_event("a", key_digest=digest), incoming_event("b")])

    assert (type(refused), done) == (Unauthorized, RecordedNotice(has_address=False))
    assert Event.objects.count() == 1


def test_a_deleted_customer_leaves_no_address_in_messages_and_nothing_is_sent(
    notifications: Callable[..., None],
) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")
    set_all(told(), told("b"))
    record_all_events([incoming_event("a"), incoming_event("b")])
    Delivery.objects.update(content="{}")

    delete_customer("a", now=LATER, by=COMMAND_LINE)

    of_a = Delivery.objects.filter(customer__customer_id="a").order_by("pk")
    assert list(of_a.values_list("result", "recipient", "content", "next_at")) == [
        ("skipped", "operator@example.org", "", None),
        ("skipped", "", "", None),
    ]
    assert set(of_a.values_list("reason", flat=True)) == {"the customer was deleted"}
    of_b = Delivery.objects.filter(customer__customer_id="b", result="queued")
    assert sorted(of_b.values_list("recipient", flat=True)) == ["anna@example.hu", "operator@example.org"]
