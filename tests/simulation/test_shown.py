import json
from dataclasses import replace

import pytest
from tests.simulation.forms import MAIL, result, score

from felhom_hub.simulation.run import Result
from felhom_hub.simulation.shown import as_document, faults_of, lines, minutes


def test_people_read_a_table_and_what_became_of_the_messages() -> None:
    assert list(lines(result())) == [
        "Seed 5, 1,000 nodes, 8 outages that had to be told.",
        "",
        "                 alarms  missed  false  just over  doubled  delay median  delay p99",
        "felhom-hub           12       0      2          3        0      20.0 min   31.0 min",
        "plain threshold   5,000       0  4,000          0        0             –          –",
        "grace time        6,000       0  4,500          0        0             –          –",
        "",
        "1,234 messages accepted, 0 lost, 0 doubled; 30 told in 2 summaries; 7 reminders.",
        "4 nodes were silent still when their incident was over, 0 of them untold.",
    ]


def test_scripts_read_an_object() -> None:
    document = json.loads(json.dumps(as_document(result())))

    assert document["rules"]["hub"] == {
        "alarms": 12,
        "kinds": {},
        "missed": 0,
        "false": 2,
        "just_over": 3,
        "doubled": 0,
        "delay_median_ms": 1_200_000,
        "delay_p99_ms": 1_860_000,
    }
    assert (document["rules"]["plain"]["false"], document["rules"]["grace"]["false"]) == (4000, 4500)
    assert document["mail"] == {
        "accepted": 1234,
        "lost": 0,
        "doubled": 0,
        "gathered": 30,
        "summaries": 2,
        "reminders": 7,
        "deaf_time_told": 9,
    }
    assert (document["seed"], document["nodes"], document["outages"]) == (5, 1000, 8)
    assert (document["left_by_incidents"], document["left_untold"]) == (4, 0)
    assert document["events"] == {"node_down": 4, "node_stale": 8}


@pytest.mark.parametrize(("milliseconds", "words"), [(None, "–"), (0, "0.0 min"), (1_425_000, "23.8 min")])
def test_a_delay_is_told_in_minutes(milliseconds: int | None, words: str) -> None:
    assert minutes(milliseconds) == words


@pytest.mark.parametrize(
    ("found", "faults"),
    [
        (result(), []),  # false alarms are counted, and no fault
        (result(score(missed=1)), ["1 outages missed"]),
        (result(score(doubled=2)), ["2 alarms doubled"]),
        (result(mail=replace(MAIL, lost=3, doubled=4)), ["3 messages lost", "4 messages doubled"]),
        (result(untold=1), ["1 nodes left untold by an incident"]),
    ],
)
def test_what_must_never_be_is_said(found: Result, faults: list[str]) -> None:
    assert faults_of(found) == faults
