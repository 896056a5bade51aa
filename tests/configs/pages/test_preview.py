from html import unescape
from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, record
from tests.operators.site import with_server

from felhom_hub.configs import generate as generate_module
from felhom_hub.configs.models import CustomerConfig, RetrievalTry
from felhom_hub.customers.credentials import machine_secrets
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    """Managed, with a secret of its own in the overrides."""
    add_customer("nagy", Details("Nagy Anna", "nagy.example.hu", "n@example.hu"), now=NOW, by=COMMAND_LINE)
    found = Customer.objects.get()
    overrides = "backup:\n  restic_password: hunter22\n  keep: 7 # nights\n"
    CustomerConfig.objects.create(customer=found, overrides=overrides, changed_at=NOW)
    return found


def test_the_file_is_shown_without_its_secrets(browser: Any, customer: Customer) -> None:
    page = unescape(browser.get("/customers/nagy/config").content.decode())

    assert "controller.yaml of <bdi>Nagy Anna</bdi>" in page
    assert 'api_key: "••••••••"' in page
    assert 'restic_password: "••••••••"' in page
    assert "  keep: 7\n" in page
    assert "# Whose box this is." in page
    secrets = machine_secrets(customer).values()
    assert [secret for secret in (*secrets, "hunter22") if secret in page] == []
    assert not AuditEntry.objects.exclude(action="customer_added").exists()


def test_a_hub_without_an_address_says_that_the_box_would_not_find_it(
    browser: Any, customer: Customer, settings: Any
) -> None:
    path, words = f"/customers/{customer.customer_id}/config", "would not know where to report"
    with_server(settings, public_url="")
    assert words in browser.get(path).content.decode()

    with_server(settings, public_url="https://hub.example.net")
    page = browser.get(path).content.decode()
    assert words not in page
    assert "url: &quot;https://hub.example.net&quot;" in page


def test_a_file_that_cannot_be_made_says_why(browser: Any, customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate_module, "current_template", lambda: "a: [\n")

    page = unescape(browser.get(f"/customers/{customer.customer_id}/config").content.decode())

    assert "There is no controller.yaml of <bdi>Nagy Anna</bdi>" in page
    assert "The configuration of nagy cannot be made: Line 2 is not YAML" in page


def test_a_manual_customer_has_none_and_an_unknown_one_no_page(browser: Any) -> None:
    make_customer("manual")

    assert "A manual customer has no configuration" in browser.get("/customers/manual/config").content.decode()
    assert browser.get("/customers/nobody/config").status_code == 404


def test_a_lock_is_shown_and_taken_away(browser: Any, customer: Customer) -> None:
    assert "Retrieval is locked" not in browser.get("/customers/nagy").content.decode()
    for _ in range(10):
        RetrievalTry.objects.create(customer_id="nagy", address="192.0.2.1", at=NOW)
    record([incoming("nagy")])
    page = browser.get("/customers/nagy").content.decode()
    assert "Retrieval is locked until" in page
    assert "Show config" in page
    answer = browser.post("/customers/nagy/unlock", {"_csrf": browser.csrf})

    assert (answer.status_code, answer["Location"]) == (303, "/customers/nagy")
    assert not RetrievalTry.objects.exists()
    assert "can fetch its configuration again" in browser.get("/customers/nagy").content.decode()
    assert browser.post("/customers/nobody/unlock", {"_csrf": browser.csrf}).status_code == 404
    assert customer.customer_id == "nagy"
