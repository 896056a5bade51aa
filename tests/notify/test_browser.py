"""The log of messages, its tests and proof, the mail texts and a customer's wishes in real Chromium."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, make_customer, record
from tests.notify.messages import make_message
from tests.servers.browser import NewPage, overflow, refresh, unsound
from tests.servers.job_loop import job_loop
from tests.servers.resend import Provider
from tests.servers.smtp import Mailbox

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.notify import trial
from felhom_hub.notify.message_log import PAGE_ROWS
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.queries import preferences_of
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.browser

PATIENCE = 60.0  # seconds, on a machine that is busy with other things

HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}\u202egnp' + "W" * 80


def message(*, minutes: float, **columns: Any) -> Delivery:
    at = utc_now() - timedelta(minutes=minutes)
    times = {"at": at, "first_tried_at": at, "ended_at": at + timedelta(milliseconds=600)}
    return make_message(**{**times, **columns})


def a_busy_log() -> None:
    papp = make_customer("papp-boraszat", name="Papp Borászat")
    kiss = make_customer("kiss-fotostudio", name="Kiss Fotóstúdió")
    waits = {"result": "queued", "ended_at": None, "attempts": 2, "answer": "429 slow down", "next_at": utc_now()}
    refused = {"result": "failed", "reason": "refused by the provider", "answer": "422 no such mailbox", "attempts": 3}
    message(minutes=2, customer=kiss, event_type="disk_warning", **waits)
    message(minutes=20, event_type="hub_incident_began")
    message(minutes=30, customer=kiss, event_type="disk_warning", audience="customer", recipient="kiss@example.hu",
            result="skipped", reason="within the cooldown of 6 h", answer="", attempts=0)  # fmt: skip
    message(minutes=90, customer=papp, event_type="node_down", **refused)
    message(minutes=91, customer=papp, event_type="node_down", channel="webhook", recipient="chat.example.org",
            answer="answered 200", attempts=2)  # fmt: skip
    message(minutes=26 * 60, customer=papp, event_type="node_recovered", audience="customer", recipient="p@papp.hu")


def test_the_log_can_be_used_by_everybody(page: Page, resend: Provider) -> None:  # noqa: ARG001 - sets mail up
    a_busy_log()
    page.goto("/notifications")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 5 messages failed in the last 24 h")
    assert unsound(page, "notifications") == []
    page.goto("/notifications?q=nothing+like+it")
    expect(page.get_by_role("heading", name="No message matches")).to_be_visible()
    assert unsound(page, "notifications-none") == []


def test_an_empty_hub_says_what_to_set(page: Page) -> None:
    page.goto("/notifications")
    expect(page.get_by_text("not set up").first).to_be_visible()
    expect(page.get_by_role("button", name="Test")).to_have_count(0)
    assert unsound(page, "notifications-empty") == []


def test_the_filter_follows_typing_and_chips_need_no_new_page(page: Page) -> None:
    a_busy_log()
    page.goto("/notifications?period=7d")
    page.evaluate("window.stayed = true")
    page.get_by_label("Filter messages").click()
    page.keyboard.type("PAPP", delay=20)
    expect(page.locator("#messages [data-row]")).to_have_count(3)
    page.wait_for_url(lambda url: url.endswith("/notifications?q=PAPP&period=7d"))
    page.get_by_role("link", name="Failed 1").click()
    expect(page.locator("#messages [data-row]")).to_have_count(1)
    page.get_by_role("link", name="All 3").click()
    expect(page.locator("#messages [data-row]")).to_have_count(3)
    assert page.evaluate("window.stayed")


def test_older_messages_are_a_page_further(page: Page) -> None:
    for number in range(PAGE_ROWS + 3):
        message(minutes=number)
    page.goto("/notifications")
    expect(page.locator("#messages [data-row]")).to_have_count(PAGE_ROWS)
    page.get_by_role("link", name="Show older").click()
    expect(page.locator("#messages [data-row]")).to_have_count(3)
    page.get_by_role("link", name="Newest").click()
    expect(page.locator("#messages [data-row]")).to_have_count(PAGE_ROWS)


def test_by_keyboard_a_failed_message_is_sent_again(page: Page, resend: Provider) -> None:
    a_busy_log()
    Delivery.objects.filter(result="queued").delete()
    with job_loop():
        page.goto("/")
        page.keyboard.press("g")
        page.keyboard.press("e")
        page.get_by_role("link", name="Notifications").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Send again: Node is silent, Papp Borászat").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".toast")).to_contain_text("The message is on its way again.")
        expect(page.locator("#messages")).to_contain_text("Failed after 3 tries, sent again")
        assert resend.asked.wait(60)  # that it is on its way again is shown before a job has sent it
    assert any("Papp" in each["subject"] for each in resend.accepted.values())
    assert AuditEntry.objects.filter(action="delivery_sent_again").count() == 1


def test_a_test_goes_out_and_its_answer_comes_back(
    page: Page, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "WAIT_SECONDS", PATIENCE)
    with job_loop():
        page.goto("/notifications")
        page.get_by_role("button", name="Test Mail").click()
        expect(page.locator("#channels .note")).to_contain_text("Mail: test accepted", timeout=PATIENCE * 1000)
        expect(page.locator("#channels .note")).to_contain_text("accepted by 127.0.0.1")
    subjects = [mail["Subject"] for mail in mailbox.mails]
    assert "[TEST] The hub: test message" in subjects
    assert unsound(page, "notifications-tested") == []


def test_a_provider_that_hangs_does_not_hold_the_page(page: Page, resend: Provider) -> None:
    resend.behave("hang", "hang")
    with job_loop():
        page.goto("/notifications")
        page.get_by_role("button", name="Test Mail").click()
        expect(page.locator("#channels .note")).to_contain_text("Mail: no answer yet")
        assert resend.asked.wait(60)  # all jobs are due in an empty database, and this one is not the first
        resend.released.set()
    refresh(page)
    expect(page.locator("#channels .note")).to_contain_text("Mail: test failed")


def test_the_alarm_path_is_proven_by_a_click(page: Page, resend: Provider) -> None:
    page.goto("/notifications")
    with job_loop():
        page.get_by_role("button", name="Prove it now").click()
        expect(page.locator("#proof .tag")).to_have_text("Proven")
    assert any(each["subject"].startswith("[ALARM TEST]") for each in resend.accepted.values())


def test_all_of_it_works_without_scripts(new_page: NewPage, resend: Provider) -> None:  # noqa: ARG001 - sets mail up
    a_busy_log()
    page = new_page(scripts=False)
    page.goto("/notifications")
    page.get_by_label("Filter messages").fill("papp")
    page.keyboard.press("Enter")
    expect(page.locator("#messages [data-row]")).to_have_count(2)
    with job_loop():
        page.get_by_role("button", name="Test Mail").click()
        expect(page.locator("#channels .note")).to_contain_text("Mail: test accepted")


def test_mail_texts_can_be_read_by_everybody(page: Page) -> None:
    page.goto("/mail-preview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mail texts")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Kovács Péter: no report")
    # The mail's own styles hold in the frame, and the page's policy is as strict as ever.
    box = frame.locator(".box")
    expect(box).to_have_css("border-top-width", "5px")
    assert unsound(page, "mail-preview-operator") == []

    page.locator("summary", has_text="To the customer").click()
    page.get_by_role("link", name="Node is silent Nem érjük el").click()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text(
        "Nem érjük el az otthoni szerverét"
    )
    expect(page.locator("pre")).to_contain_text("Kedves Kovács Péter!")
    assert unsound(page, "mail-preview-customer") == []


def test_wishes_are_entered_by_keyboard_and_without_scripts(new_page: NewPage) -> None:
    record([incoming("kiss-anna", received_at=utc_now(), customer_name="Kiss Anna")])
    for scripts in (True, False):
        page = new_page(scripts=scripts)
        page.goto("/customers/kiss-anna/preferences")
        page.get_by_label("E-mail").fill("no address")
        page.keyboard.press("Enter")
        expect(page.locator("#summary")).to_contain_text("Not saved: 1 field needs a change")
        expect(page.get_by_label("E-mail")).to_have_value("no address")
        if scripts:
            assert unsound(page, "preferences-refused") == []
        page.get_by_label("E-mail").fill(f"anna{scripts}@example.hu")
        page.get_by_label("Node is silent").check()
        page.get_by_role("button", name="Save notifications").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Kiss Anna")
        expect(page.locator("#notifications")).to_contain_text(f"anna{scripts}@example.hu")
        expect(page.locator("#notifications")).to_contain_text("the operator")
    stored = preferences_of(Customer.objects.get().pk)
    assert stored is not None
    assert stored.enabled_events == ("node_down",)


def test_hostile_texts_are_inert(page: Page) -> None:
    customer = make_customer("kiss-anna", name=HOSTILE)
    message(minutes=1, customer=customer, recipient=HOSTILE, event_type=HOSTILE[:64], result="failed", reason=HOSTILE,
            answer=HOSTILE, channel="webhook")  # fmt: skip
    for path in ("/notifications", "/customers/kiss-anna/preferences", "/customers/kiss-anna"):
        page.goto(path)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert (page.evaluate("window.hit"), overflow(page)) == (None, 0)
        assert page.locator("img").count() == 0
