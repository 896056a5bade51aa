"""The customers' list, the form and the question before a deletion in real Chromium."""

from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, Route, expect
from tests.build import incoming, make_customer, record
from tests.servers.browser import PASSWORD, NewPage, save_screenshot, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.save import edit_details
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import Session

TOKEN = "eyJhIjoiMTIzNDU2Nzg5MCJ9"
HOSTILE = "<img src=x onerror=alert(1)>\"'{{7*7}}=1+1\u202e"

pytestmark = pytest.mark.browser


def a_fleet() -> None:
    now = utc_now()
    details = {"domain": "balogh.example.hu", "email": "b@balogh.example.hu", "town": "Győr"}
    make_customer("balogh-epitesz", name="Balogh Építész Iroda", is_managed=True, **details)
    make_customer("takacs-csalad", name="Takács család", is_managed=True, created_at=now)
    make_customer("szabo-bela", name="Szabó Béla", blocked_at=now)
    for customer_id, minutes in (("balogh-epitesz", 4), ("horvath-anna", 2), ("szabo-bela", 300)):
        record([incoming(customer_id, received_at=now - timedelta(minutes=minutes), customer_name="Horváth Anna")])
    edit_details("balogh-epitesz", {"note": "The key is with the neighbour."}, now=now, by=COMMAND_LINE)


def fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"#f-{name}").fill(text)


def test_every_page_reads_well(page: Page) -> None:
    a_fleet()
    found = []
    for name, path in {
        "configs": "/configs",
        "configs-none": "/configs?q=nobody",
        "config-new": "/configs/new",
        "config-edit": "/configs/balogh-epitesz/edit",
        "config-incomplete": "/configs/takacs-csalad/edit",
        "config-manual": "/configs/horvath-anna/edit",
        "customer-delete": "/customers/balogh-epitesz/delete",
        "versions": "/customers/balogh-epitesz/versions",
        "version": "/customers/balogh-epitesz/versions/1",
        "versions-none": "/customers/takacs-csalad/versions",
    }.items():
        page.goto(path)
        found += unsound(page, name)
    page.goto("/configs/new")
    fill(page, name="Takács Edit", customer_id="takacs-csalad", domain="x", cf_api_token="short")
    page.locator("#legacy summary").click()
    fill(page, ping_backup="no")
    page.get_by_role("button", name="Save customer").click()
    expect(page.locator("#summary")).to_be_focused()
    found += unsound(page, "config-refused")

    assert found == []


def test_an_earlier_configuration_is_brought_back(page: Page) -> None:
    a_fleet()
    page.goto("/configs/balogh-epitesz/edit")
    fill(page, town="Szeged", overrides="backup:\n  password: hunter22\n")
    page.get_by_role("button", name="Save customer").click()
    page.wait_for_url("**/customers/balogh-epitesz")
    page.goto("/configs/balogh-epitesz/edit")
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("row").nth(1)).to_contain_text("Town, Overrides")
    page.get_by_role("link", name="Compare version 2 with now").click()
    expect(page.get_by_role("heading", name="2 differences from now")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("hunter22")
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Restore version 2").click()

    expect(page.locator("[data-toast]")).to_contain_text("Balogh Építész Iroda has its earlier configuration again.")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Version 2 restored: Town, Overrides")
    assert Customer.objects.get(customer_id="balogh-epitesz").town == "Győr"
    edit_details("balogh-epitesz", {"town": "Pécs"}, now=utc_now(), by=COMMAND_LINE)
    other.get_by_role("button", name="Restore version 2").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("It was not restored")


def test_a_customer_is_entered_by_keyboard_alone(page: Page) -> None:
    page.goto("/configs")
    page.get_by_role("link", name="New customer").focus()
    page.keyboard.press("Enter")
    page.locator("#f-name").focus()
    for text in ("Takács Edit", "takacs-edit", "takacs.example.hu", "edit@takacs.example.hu"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Takács Edit")
    page.wait_for_url(lambda url: url.endswith("/customers/takacs-edit"))
    expect(page.locator("[data-toast]")).to_contain_text("Takács Edit is a managed customer now.")


def test_what_is_wrong_is_said_on_leaving_a_field_and_counted(page: Page) -> None:
    page.goto("/configs/new")
    field = page.get_by_label("Disk warning, %")
    field.press_sequentially("97")
    expect(page.locator("#f-disk_high-e")).to_be_hidden()
    field.blur()
    expect(page.locator("#f-disk_high-e")).to_contain_text("must be below critical at 95")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-left]")).to_have_text("1 field needs a change. Your entries are kept.")
    expect(page.locator("#f-name-e")).to_be_hidden()
    field.fill("90")
    field.blur()
    expect(page.locator("#f-disk_high-e")).to_be_hidden()
    expect(page.locator("[data-left]")).to_have_text("")


def test_leaving_with_changes_asks_once_and_saving_does_not(page: Page) -> None:
    a_fleet()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("/configs/balogh-epitesz/edit")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Balogh Építész Iroda")
    assert asked == []
    page.goto("/configs/balogh-epitesz/edit")
    page.get_by_label("Town").press_sequentially("!")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/customers/balogh-epitesz")
    assert asked == ["beforeunload"]
    page.goto("/configs/balogh-epitesz/edit")
    page.get_by_label("Town").fill("Szeged")
    page.get_by_role("button", name="Save customer").click()
    page.wait_for_url("**/customers/balogh-epitesz")
    assert (asked, Customer.objects.get(customer_id="balogh-epitesz").town) == (["beforeunload"], "Szeged")


def test_two_clicks_on_save_make_one_customer(page: Page) -> None:
    page.goto("/configs/new")
    fill(page, name="Takács Edit", customer_id="takacs-edit", domain="takacs.example.hu", email="e@takacs.example.hu")
    page.get_by_role("button", name="Save customer").dblclick()
    page.wait_for_url("**/customers/takacs-edit")

    assert Customer.objects.count() == 1


NEW = {
    "name": "Takács Edit",
    "customer_id": "takacs-edit",
    "domain": "takacs.example.hu",
    "email": "edit@takacs.example.hu",
}


@pytest.mark.parametrize("is_cookie_gone", [False, True])
def test_a_sign_in_that_has_ended_loses_nothing(page: Page, is_cookie_gone: bool) -> None:
    page.goto("/configs/new")
    fill(page, **NEW, cf_tunnel_token=TOKEN)
    Session.objects.all().delete()
    if is_cookie_gone:  # as after seven days
        page.context.clear_cookies()
    page.get_by_role("button", name="Save customer").click()

    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    link = page.get_by_role("link", name="Sign in")
    expect(link).to_be_focused()
    expect(page.locator("[data-left]")).to_have_text("Not saved: you are signed out. Your entries are kept.")
    with page.expect_popup() as popup:
        link.click()
    popup.value.get_by_label("Operator password").fill(PASSWORD)
    popup.value.get_by_role("button", name="Sign in", exact=True).click()
    expect(popup.value.get_by_role("heading", level=1)).to_have_text("No customers yet")
    page.get_by_role("button", name="Save customer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Takács Edit")
    expect(page.locator("[data-toast]")).to_contain_text("Takács Edit is a managed customer now.")
    assert Credential.objects.filter(kind="cf_tunnel_token").count() == 1


def test_without_scripts_a_form_comes_back_filled_after_the_sign_in(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/configs/new")
    fill(page, **NEW, overrides="a: 1\n\nb: '<b>'\n", cf_tunnel_token=TOKEN)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save customer").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved: your sign-in has ended")
    save_screenshot(page, "config-sign-in")

    page.get_by_label("Operator password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    save_screenshot(page, "config-signed-in")
    page.get_by_role("button", name="Back to the form").click()

    expect(page.locator("#summary")).to_contain_text("Tunnel token: Type it once more")
    save_screenshot(page, "config-returned")
    assert page.locator("#f-overrides").input_value() == "a: 1\n\nb: '<b>'\n"
    assert page.locator("#f-cf_tunnel_token").input_value() == ""
    page.get_by_role("button", name="Save customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Takács Edit")


def test_a_field_left_after_the_sign_in_has_ended_is_not_yet_judged(page: Page) -> None:
    page.goto("/configs/new")
    page.context.clear_cookies()
    name = page.locator("#f-name")
    name.fill("Takács Edit")
    with page.expect_response("**/login?**"):
        name.blur()
    page.get_by_role("button", name="Save customer").click()

    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    expect(name).to_have_value("Takács Edit")


def test_a_hub_that_cannot_store_or_is_gone_loses_nothing(page: Page) -> None:
    def refuse(route: Route) -> None:
        if route.request.method == "POST" and route.request.url.endswith("/new"):
            route.fulfill(status=503, content_type="text/html", body="<h1>This was not stored</h1><p>Why.</p>")
        else:
            route.continue_()

    page.goto("/configs/new")
    fill(page, **NEW)
    page.route("**/*", refuse)
    save, left = page.get_by_role("button", name="Save customer"), page.locator("[data-left]")
    save.click()
    expect(left).to_have_text("Not saved: This was not stored (answer 503). Your entries are kept.")
    page.unroute("**/*")
    page.context.set_offline(True)
    save.click()
    expect(left).to_have_text("Not saved: no connection to the hub. Your entries are kept.")
    expect(page.locator("#f-name")).to_have_value("Takács Edit")
    page.context.set_offline(False)
    save.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Takács Edit")


def test_all_of_it_works_without_scripts(new_page: NewPage) -> None:
    a_fleet()
    page = new_page(scripts=False)
    page.goto("/configs")
    page.get_by_role("button", name="Create config for Horváth Anna").click()
    expect(page.get_by_text("This configuration is not complete")).to_be_visible()
    fill(page, email="nobody", cf_api_token=TOKEN)
    page.get_by_role("button", name="Save customer").click()
    expect(page.get_by_text("Not saved: 1 field needs a change")).to_be_visible()
    assert TOKEN not in page.content()
    fill(page, email="anna@horvath.example.hu")
    page.get_by_role("button", name="Save customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Horváth Anna")
    assert Credential.objects.filter(kind="cf_api_token", revoked_at=None).count() == 1
    page.goto("/customers/horvath-anna/delete")
    page.get_by_label("Type horvath-anna to confirm").fill("horvath-anna")
    page.get_by_role("button", name="Delete customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 customers")


def test_own_thresholds_mark_the_meters(page: Page) -> None:
    a_fleet()
    page.goto("/")
    expect(page.locator("#c-balogh-epitesz .m.hot")).to_have_count(0)
    customer = Customer.objects.get(customer_id="balogh-epitesz")
    CustomerConfig.objects.create(customer=customer, thresholds={"disk_high": 30.0}, changed_at=utc_now())
    page.goto("/")
    expect(page.locator("#c-balogh-epitesz .m.hot")).to_have_count(1)


def test_hostile_text_is_inert_in_every_field(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto("/configs/new")
    page.locator("#legacy summary").click()
    names = page.evaluate(
        "[...document.querySelectorAll('main input[type=text], main input[type=password], main textarea')].map("
        "(field) => field.name)"
    )
    fill(page, **dict.fromkeys(names, HOSTILE))
    page.get_by_role("button", name="Save customer").click()
    expect(page.locator("#summary")).to_be_visible()
    shown = {name: page.locator(f"#f-{name}").input_value() for name in names if not name.startswith("cf_")}
    assert shown == dict.fromkeys(shown, HOSTILE)
    assert page.locator("main img").count() == 0

    make_customer("hostile", name=HOSTILE, town=HOSTILE, note=HOSTILE, domain=HOSTILE, email=HOSTILE, is_managed=True)
    for path in ("/configs", "/configs/hostile/edit", "/customers/hostile/delete", f"/configs?q={'<b>' * 9}"):
        page.goto(path)
        assert page.locator("main img, main b b").count() == 0
