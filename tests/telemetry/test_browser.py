"""The apps' pages in real Chromium: both themes, both widths, filters, sorting, what foreign names and logs hold."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.build import make_customer
from tests.servers.browser import overflow, unsound
from tests.telemetry.hours import app, store_all

from felhom_hub.base.instants import utc_now
from felhom_hub.telemetry.address import app_path
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }}{% debug %}",
    "javascript:alert(1)",
    '=HYPERLINK("http://evil.example")',
    "\u202eevil\u2066",
    "a\\..\\b/../c%2e%2e",
    "x" * 200,
)
ISSUES = [
    {"message": "OCR failed for document <n>: killed, out of memory", "count": 38, "fingerprint": "f1"},
    {"message": "Redis memory overcommit is off", "count": 16, "severity": "warning", "fingerprint": "f2"},
    *({"message": text * 3, "fingerprint": f"h{number}", "severity": text} for number, text in enumerate(HOSTILE[:5])),
]
APPS = (
    ("paperless-ngx", "Paperless-ngx", 940, 512, 1024, 4, 57),
    ("nextcloud", "Nextcloud", 1900, 1536, 2560, 31, 64),
    ("immich", "Immich", 2100, 2048, 3072, 0, 0),
    ("vaultwarden", "Vaultwarden", 50, 64, 256, None, None),
    ("jellyfin", "Jellyfin", 720, 768, None, 0, 9),
)


def a_fleet() -> None:
    now = utc_now()
    reports: list[Any] = []
    for number, name in enumerate(("Szabó Péter", "Kiss Fotóstúdió", "Dr. Nagy Ügyvédi Iroda")):
        customer = make_customer(f"c{number}", name=name)
        for quarter in range(4 * 24 * 2):
            if 60 <= quarter < 90:
                continue
            wave = 1 + (quarter % 9 - 4 - number * 3) / 60
            entries = [
                app(
                    memory * wave,
                    app_name,
                    display_name=shown,
                    memory_peak_mb=memory * wave * 1.06,
                    catalog_memory_request_mb=request,
                    catalog_memory_limit_mb=limit,
                    log_errors_24h=errors,
                    log_warnings_24h=warnings,
                    top_issues=ISSUES if app_name == "paperless-ngx" and not quarter else [],
                )
                for app_name, shown, memory, request, limit, errors, warnings in APPS[: 5 - number]
            ]
            reports.append((customer, now - timedelta(minutes=15 * quarter), entries))
    store_all(reports)
    summarise(now)


def test_the_pages_look_right_in_both_themes_at_both_widths(page: Page) -> None:
    a_fleet()

    page.goto("/apps")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 5 apps need a better memory setting")
    assert unsound(page, "apps-full") == []

    page.goto("/apps/paperless-ngx")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paperless-ngx: limit too low")
    assert unsound(page, "app-limit-too-low") == []


def test_the_empty_pages_look_right_too(page: Page) -> None:
    page.goto("/apps")
    assert unsound(page, "apps-empty") == []

    store_all([(make_customer("a"), utc_now(), [app()])])
    page.goto("/apps/immich")
    assert unsound(page, "app-fresh") == []

    summarise(utc_now())
    page.goto("/apps/immich")
    assert unsound(page, "app-few-samples") == []


def test_filter_sort_and_period_are_in_the_address(page: Page) -> None:
    a_fleet()
    page.goto("/apps")
    page.get_by_label("Filter apps").press_sequentially("next", delay=20)
    expect(page.get_by_role("row")).to_have_count(2)
    page.wait_for_url(lambda url: "q=next" in url)
    page.goto("/apps")
    page.get_by_role("link", name="Average", exact=True).click()
    expect(page.get_by_role("columnheader", name="Average")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Immich")
    page.get_by_role("link", name="24 h", exact=True).click()
    page.wait_for_url(lambda url: "period=24h" in url)
    assert "sort=average" in page.url
    page.wait_for_load_state()
    page.locator("html.ready").wait_for(state="attached")
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/apps")


def test_foreign_names_are_inert_and_lead_to_their_pages(page: Page) -> None:
    entries = [app(100, text, display_name=text, top_issues=[{"message": text, "severity": text}]) for text in HOSTILE]
    store_all([(make_customer("a", name=HOSTILE[0]), utc_now(), entries)])
    summarise(utc_now())
    page.goto("/apps")
    assert page.locator("main script, main img").count() == 0
    assert overflow(page) == 0
    # What turns the order of the words around it is taken out of a name when it is read.
    names = [text.replace("\u202e", "\ufffd").replace("\u2066", "\ufffd") for text in HOSTILE]
    for name in names:
        page.goto(app_path(name))
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}: too few samples")
        assert page.locator("main img").count() == 0
        assert overflow(page) == 0
