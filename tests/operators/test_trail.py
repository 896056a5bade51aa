import csv
import io
from datetime import timedelta

import pytest
from tests.build import NOW
from tests.flows.hostile import PAYLOADS

from felhom_hub.operators.actions import ActionKind
from felhom_hub.operators.audit import COMMAND_LINE, Actor, record_audit
from felhom_hub.operators.trail import (
    CSV_HEADER,
    CSV_MARK,
    PAGE_ROWS,
    View,
    counts_by_kind,
    csv_lines,
    entries_page,
    newest_of,
    newest_of_all,
    view_of,
)

pytestmark = pytest.mark.django_db

OPERATOR = Actor("operator", "192.0.2.7")
HOUR = timedelta(hours=1)


def some_entries() -> None:
    record_audit("customer_added", by=COMMAND_LINE, now=NOW - 300 * 24 * HOUR, customer_id="kovacs-peter")
    record_audit("customer_blocked", by=OPERATOR, now=NOW - 30 * 24 * HOUR, customer_id="kovacs-peter", detail="moved")
    record_audit("secrets_revealed", by=OPERATOR, now=NOW - 30 * HOUR, customer_id="nagy-anna")
    record_audit("signed_in", by=Actor("operator", "198.51.100.9"), now=NOW - HOUR, detail="Firefox, Linux")


def listed(**written: str) -> list[str]:
    entries, _ = entries_page(view_of(written), now=NOW)
    return [entry.action for entry in entries]


def rows_of(view: View) -> list[list[str]]:
    text = "".join(csv_lines(view, now=NOW))
    return list(csv.reader(io.StringIO(text.removeprefix(CSV_MARK), newline="")))


@pytest.mark.parametrize(
    ("written", "actions"),
    [
        ({}, ["signed_in", "secrets_revealed", "customer_blocked"]),
        ({"period": "all"}, ["signed_in", "secrets_revealed", "customer_blocked", "customer_added"]),
        ({"period": "24h"}, ["signed_in"]),
        ({"period": "7d"}, ["signed_in", "secrets_revealed"]),
        ({"period": "a year"}, ["signed_in", "secrets_revealed", "customer_blocked"]),
        ({"kind": "secret"}, ["secrets_revealed"]),
        ({"kind": "hub"}, []),
        ({"kind": "no such"}, ["signed_in", "secrets_revealed", "customer_blocked"]),
        ({"customer": "kovacs-peter", "period": "all"}, ["customer_blocked", "customer_added"]),
        ({"person": "command line", "period": "all"}, ["customer_added"]),
        ({"action": "signed_in"}, ["signed_in"]),
        ({"q": "ANNA"}, ["secrets_revealed"]),
        ({"q": "198.51"}, ["signed_in"]),
        ({"q": "firefox"}, ["signed_in"]),
        ({"q": "customer blo"}, ["customer_blocked"]),
        ({"q": "100%_"}, []),
        ({"q": "\0 moved \0"}, ["customer_blocked"]),
    ],
)
def test_the_address_narrows_the_list(written: dict[str, str], actions: list[str]) -> None:
    some_entries()

    assert listed(**written) == actions


def test_a_customers_newest_entries_of_some_actions_are_found() -> None:
    some_entries()

    found = newest_of("kovacs-peter", ("customer_added", "customer_blocked", "signed_in"), limit=2)

    assert [entry.action for entry in found] == ["customer_blocked", "customer_added"]
    assert [entry.action for entry in newest_of("kovacs-peter", ("customer_added",), limit=2)] == ["customer_added"]


def test_pages_follow_each_other_without_a_gap_or_a_repetition() -> None:
    for number in range(2 * PAGE_ROWS + 1):
        # Several of the same moment, as a page's end may fall between them.
        record_audit("signed_in", by=OPERATOR, now=NOW - number // 7 * HOUR, detail=str(number))
    seen: list[str] = []
    query: dict[str, str] | None = {}
    while query is not None:
        entries, following = entries_page(view_of(query), now=NOW)
        seen += [entry.detail for entry in entries]
        before = View().older_query(following).removeprefix("before=") if following else ""
        query = {"before": before} if following else None

    assert len(seen) == len(set(seen)) == 2 * PAGE_ROWS + 1


@pytest.mark.parametrize("before", ["x", "1", ".", "1.x", "-1.2", "٣.٣", "9" * 400 + ".1"])
def test_an_impossible_beginning_is_no_error(before: str) -> None:
    some_entries()

    assert len(listed(before=before)) in (0, 3)


def test_chips_count_what_else_holds() -> None:
    some_entries()

    counts = counts_by_kind(view_of({"kind": "secret", "person": "operator"}), now=NOW)

    assert counts == {
        None: 3,
        ActionKind.SECRET: 1,
        ActionKind.SIGN_IN: 1,
        ActionKind.CHANGE: 1,
        ActionKind.HUB: 0,
    }


def test_a_view_is_written_back_into_its_address() -> None:
    view = view_of(
        {"q": "a b", "kind": "secret", "customer": "c", "person": "p", "action": "signed_in", "period": "7d"}
    )

    assert view.query() == "q=a+b&kind=secret&customer=c&person=p&action=signed_in&period=7d"
    assert view.query(kind=None, text="", action="", person="") == "customer=c&period=7d"
    assert View().query() == ""
    assert view.is_narrowed
    assert not View(period="7d").is_narrowed


def test_the_file_has_every_row_of_the_view_and_says_that_it_is_utf_8() -> None:
    some_entries()

    assert next(csv_lines(View(), now=NOW)) == CSV_MARK + ",".join(CSV_HEADER) + "\r\n"
    assert rows_of(View(period="7d")) == [
        list(CSV_HEADER),
        ["2026-11-23T11:00:00.000Z", "operator", "signed_in", "Signed in", "", "Firefox, Linux", "198.51.100.9"],
        ["2026-11-22T06:00:00.000Z", "operator", "secrets_revealed", "Secrets revealed", "nagy-anna", "", "192.0.2.7"],
    ]


def test_the_file_is_read_in_chunks_without_losing_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.operators.trail._CHUNK_ROWS", 2)
    for number in range(5):
        record_audit("signed_in", by=OPERATOR, now=NOW, detail=str(number))

    assert [row[5] for row in rows_of(View())[1:]] == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize("text", [payload.replace("\x00", "").replace("\ud800", "") for payload in PAYLOADS])
def test_every_hostile_text_is_one_cell_of_the_file_and_no_formula(text: str) -> None:
    record_audit(text[:64], by=Actor(text[:100], text[:45]), now=NOW, customer_id=text[:128], detail=text)

    rows = rows_of(View())

    assert len(rows) == 2
    cells = [rows[1][column] for column in (1, 2, 4, 5, 6)]
    assert [cell.removeprefix("'") for cell in cells] == [
        written.removeprefix("'") for written in (text[:100], text[:64], text[:128], text, text[:45])
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[1])


def test_no_cell_of_the_file_can_be_a_formula_and_quotes_are_doubled() -> None:
    hostile = '=HYPERLINK("http://evil","x")\n+1'
    record_audit("signed_in", by=Actor("@evil", "-1"), now=NOW, customer_id="+c", detail=hostile)

    text = "".join(csv_lines(View(), now=NOW))

    assert text.endswith(f"""'@evil,signed_in,Signed in,'+c,"'{hostile.replace('"', '""')}",'-1\r\n""")
    assert rows_of(View())[1][5] == f"'{hostile}"


def test_the_newest_of_everybody_are_found_by_their_actions() -> None:
    some_entries()

    found = newest_of_all(("customer_added", "customer_blocked"), since=NOW - 365 * 24 * HOUR, limit=9)

    assert [entry.action for entry in found] == ["customer_blocked", "customer_added"]
    assert newest_of_all(("customer_added",), since=NOW - 40 * 24 * HOUR, limit=9) == []
