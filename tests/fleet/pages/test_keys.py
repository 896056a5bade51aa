import re
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, make_api_key, make_customer
from tests.fleet.html import checked, report, title

from felhom_hub.customers.credentials import make_secrets
from felhom_hub.customers.keys import keys_of, rotate_key
from felhom_hub.customers.models import Credential, Customer, KeyUse
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

PAGE = "/customers/kovacs-peter"


@pytest.fixture
def customer() -> Customer:
    customer = make_customer("kovacs-peter", name="Kovács Péter", is_managed=True)
    make_secrets(customer, now=NOW - timedelta(days=30))
    report()
    return customer


def numbers(customer: Customer) -> list[int]:
    return [key.number for key in keys_of(customer, now=NOW)]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def send(browser: Any, path: str, **fields: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **fields})


def actions() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "address"))


def test_rotating_asks_for_how_long_the_older_key_holds_and_makes_a_new_one(browser: Any, customer: Customer) -> None:
    html = checked(browser, f"{PAGE}/rotate-key")
    assert title(html) == "Rotate the key of Kovács Péter?"
    assert '<option value="168" selected>7 days</option>' in html

    answer = send(browser, f"{PAGE}/rotate-key", overlap="24")

    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}#credentials")
    newest, older = keys_of(customer, now=NOW)
    assert (newest.made_at, newest.holds_until, older.holds_until) == (NOW, None, NOW + timedelta(days=1))
    assert actions() == [("api_key_rotated", "127.0.0.1")]
    assert "Kovács Péter has a new API key." in checked(browser, PAGE)


@pytest.mark.parametrize("overlap", ["", "-1", "1", "7d", "99999999999"])
def test_an_overlap_that_is_no_choice_makes_nothing(browser: Any, customer: Customer, overlap: str) -> None:
    before = numbers(customer)

    answer = send(browser, f"{PAGE}/rotate-key", overlap=overlap)

    assert answer.status_code == 422
    assert "Must be one of the choices." in answer.content.decode()
    assert numbers(customer) == before
    assert actions() == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_manual_customer_has_no_key_to_rotate(browser: Any, method: str) -> None:
    make_customer("kovacs-peter")

    path = f"{PAGE}/rotate-key"
    answer = browser.get(path) if method == "get" else send(browser, path, overlap="24")

    assert answer.status_code == 409
    assert "no key of its own" in answer.content.decode()
    assert not Credential.objects.exists()


@pytest.mark.usefixtures("customer")
def test_the_page_lists_the_keys_that_hold(browser: Any) -> None:
    first = Credential.objects.get(kind="api_key")
    KeyUse.objects.create(credential=first, used_at=NOW - timedelta(minutes=5), address="192.0.2.7")
    rotated = rotate_key("kovacs-peter", overlap=timedelta(days=7), now=NOW, by=COMMAND_LINE)
    make_api_key(make_customer("nagy-anna", is_managed=True))

    html = checked(browser, PAGE)
    text = words(html)

    assert f"Key {rotated.number}, the newest" in text
    assert "used 5 min ago from 192.0.2.7" in text
    assert "not used yet" in text
    assert html.count("/revoke") == 2
    assert rotated.api_key not in html


def test_revoking_the_last_key_is_warned_of_and_done(browser: Any, customer: Customer) -> None:
    (number,) = numbers(customer)

    html = checked(browser, f"{PAGE}/keys/{number}/revoke")
    assert title(html) == f"Revoke key {number} of Kovács Péter?"
    assert "This is its only key" in html
    assert numbers(customer) == [number]

    answers = [send(browser, f"{PAGE}/keys/{number}/revoke") for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, f"{PAGE}#credentials")] * 2
    assert numbers(customer) == []
    assert actions() == [("api_key_revoked", "127.0.0.1")]
    assert "No key is valid." in checked(browser, PAGE)


def test_revoking_the_newest_says_which_one_stays(browser: Any, customer: Customer) -> None:
    (first,) = numbers(customer)
    newest = rotate_key("kovacs-peter", overlap=timedelta(days=7), now=NOW, by=COMMAND_LINE).number

    text = words(checked(browser, f"{PAGE}/keys/{newest}/revoke"))
    assert f"Key {first} is then the newest one, and stays valid until it is revoked." in text
    assert "only key" not in text
    assert "without an end" not in checked(browser, f"{PAGE}/keys/{first}/revoke")


@pytest.mark.usefixtures("customer")
def test_anothers_key_is_not_revoked_here(browser: Any) -> None:
    make_api_key(make_customer("nagy-anna", is_managed=True))
    other = Credential.objects.get(customer__customer_id="nagy-anna")

    assert browser.get(f"{PAGE}/keys/{other.pk}/revoke").status_code == 404
    assert send(browser, f"{PAGE}/keys/{other.pk}/revoke").status_code == 303
    assert Credential.objects.get(pk=other.pk).revoked_at is None
    assert browser.get(f"{PAGE}/keys/{10**30}/revoke").status_code == 404


def test_nobody_has_no_keys(browser: Any) -> None:
    for path in ("/customers/nobody/rotate-key", "/customers/nobody/keys/1/revoke"):
        assert browser.get(path).status_code == 404
        assert send(browser, path, overlap="24").status_code == 404
