"""The customer page's nights, events, messages and charts in real Chromium: both themes and widths, hostile strings."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.build import incoming, incoming_event, record, record_all_events
from tests.servers.browser import NewPage, refresh, unsound

from felhom_hub.base.instants import rfc3339, utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }}{% debug %}",
    "javascript:alert(1)",
    "\u202eevil\u2066",
    "x" * 10_000,
)
PATH = "/customers/kovacs-peter"


def a_customer() -> None:
    now = utc_now()
    reports = []
    for quarter in range(4 * 24 * 2, -1, -1):
        if 60 <= quarter < 75:
            continue
        at = now - timedelta(minutes=15 * quarter)
        system = {"cpu_percent": 20 + quarter % 9, "memory_percent": 60 + quarter % 13, "temperature_celsius": 50.0}
        backup = {
            "last_backup_at": rfc3339(now - timedelta(hours=9)),
            "last_backup_ok": True,
            "repository_size_mb": 52000,
        }
        reports.append(incoming(received_at=at, timestamp=rfc3339(at), system=system, backup=backup))
    record(reports)
    events = []
    for night in range(13):
        at = now.replace(hour=2) - timedelta(days=night + 1)
        done = "backup_failed" if night == 4 else "backup_completed"
        events.append(incoming_event(event_type=done, severity="info", received_at=at))
        events.append(incoming_event(event_type="crossdrive_backup_completed", severity="info", received_at=at))
    events += [incoming_event(event_type="my_own", message=text, received_at=now) for text in HOSTILE]
    events += [incoming_event(severity="warning", received_at=now - timedelta(minutes=9 * n)) for n in range(60)]
    record_all_events(events)
    for number, result in enumerate(("sent", "skipped", "failed", *["sent"] * len(HOSTILE))):
        Delivery.objects.create(
            customer=Customer.objects.get(),
            event_type="disk_warning",
            audience="customer" if number % 2 else "operator",
            channel="e-mail",
            recipient="szabo.peter@example.hu",
            result=result,
            reason=HOSTILE[number - 3][:200] if number > 2 else {"skipped": "cooldown until 16:06"}.get(result, ""),
            answer="429 too many requests" if result == "failed" else "",
            at=now - timedelta(hours=number),
        )


def test_the_sections_look_right_in_both_themes_at_both_widths(page: Page) -> None:
    a_customer()

    page.goto(PATH)
    page.evaluate("document.querySelectorAll('details.sect').forEach((part) => { part.open = true; })")
    page.locator("#history").scroll_into_view_if_needed()
    expect(page.locator("#history canvas")).to_have_count(4)
    page.evaluate("scrollTo(0, 0)")  # axe takes what the bar on top covers for too small a target
    assert unsound(page, "customer-sections") == []

    page.goto(f"{PATH}/history?period=24h")
    expect(page.locator("canvas")).to_have_count(4)
    assert unsound(page, "history") == []


def test_a_refresh_keeps_more_events_and_the_charts_period(page: Page) -> None:
    a_customer()
    page.goto(PATH)
    page.get_by_role("link", name="Show 50 more").click()
    expect(page.locator("#events .tl > li:not(.day)")).to_have_count(92)
    page.locator("#history").scroll_into_view_if_needed()
    page.locator("#history").get_by_role("link", name="24 h", exact=True).click()
    expect(page.locator("#history").get_by_role("link", name="24 h", exact=True)).to_have_attribute(
        "aria-current", "true"
    )

    refresh(page)

    expect(page.locator("#events .tl > li:not(.day)")).to_have_count(92)
    expect(page.locator("#history canvas")).to_have_count(4)
    expect(page.locator("#history").get_by_role("link", name="24 h", exact=True)).to_have_attribute(
        "aria-current", "true"
    )


def test_all_of_it_is_there_without_scripts(new_page: NewPage) -> None:
    a_customer()
    page = new_page(scripts=False)
    page.goto(PATH)
    page.locator("#history > summary").click()
    page.get_by_role("link", name="Show the history").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of Kovács Péter")
    page.locator("summary").filter(has_text="Show these numbers as a table").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    page.goto(f"{PATH}?events=100")
    expect(page.locator("#events .tl > li:not(.day)")).to_have_count(92)
