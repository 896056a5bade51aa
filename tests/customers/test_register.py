from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.base.errors import Conflict, Impossible, NotFound
from felhom_hub.base.secrets import open_text
from felhom_hub.customers.auth import CustomerCaller, caller_of, digest_of
from felhom_hub.customers.credentials import check_retrieval_password
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.register import add_customer, adopt_customer
from felhom_hub.operators.audit import COMMAND_LINE, Actor
from felhom_hub.operators.models import AuditEntry

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)
PETER = Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu", "Győr", "+36 20 123 4567", "2nd floor")

pytestmark = pytest.mark.django_db


FOLDED = {"folded_name": "kovacs peter", "folded_town": "gyor"}


def stored() -> list[dict[str, object]]:
    return [dict(row) for row in Customer.objects.values()]


def test_an_added_customer_is_managed_with_all_that_was_entered() -> None:
    add_customer("kovacs-peter", PETER, now=NOW, by=COMMAND_LINE)
    (row,) = stored()
    row.pop("id")
    expected = {
        "customer_id": "kovacs-peter",
        **FOLDED,
        "is_managed": True,
        "created_at": NOW,
        "blocked_at": None,
        "deleted_at": None,
    }
    assert row == asdict(PETER) | expected


def test_its_secrets_work_and_nobody_elses_do() -> None:
    added = add_customer("kovacs-peter", PETER, now=NOW, by=COMMAND_LINE)
    other = add_customer("nagy-anna", replace(PETER, name="Nagy Anna"), now=NOW, by=COMMAND_LINE)
    pk = Customer.objects.get(customer_id="kovacs-peter").pk
    assert caller_of(f"Bearer {added.secrets.api_key}", now=NOW) == CustomerCaller(pk, "kovacs-peter", is_blocked=False)
    assert added.secrets.retrieval_password is not None
    assert other.secrets.retrieval_password is not None
    assert check_retrieval_password("kovacs-peter", added.secrets.retrieval_password)
    assert not check_retrieval_password("kovacs-peter", other.secrets.retrieval_password)


def test_each_secret_is_stored_sealed_for_its_customer() -> None:
    added = add_customer("kovacs-peter", PETER, now=NOW, by=COMMAND_LINE)
    rows = {row.kind: row for row in Credential.objects.all()}
    opened = {kind: open_text(row.envelope, purpose=f"{kind}:kovacs-peter") for kind, row in rows.items()}
    session_secret = opened.pop("session_secret")
    assert opened == {"api_key": added.secrets.api_key, "retrieval_password": added.secrets.retrieval_password}
    assert len(session_secret) == 64
    assert {kind: row.digest for kind, row in rows.items()} == {
        "api_key": digest_of(opened["api_key"]),
        "retrieval_password": None,
        "session_secret": None,
    }


def test_the_audit_says_who_added_whom() -> None:
    add_customer("kovacs-peter", PETER, now=NOW, by=Actor("operator", "192.0.2.7"))
    entries = AuditEntry.objects.values_list("at", "actor", "action", "customer_id", "detail", "address")
    assert list(entries) == [(NOW, "operator", "customer_added", "kovacs-peter", "", "192.0.2.7")]


def test_a_customer_that_only_reported_becomes_managed_and_keeps_its_row() -> None:
    manual = Customer.objects.create(customer_id="kovacs-peter", name="from report", created_at=BEFORE, blocked_at=NOW)
    added = add_customer("kovacs-peter", PETER, now=NOW, by=COMMAND_LINE)
    assert added.was_manual
    expected = {"id": manual.pk, "customer_id": "kovacs-peter", "is_managed": True, "created_at": BEFORE}
    assert stored() == [asdict(PETER) | FOLDED | expected | {"blocked_at": NOW, "deleted_at": None}]
    assert AuditEntry.objects.get().detail == "was a manual customer"


def test_a_managed_customer_is_not_added_again_and_keeps_its_secrets() -> None:
    add_customer("kovacs-peter", PETER, now=BEFORE, by=COMMAND_LINE)
    customers, credentials = stored(), list(Credential.objects.values())
    with pytest.raises(Conflict, match=r"^There is a managed customer kovacs-peter already$"):
        add_customer("kovacs-peter", replace(PETER, name="Another"), now=NOW, by=COMMAND_LINE)
    assert (stored(), list(Credential.objects.values())) == (customers, credentials)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(("customer_id", "details"), [("-", PETER), ("kovacs-peter", replace(PETER, domain="hu"))])
def test_what_is_against_a_rule_stores_nothing(customer_id: str, details: Details) -> None:
    with pytest.raises(Impossible):
        add_customer(customer_id, details, now=NOW, by=COMMAND_LINE)
    assert not Customer.objects.exists()
    assert not Credential.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_result_does_not_show_its_secrets() -> None:
    added = add_customer("kovacs-peter", PETER, now=NOW, by=COMMAND_LINE)
    assert repr(added) == "Registered(customer_id='kovacs-peter', secrets=Secrets(), was_manual=False)"


def test_a_deleted_customer_is_entered_anew() -> None:
    Customer.objects.create(customer_id="kovacs-peter", created_at=BEFORE, deleted_at=NOW)

    added = add_customer("kovacs-peter", PETER, now=NOW, by=COMMAND_LINE)

    assert not added.was_manual
    assert [row["name"] for row in stored()] == ["Kovács Péter"]
    assert AuditEntry.objects.get().detail == "had been deleted"


def test_a_manual_customer_is_managed_with_what_its_reports_tell() -> None:
    Customer.objects.create(customer_id="kovacs-peter", name="Kovács Péter", created_at=BEFORE)

    secrets = adopt_customer("kovacs-peter", domain="kovacs.example.hu", now=NOW, by=COMMAND_LINE)

    columns = ("name", "domain", "email", "is_managed", "created_at")
    assert Customer.objects.values_list(*columns).get() == ("Kovács Péter", "kovacs.example.hu", "", True, BEFORE)
    assert caller_of(f"Bearer {secrets.api_key}", now=NOW) == CustomerCaller(
        Customer.objects.get().pk, "kovacs-peter", is_blocked=False
    )
    assert AuditEntry.objects.values_list("action", "detail").get() == ("customer_added", "from its reports")


def test_nobody_is_adopted_twice_and_no_domain_is_replaced() -> None:
    Customer.objects.create(customer_id="a", domain="a.example.hu", created_at=BEFORE)
    adopt_customer("a", domain="guess.example.hu", now=NOW, by=COMMAND_LINE)

    assert Customer.objects.get().domain == "a.example.hu"
    with pytest.raises(Conflict):
        adopt_customer("a", domain="", now=NOW, by=COMMAND_LINE)
    with pytest.raises(NotFound):
        adopt_customer("b", domain="", now=NOW, by=COMMAND_LINE)
    assert AuditEntry.objects.count() == 1
