import json
from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, record
from tests.fleet.html import checked, title
from tests.flows.hostile import PAYLOADS

from felhom_hub.reports.record import incoming_report

pytestmark = pytest.mark.django_db

HOSTILE = "</pre><script>alert(1)</script>"


def test_the_newest_report_is_shown_and_can_be_had_byte_for_byte(browser: Any) -> None:
    newest = incoming("a", customer_name="Kovács Péter", system={"cpu_percent": 1.50})
    record([newest])

    html = checked(browser, "/customers/a/report")

    assert title(html) == "Kovács Péter: newest report"
    assert "&quot;cpu_percent&quot;: 1.5" in html
    answer = browser.get("/customers/a/report.json")
    assert answer.content == newest.body
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="report-a-20261123T120000Z.json"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert 'href="/customers/a/report"' in checked(browser, "/customers/a")


def test_what_a_box_writes_stays_text(browser: Any) -> None:
    record([incoming("a", customer_name=HOSTILE, note=HOSTILE)])

    html = checked(browser, "/customers/a/report")

    assert "<script>alert" not in html
    assert html.count("</pre>") == 1


@pytest.mark.parametrize("text", PAYLOADS)
def test_whatever_it_says_the_download_is_a_file_of_json(browser: Any, text: str) -> None:
    body = json.dumps({"customer_id": "a", "customer_name": text, text[:200]: text}).encode()
    record([incoming_report(body, NOW, key_digest=None)])

    answer = browser.get("/customers/a/report.json")

    assert answer.content == body
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="report-a-20261123T120000Z.json"'


def test_a_large_one_says_that_it_is_not_whole(browser: Any) -> None:
    large = incoming("a", extra=["x" * 100] * 4000)
    record([large])

    html = checked(browser, "/customers/a/report")

    assert "Only the first" in html
    assert len(html) < 400_000
    assert browser.get("/customers/a/report.json").content == large.body


def test_before_the_first_there_is_none(browser: Any) -> None:
    make_customer("a", name="Lukács család")

    html = checked(browser, "/customers/a/report")

    assert title(html) == "Lukács család: no report yet"
    assert "<h1><bdi>Lukács család</bdi> has not reported yet</h1>" in html
    assert "report.json" not in html
    checked(browser, "/customers/a/report.json", 404)


@pytest.mark.parametrize("customer_id", ["nobody", "deleted", "a%00b"])
def test_nobody_has_none(browser: Any, customer_id: str) -> None:
    make_customer("deleted", deleted_at=NOW)

    checked(browser, f"/customers/{customer_id}/report", 404)
    checked(browser, f"/customers/{customer_id}/report.json", 404)
