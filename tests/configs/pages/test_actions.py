from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, record

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.models import AuditEntry
from felhom_hub.reports.models import Report

pytestmark = pytest.mark.django_db


def test_a_manual_customer_becomes_managed_from_its_report(browser: Any) -> None:
    record([incoming("kovacs-peter")])

    answers = [browser.post("/customers/kovacs-peter/create-config", {"_csrf": browser.csrf}) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/configs/kovacs-peter/edit")] * 2
    customer = Customer.objects.get()
    assert (customer.name, customer.domain, customer.email) == ("Kovács Péter", "kovacs.example.hu", "")
    assert customer.is_managed
    assert Credential.objects.filter(kind="api_key").count() == 1
    assert AuditEntry.objects.get().address == "127.0.0.1"


def test_a_deletion_asks_first_and_takes_the_typed_id_only(browser: Any) -> None:
    record([incoming("a")])
    customer = Customer.objects.get()
    CustomerConfig.objects.create(customer=customer, overrides="a: 1", changed_at=NOW)

    page = browser.get("/customers/a/delete").content.decode()
    assert "comes back as MANUAL" in page
    assert "<li>1 report and no events are kept.</li>" in page
    assert "the retrieval password and the notification preferences from the hub.</li>" in page
    refused = browser.post("/customers/a/delete", {"_csrf": browser.csrf, "typed": "A"})
    assert (refused.status_code, Customer.objects.count()) == (422, 1)

    answer = browser.post("/customers/a/delete", {"_csrf": browser.csrf, "typed": "a"})

    assert (answer.status_code, answer["Location"]) == (303, "/configs")
    assert (Customer.objects.count(), CustomerConfig.objects.count(), Report.objects.count()) == (0, 0, 1)
    assert AuditEntry.objects.get().action == "customer_deleted"
    for path in ("/", "/configs", "/configs?q=a"):
        assert "/customers/a" not in browser.get(path).content.decode()
    assert browser.get("/customers/a").status_code == 404
    assert browser.get("/customers/a/delete").status_code == 404


def test_after_a_deletion_the_toast_says_the_name(browser: Any) -> None:
    make_customer("kovacs-peter", name="Kovács Péter")
    make_customer("nameless")

    for customer_id, name in (("kovacs-peter", "Kovács Péter"), ("nameless", "nameless")):
        browser.post(f"/customers/{customer_id}/delete", {"_csrf": browser.csrf, "typed": customer_id})
        assert f"<span>{name} is deleted.</span>" in browser.get("/configs").content.decode()


def test_nobody_is_asked_about_somebody_unknown(browser: Any) -> None:
    make_customer("deleted", deleted_at=NOW)

    for customer_id in ("nobody", "deleted"):
        assert browser.post(f"/customers/{customer_id}/create-config", {"_csrf": browser.csrf}).status_code == 404
        assert browser.post(f"/customers/{customer_id}/delete", {"_csrf": browser.csrf}).status_code == 404
