import re
from datetime import timedelta
from itertools import starmap
from typing import Any

import pytest
from tests.build import NOW, make_customer

from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.operators.trail import PAGE_ROWS

OPERATOR = Actor("operator", "192.0.2.7")
HOUR = timedelta(hours=1)
HOSTILE = '<script>alert(1)</script>"{{ 7*7 }}\u202e=1+1'


def text_of(browser: Any, path: str = "/audit") -> str:
    return str(browser.get(path).content.decode())


def test_entries_stand_by_day_in_plain_words(browser: Any) -> None:
    record_audit("customer_blocked", by=OPERATOR, now=NOW - 2 * HOUR, customer_id="kovacs-peter", detail="moved away")
    record_audit("signed_in", by=OPERATOR, now=NOW - 20 * HOUR)
    record_audit("signed_in", by=OPERATOR, now=NOW - 60 * HOUR)

    page = text_of(browser)

    assert "<h1>3 entries in the audit</h1>" in page
    days = ("Today, Mon 23 Nov 2026", "Yesterday, Sun 22 Nov 2026", "Sat 21 Nov 2026")
    places = [page.index(f'colspan="5">{day}</th>') for day in days]
    assert places == sorted(places)
    assert '<span class="wrap">Customer blocked</span><small class="wrap">moved away</small>' in page


def test_only_customers_that_are_there_are_links_and_they_are_named(browser: Any) -> None:
    make_customer("kovacs-peter", name="Kovács Péter")
    make_customer("nameless")
    make_customer("gone", name="", deleted_at=NOW)
    for customer_id in ("kovacs-peter", "nameless", "gone", "never"):
        record_audit("customer_blocked", by=OPERATOR, now=NOW, customer_id=customer_id)

    page = text_of(browser)

    assert re.findall(r'<a href="/customers/([^"]*)" title="([^"]*)">([^<]*)</a>', page) == [
        ("nameless", "nameless", "nameless"),
        ("kovacs-peter", "kovacs-peter", "Kovács Péter"),
    ]
    assert page.count('</span> <span class="sm mut">not a customer now</span>') == 2


def test_hostile_text_is_shown_as_text(browser: Any) -> None:
    by = Actor(HOSTILE, HOSTILE[:45])
    record_audit(HOSTILE[:64], by=by, now=NOW, customer_id=HOSTILE, detail=HOSTILE)

    page = text_of(browser, f"/audit?q={HOSTILE}&customer={HOSTILE}")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_filters_are_links_and_the_file_has_the_same(browser: Any) -> None:
    record_audit("secrets_revealed", by=OPERATOR, now=NOW, customer_id="kovacs-peter")
    record_audit("signed_in", by=OPERATOR, now=NOW)

    page = text_of(browser, "/audit?kind=secret&customer=kovacs-peter&period=7d")

    assert "Secrets revealed" in page
    assert '<span class="wrap">Signed in</span>' not in page
    assert 'href="/audit.csv?kind=secret&amp;customer=kovacs-peter&amp;period=7d"' in page
    assert 'href="/audit?kind=secret&amp;period=7d" aria-current="true"><bdi>Only customer kovacs-peter</bdi>' in page


def test_each_kind_has_its_icon(browser: Any) -> None:
    chips = re.findall(r'<a class="chip[^>]*>(.*?) <b>', text_of(browser))

    icon = '<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>{}'
    assert chips == [
        "All",
        *starmap(
            icon.format, [("key", "Secrets and keys"), ("user", "Sign-in"), ("people", "Customers"), ("cog", "Hub")]
        ),
    ]


def test_an_empty_list_says_why(browser: Any) -> None:
    assert "Nothing was done in this period." in text_of(browser)
    assert 'href="/audit?period=7d">Clear filter</a>' in text_of(browser, "/audit?q=nobody&period=7d")


def test_older_pages_follow_by_a_link(browser: Any) -> None:
    for number in range(PAGE_ROWS + 1):
        record_audit("signed_in", by=OPERATOR, now=NOW - number * HOUR, detail=f"entry {number}")

    page = text_of(browser)
    older = page.rpartition('<a class="btn s" href="')[2].partition('"')[0].replace("&amp;", "&")
    last = text_of(browser, older)

    assert older.startswith("/audit?before=")
    assert f"{PAGE_ROWS} of {PAGE_ROWS + 1} shown" in page
    assert f"entry {PAGE_ROWS}<" in last
    assert f"1 of {PAGE_ROWS + 1} shown, an older page" in last


def test_the_file_is_streamed_as_an_attachment(browser: Any) -> None:
    record_audit("signed_in", by=OPERATOR, now=NOW, detail="=cmd()")

    response = browser.get("/audit.csv")

    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response["Content-Disposition"] == 'attachment; filename="audit-2026-11-23.csv"'
    assert response["Cache-Control"] == "no-store"
    assert b"".join(response.streaming_content) == (
        b"\xef\xbb\xbftime,who,action,what,customer,detail,from\r\n"
        b"2026-11-23T12:00:00.000Z,operator,signed_in,Signed in,,'=cmd(),192.0.2.7\r\n"
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_entries(browser: Any, django_assert_num_queries: Any, rows: int) -> None:
    for number in range(rows):
        record_audit("signed_in", by=OPERATOR, now=NOW, customer_id=f"c{number}")

    with django_assert_num_queries(6):
        browser.get("/audit")
