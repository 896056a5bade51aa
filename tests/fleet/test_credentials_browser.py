"""Credentials, set-up and actions of a customer's page in real Chromium: keyboard, no scripts, hostile names."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, make_customer, record
from tests.servers.browser import NewPage, overflow, refresh, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.credentials import Kind, make_secrets
from felhom_hub.customers.models import Customer
from felhom_hub.customers.tokens import change_tokens
from felhom_hub.notify.models import Preferences
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.browser

MASK = "•" * 16
HOSTILE = '"><img src=x onerror=alert(1)>\u202e{{ 7*7 }}' + "W" * 80


def a_customer(kind: str = "managed", **columns: Any) -> str:
    """A customer of the kind; its retrieval password, or nothing for a manual one."""
    if kind != "pending":
        record([incoming("szabo-peter", received_at=utc_now() - timedelta(minutes=4), customer_name="Szabó Péter")])
    else:
        make_customer("szabo-peter", created_at=utc_now() - timedelta(hours=3))
    known = {"name": "Szabó Péter", "domain": "szabo.example.hu", "email": "peter@szabo.example.hu", "town": "Szeged"}
    if kind == "manual":
        return ""
    blocked_at = utc_now() - timedelta(days=10) if kind == "blocked" else None
    Customer.objects.update(**{**known, "is_managed": True, "blocked_at": blocked_at, **columns})
    customer = Customer.objects.get()
    Preferences.objects.create(
        customer=customer,
        email="peter@szabo.example.hu",
        enabled_events='["backup_failed", "disk_critical", "node_down", "fan_too_loud"]',
        set_by="controller",
        updated_at=utc_now() - timedelta(days=3),
    )
    change_tokens(customer, {Kind.CF_API_TOKEN: "t" * 40}, frozenset(), now=utc_now(), by=COMMAND_LINE)
    return make_secrets(customer, now=utc_now()).retrieval_password or ""


def entries() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(action__startswith="secret_").order_by("pk").values_list("action", "detail"))


@pytest.mark.parametrize("kind", ["managed", "pending", "manual", "blocked"])
def test_each_kind_of_page_is_sound(page: Page, kind: str) -> None:
    a_customer(kind)
    page.goto("/customers/szabo-peter")
    page.evaluate("document.querySelectorAll('details.sect').forEach((part) => { part.open = true; })")

    assert unsound(page, f"customer-{kind}") == []


def test_questions_secrets_and_the_report_are_sound(page: Page) -> None:
    a_customer()
    for path, name in (("block", "block"), ("delete", "delete"), ("report", "report")):
        answer = page.goto(f"/customers/szabo-peter/{path}")
        assert answer is not None
        assert answer.ok
        assert unsound(page, f"customer-{name}") == []
    page.goto("/customers/szabo-peter")
    page.get_by_role("link", name="Delete customer…").click()
    assert unsound(page, "customer-delete-dialog") == []


def test_a_secret_is_shown_for_half_a_minute(page: Page) -> None:
    password = a_customer()
    page.clock.install()
    page.goto("/customers/szabo-peter")
    row = page.locator("#s-retrieval_password")
    value = row.locator("output")
    assert password not in page.content()

    row.get_by_role("button", name="Reveal Retrieval password").click()

    expect(value).to_have_text(password)
    assert value.evaluate("part => getComputedStyle(part).fontSize") == "20px"
    refresh(page)
    expect(value).to_have_text(password)
    page.clock.fast_forward(20_000)
    expect(value).to_have_text(password)
    page.clock.fast_forward(12_000)
    expect(value).to_have_text(MASK)
    assert password not in page.content()
    assert entries() == [("secret_revealed", "retrieval_password")]


def test_a_secret_is_hidden_and_copied_by_keyboard(new_page: NewPage) -> None:
    password = a_customer()
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/customers/szabo-peter")
    row = page.locator("#s-retrieval_password")
    row.get_by_role("button", name="Reveal Retrieval password").focus()

    page.keyboard.press("Enter")
    expect(row.locator("output")).to_have_text(password)
    page.keyboard.press("Enter")
    expect(row.locator("output")).to_have_text(MASK)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#say")).to_have_text("Copied")
    expect(row.locator("output")).to_have_text(MASK)
    assert page.evaluate("navigator.clipboard.readText()") == password
    assert entries() == [("secret_revealed", "retrieval_password"), ("secret_copied", "retrieval_password")]


def test_where_copying_is_not_allowed_revealing_is_offered(page: Page) -> None:
    a_customer()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto("/customers/szabo-peter")

    page.get_by_role("button", name="Copy Hub API key").click()

    expect(page.locator("#say")).to_have_text("Copying is not allowed here")
    expect(page.locator("#s-api_key output")).to_contain_text("Reveal it, then select it")
    assert entries() == []


def test_a_session_that_has_ended_shows_nothing(page: Page) -> None:
    a_customer()
    page.goto("/customers/szabo-peter")
    page.context.clear_cookies()

    page.get_by_role("button", name="Reveal Hub API key").click()

    expect(page.locator("#s-api_key output")).to_have_text("Not shown. Reload the page, then try again.")
    assert entries() == []


def test_commands_are_copied(new_page: NewPage) -> None:
    a_customer("pending")
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/customers/szabo-peter")

    page.get_by_role("button", name="Copy the commands of step 1").click()

    expect(page.locator("#say")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#k-1").text_content()
    assert "/etc/felhom-controller/key" in copied


def test_blocking_and_undoing_by_keyboard_alone(page: Page) -> None:
    a_customer()
    page.goto("/customers/szabo-peter")
    page.get_by_role("link", name="Block customer…").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Block Szabó Péter?")
    expect(dialog.get_by_label("Type szabo-peter to confirm")).to_be_focused()
    armed = dialog.get_by_role("button", name="Block customer")
    page.keyboard.type("szabo-pete")
    expect(armed).to_be_disabled()
    page.keyboard.type("r")
    expect(armed).to_be_enabled()
    refresh(page)
    expect(armed).to_be_enabled()

    page.keyboard.press("Enter")

    expect(page.locator("#now")).to_contain_text("Blocked since")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Szabó Péter is unblocked.")).to_be_visible()
    expect(page.locator("#now")).to_have_count(0)
    assert Customer.objects.get().blocked_at is None


@pytest.mark.parametrize("action", ["block", "delete"])
def test_the_page_that_asks_is_armed_by_the_id_alone_as_well(page: Page, action: str) -> None:
    a_customer()
    page.goto(f"/customers/szabo-peter/{action}")
    button, field = page.get_by_role("button", name=f"{action.capitalize()} customer"), page.get_by_label("to confirm")
    expect(button).to_be_disabled()
    field.fill("szabo")
    expect(button).to_be_disabled()
    field.fill("szabo-peter")
    expect(button).to_be_enabled()


def test_the_toasts_parts_stand_in_one_line(page: Page) -> None:
    a_customer()
    page.goto("/customers/szabo-peter/block")
    page.get_by_label("to confirm").fill("szabo-peter")
    page.get_by_role("button", name="Block customer").click()

    boxes = [page.locator(".toast").get_by_role("button", name=name).bounding_box() for name in ("Undo", "Close")]

    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] == boxes[1]["y"]


def test_everything_works_without_scripts(new_page: NewPage) -> None:
    password = a_customer()
    page = new_page(scripts=False)
    page.goto("/customers/szabo-peter")
    page.locator("#credentials > summary").click()
    page.get_by_role("button", name="Reveal Retrieval password").click()
    expect(page.locator("output")).to_have_text(password)
    page.get_by_role("link", name="Back to the customer").click()

    page.get_by_role("link", name="Block customer…").click()
    page.get_by_label("Type szabo-peter to confirm").fill("szabo")
    page.get_by_role("button", name="Block customer").click()
    expect(page.get_by_text("Type szabo-peter exactly.")).to_be_visible()
    page.get_by_label("Type szabo-peter to confirm").fill("szabo-peter")
    page.get_by_role("button", name="Block customer").click()
    expect(page.locator("#now")).to_contain_text("Blocked since")
    page.get_by_role("button", name="Unblock", exact=True).click()

    expect(page.locator("#now")).to_have_count(0)


def test_a_manual_customer_becomes_managed_from_its_page(page: Page) -> None:
    a_customer("manual")
    page.goto("/customers/szabo-peter")

    page.get_by_role("button", name="Create config").first.click()

    page.wait_for_url("**/configs/szabo-peter/edit")
    assert Customer.objects.get().is_managed


@pytest.mark.parametrize("width", [1440, 390])
def test_hostile_texts_stay_texts(new_page: NewPage, width: int) -> None:
    a_customer(name=HOSTILE[:200], domain=HOSTILE[:200], email=HOSTILE[:200], town=HOSTILE[:100], note=HOSTILE)
    record([incoming("szabo-peter", received_at=utc_now(), customer_name=HOSTILE, controller_version=HOSTILE[:64])])
    page = new_page(width=width)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))

    for path in ("", "/block", "/delete", "/report"):
        page.goto(f"/customers/szabo-peter{path}")
        assert page.locator("img").count() == 0
        assert "49" not in page.get_by_role("heading", level=1).inner_text()
        assert overflow(page) == 0, path
