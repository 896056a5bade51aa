import re
from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template
from tests.fleet.summaries import NOW, node, summary

from felhom_hub.fleet.columns import CHOOSABLE
from felhom_hub.fleet.rows import Row, row_of
from felhom_hub.notify.taken import Taken

HOUR = timedelta(hours=1)


def written(row: Row, width: int = 11) -> str:
    markup = "{% load fleet_rows %}{% server_rows rows columns width %}"
    return Template(markup).render(Context({"now": NOW, "rows": [row], "columns": CHOOSABLE, "width": width}))


def words(markup: str) -> str:
    return " ".join(re.sub(r"<title>.*?</title>|<[^>]*>", " ", re.sub(r"</?bdi[^>]*>", "", markup)).split())


def test_a_healthy_server_is_one_line() -> None:
    markup = written(row_of(summary(node()), now=NOW))

    assert markup.startswith('<tbody id="c-kovacs-peter" role="rowgroup" data-row><tr role="row" data-st="ok">')
    assert words(markup).startswith("OK Kovács Péter kovacs-peter · Vác 4 min ago")
    assert markup.count("<tr") == markup.count("</tr>") == 1


@pytest.mark.parametrize(
    ("facts", "why", "link"),
    [
        (
            {"health": "warn", "health_since_at": NOW - 5 * HOUR, "health_messages": ("hdd1 is 91 % full",)},
            "Health warning: hdd1 is 91 % full, for 5 h See storage",
            "/customers/kovacs-peter#storage",
        ),
        (
            {"health": "warn", "health_messages": ("odd",)},
            "Health warning: odd, for 30 d See details",
            "/customers/kovacs-peter",
        ),
        (
            {"age": timedelta(minutes=38)},
            "Report is 38 min old. Becomes DOWN in 22 min Last known state",
            "/customers/kovacs-peter#system",
        ),
    ],
)
def test_who_needs_attention_has_the_reason_on_a_second_line(facts: dict[str, Any], why: str, link: str) -> None:
    markup = written(row_of(summary(node(**facts)), now=NOW), width=5)

    reason = re.findall(r'<td role="cell" class="why" colspan="4">(.*?)</td>', markup)
    assert words(reason[0]) == why
    assert f'href="{link}"' in reason[0]
    assert 'class="c-st" rowspan="2"' in markup


def test_who_waits_says_so_across_the_columns() -> None:
    markup = written(row_of(summary(created_at=NOW - 3 * HOUR), now=NOW))

    assert 'class="c-hb c-full" colspan="9"' in markup
    assert "Config created 3 h ago. Waiting for the first report. See what to do" in words(markup)


def test_nothing_that_others_have_written_is_markup() -> None:
    hostile = "<script>\"'&"
    facts = node(health="fail", health_messages=(hostile,))

    markup = written(row_of(summary(facts, name=hostile, town=hostile), now=NOW))

    assert "<script" not in markup
    assert markup.count("&lt;script&gt;&quot;&#x27;&amp;") == 3


@pytest.mark.parametrize(
    ("event_type", "note", "said"),
    [
        ("node_down", "he is on holiday", "acknowledged by kata 2 h ago : “he is on holiday”"),
        ("node_down", "", "acknowledged by kata 2 h ago"),
        ("backup_failed", "", "Backup failed: acknowledged by kata 2 h ago"),
    ],
)
def test_who_has_taken_it_stands_behind_the_reason(event_type: str, note: str, said: str) -> None:
    taken = Taken(event_type, "", "kata", note, NOW - 2 * HOUR)

    markup = written(row_of(summary(node(age=2 * HOUR)), now=NOW, taken=[taken]))

    assert words(markup).endswith(f"Last known state {said}")


def test_names_and_notes_of_who_has_taken_it_are_no_markup() -> None:
    taken = Taken("node_down", "", "<script>", "\"<b>'&", NOW)

    markup = written(row_of(summary(node(age=2 * HOUR)), now=NOW, taken=[taken]))

    assert "<script" not in markup
    assert "“<bdi>&quot;&lt;b&gt;&#x27;&amp;</bdi>”" in markup
