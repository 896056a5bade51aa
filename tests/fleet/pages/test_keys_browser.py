"""The keys of a customer in real Chromium: rotated and revoked from its page, with the keyboard and without scripts."""

import pytest
from playwright.sync_api import Page, expect
from tests.build import make_customer
from tests.servers.browser import NewPage, overflow, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.credentials import make_secrets
from felhom_hub.customers.keys import keys_of
from felhom_hub.customers.models import Customer, KeyUse

pytestmark = pytest.mark.browser

HOSTILE = '"><img src=x onerror=alert(1)>\u202e{{ 7*7 }}' + "W" * 80


def a_customer(name: str = "Szabó Péter") -> Customer:
    customer = make_customer("szabo-peter", name=name, is_managed=True)
    make_secrets(customer, now=utc_now())
    key = keys_of(customer, now=utc_now())[0]
    KeyUse.objects.create(credential_id=key.number, used_at=utc_now(), address="2001:db8:1234:5678:9abc:def0:1234:5678")
    return customer


def rotated(page: Page) -> None:
    page.goto("/customers/szabo-peter#credentials")
    page.get_by_role("link", name="Rotate key…").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rotate the key of Szabó Péter?")
    page.get_by_label("The older keys stay valid for").select_option("1 day")
    page.get_by_role("button", name="Rotate key").press("Enter")
    expect(page.locator(".keys li")).to_have_count(2)


def test_a_key_is_rotated_and_the_old_one_revoked(page: Page) -> None:
    customer = a_customer()
    (old,) = keys_of(customer, now=utc_now())

    rotated(page)
    expect(page.get_by_text("Szabó Péter has a new API key.")).to_be_visible()
    assert unsound(page, "customer-keys") == []

    row = page.locator(f"#key-{old.number}")
    expect(row).to_contain_text("valid until")
    row.get_by_role("link", name="Revoke…").click()
    expect(page.get_by_role("button", name="Revoke key")).to_be_visible()
    assert unsound(page, "customer-revoke-key") == []
    page.get_by_role("button", name="Revoke key").click()
    expect(page.locator(".keys li")).to_have_count(1)
    assert old.number not in [key.number for key in keys_of(customer, now=utc_now())]


def test_the_last_key_is_revoked_after_a_warning(page: Page) -> None:
    a_customer()
    page.goto("/customers/szabo-peter#credentials")
    page.locator(".keys li").get_by_role("link", name="Revoke…").click()
    expect(page.get_by_text("This is its only key")).to_be_visible()

    page.get_by_role("button", name="Revoke key").click()

    expect(page.get_by_text("No key is valid.")).to_be_visible()


def test_it_works_without_scripts(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    a_customer()

    rotated(page)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_keys_fit_every_width(new_page: NewPage, width: int, theme: str) -> None:
    page = new_page(theme=theme, width=width)
    a_customer(HOSTILE)
    page.goto("/customers/szabo-peter#credentials")
    assert overflow(page) == 0
    page.get_by_role("link", name="Rotate key…").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rotate the key of")
    assert overflow(page) == 0
    assert unsound(page, f"rotate-{width}-{theme}") == []
