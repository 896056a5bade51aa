import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, incoming_event, make_customer, record, record_all_events
from tests.fleet.html import checked, report, title

pytestmark = pytest.mark.django_db

PATH = "/customers/kovacs-peter/history"
MAX_BYTES = 30_000


@pytest.mark.parametrize("period", ["", "24h", "7d", "30d", "90d", "1y"])
def test_four_charts_of_a_period(browser: Client, period: str) -> None:
    report(minutes=4)
    report(minutes=70)

    html = checked(browser, f"{PATH}?period={period}")

    assert title(html) == "Kovács Péter: history"
    assert html.count("data-chart") == 4
    current = period if period in {"24h", "7d", "30d", "90d"} else "7d"
    assert f'href="{PATH}?period={current}" aria-current="true"' in html
    assert "hx-get" not in html


def test_a_page_may_ask_for_the_charts_alone(browser: Any) -> None:
    report()

    answer = browser.get(PATH, headers={"HX-Request": "true", "HX-Target": "history-charts"})

    html = answer.content.decode()
    assert html.lstrip().startswith('<div id="history-charts" data-keep>')
    assert "<h1" not in html
    assert html.count("hx-get") == 4
    assert "HX-Target" in answer.headers["Vary"]


def test_what_was_not_reported_says_so(browser: Client) -> None:
    make_customer("new")

    assert checked(browser, "/customers/new/history").count("Not reported in this period") == 4
    assert "No customer with the id" in checked(browser, "/customers/nobody/history", 404)


def test_a_box_with_a_gap_after_every_second_report_has_small_charts_too(browser: Any) -> None:
    drives = [{"name": f"hdd{number}", "percent": 20 + number, "mounted": True} for number in range(5)]
    quarters = [quarter for quarter in range(80 * 96) if quarter % 5 < 2]
    reports = [incoming(received_at=NOW - timedelta(minutes=15 * quarter), storage=drives) for quarter in quarters]
    for begin in range(0, len(reports), 500):
        record(reports[begin : begin + 500])

    html = browser.get(f"{PATH}?period=90d").content

    assert b"Drive use, % full, the 3 fullest of 5 drives" in html
    assert len(gzip.compress(html)) < MAX_BYTES


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_so_many_queries(browser: Client, count: int) -> None:
    for minutes in range(count):
        report(minutes=minutes)
    browser.get(PATH)

    with CaptureQueriesContext(connection) as queries:
        browser.get(PATH)

    assert len(queries) <= 9


def test_the_customers_page_loads_it_later_and_stays_small(browser: Any) -> None:
    for minutes in range(0, 1440, 15):
        report(minutes=minutes)
    record_all_events([incoming_event(message=f"event {number}") for number in range(60)])

    html = browser.get("/customers/kovacs-peter").content

    assert b'hx-trigger="intersect once"' in html
    assert len(gzip.compress(html)) < MAX_BYTES
