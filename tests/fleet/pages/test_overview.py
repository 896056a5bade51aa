import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.fleet.html import checked, report, title

from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db


def test_the_first_run_says_what_to_do(browser: Client) -> None:
    html = checked(browser, "/")

    assert title(html) == "Fleet: no customers yet"
    assert "<h1>No customers yet</h1>" in html


@pytest.mark.parametrize(
    ("ill", "well", "head", "heading"),
    [
        (0, 1, "Fleet: all well", '<h1 class="calm"><b>The server</b> is fine</h1>'),
        (0, 3, "Fleet: all well", '<h1 class="calm"><b>All 3 servers</b> are fine</h1>'),
        (1, 0, "Fleet: 1 needs attention", "<h1><b>1 of 1</b> server needs attention</h1>"),
        (1, 1, "Fleet: 1 needs attention", "<h1><b>1 of 2</b> servers needs attention</h1>"),
        (2, 1, "Fleet: 2 need attention", "<h1><b>2 of 3</b> servers need attention</h1>"),
    ],
)
def test_the_headline_and_the_tab_count_who_needs_attention(
    browser: Client, ill: int, well: int, head: str, heading: str
) -> None:
    for number in range(ill):
        report(f"ill{number}", health="fail")
    for number in range(well):
        report(f"well{number}")

    html = checked(browser, "/")

    assert title(html) == head
    assert heading in html


def test_servers_that_only_wait_are_not_called_fine(browser: Client) -> None:
    make_customer("new")

    html = checked(browser, "/")

    assert "<h1>1 server is not expected to report</h1>" in html


def test_the_overview_prints_every_kind_of_row(browser: Client) -> None:
    make_customer("waits", created_at=NOW - timedelta(hours=3))
    report("silent", minutes=134)
    report("failed", health={"status": "fail", "issues": ["drive hdd1 is read-only"]})
    report("paused", monitoring_paused=True)
    report("well")
    record_all_events([incoming_event("well")])
    report("blocked")
    Customer.objects.filter(customer_id="blocked").update(blocked_at=NOW)

    html = checked(browser, "/")

    assert "Needs attention <span>2 servers, worst first</span>" in html
    assert "<b>No report for 2 h 14 min.</b> Last report was healthy: suspect power or internet at the site" in html
    assert "<b>Health check failed:</b> drive hdd1 is read-only, for <time" in html
    assert "Config created 3 h ago. Waiting for the first report." in html
    assert "monitoring paused, 2 reports arrived" in html
    assert '/customers/well?severity=error#events" title="1 error event in the last 24 h"' in html
    assert "1 blocked customer is hidden" in html
    assert "c-blocked" not in html


@pytest.mark.parametrize(
    "path",
    ["/?q=kov", "/?status=ok", "/?show=silent", "/?show=no-backup", "/?sort=cpu", "/?sort=-customer&q=k", "/?q=zzz"],
)
def test_a_filter_is_in_its_links_and_its_form(browser: Client, path: str) -> None:
    report()

    html = checked(browser, path)

    assert 'class="fleet cards"' in html or "No server matches" in html


def test_nothing_found_names_the_text_and_the_way_out(browser: Client) -> None:
    report()

    html = checked(browser, "/?q=nextclod")

    assert "No server matches “nextclod”" in html
    assert '<a class="btn" href="/">Clear filter</a>' in html


def test_the_sorted_column_says_so(browser: Client) -> None:
    report()

    html = checked(browser, "/?sort=disk")

    assert re.findall(r'aria-sort="(\w+)"><a href="(.*?)"', html) == [("descending", "/?sort=-disk")]
    assert "1 of 1 shown, sorted by Disk, highest first" in html


def test_a_refresh_of_the_same_state_is_304_a_minute_later(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    report()
    first = browser.get("/", headers={"HX-Request": "true"})
    monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda: NOW + timedelta(minutes=1))

    second = browser.get("/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})

    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")
