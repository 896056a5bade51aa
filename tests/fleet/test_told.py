from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW

from felhom_hub.fleet.told import NOBODY, Told, channel_word, told_of
from felhom_hub.notify.ledger import Kept
from felhom_hub.notify.policy import NOT_AN_ALARM

ZONE = ZoneInfo("Europe/Budapest")
SENT = Kept(
    pk=1, event_pk=7, event_type="disk_warning", audience="operator", channel="email", recipient="o@example.org",
    result="sent", reason="", answer="", attempts=1, inputs={"severity": "warning"}, again_of=None, at=NOW,
    next_at=None, ended_at=NOW, is_of_fleet=False,
)  # fmt: skip
FAILED = replace(SENT, result="failed", answer="429", attempts=3)


def customer(**columns: Any) -> Kept:
    return replace(SENT, **{"pk": 9, "audience": "customer", **columns})


def skipped(cause: str, reason: str = "", **columns: Any) -> Kept:
    return replace(SENT, **{"result": "skipped", "reason": reason, "inputs": {"cause": cause}, **columns})


@pytest.mark.parametrize(
    ("decisions", "told"),
    [
        ([], NOBODY),
        ([SENT], Told("Sent to operator", "", False)),
        ([SENT, customer()], Told("Sent to operator", "Customer: sent", False)),
        ([SENT, customer(attempts=2)], Told("Sent to operator", "Customer: sent after 2 tries", False)),
        ([FAILED], Told("Operator: failed after 3 tries: 429", "", True)),
        ([replace(SENT, result="queued", attempts=0)], Told("On its way to operator", "", False)),
        ([customer(result="queued")], Told("Nobody was told", "Customer: on its way", False)),
        ([customer(result="failed", answer="550")], Told("Nobody was told", "Customer: failed 550", False)),
        (
            [
                skipped("not enabled", NOT_AN_ALARM),
                skipped("not enabled", "the customer has not enabled this event", audience="customer"),
            ],
            Told("Info is not sent", "Customer: not on its list of events", False),
        ),
        ([skipped("incident")], Told("Operator: held, one cause", "", False)),
    ],
)
def test_two_lines_say_who_was_told(decisions: list[Kept], told: Told) -> None:
    assert told_of(decisions, zone=ZONE) == told


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ([FAILED, replace(SENT, pk=2, channel="webhook")], "Sent to operator"),
        ([skipped("no address"), replace(FAILED, pk=2)], "Operator: failed after 3 tries: 429"),
        ([FAILED, replace(SENT, pk=2, result="queued", again_of=1)], "On its way to operator"),
        ([FAILED, replace(FAILED, pk=2, again_of=1, answer="550")], "Operator: failed after 3 tries: 550"),
    ],
)
def test_of_several_ways_the_best_counts_and_of_repetitions_the_last(others: list[Kept], words: str) -> None:
    assert told_of(others, zone=ZONE).operator == words


def test_a_long_answer_is_cut_and_stays_on_its_line() -> None:
    words = told_of([replace(FAILED, answer="no\r\n" * 200)], zone=ZONE).operator

    assert len(words) in (119, 120)
    assert words.startswith("Operator: failed after 3 tries: no no no")
    assert words.endswith("…")


@pytest.mark.parametrize(("channel", "word"), [("email", "mail"), ("apprise", "chat"), ("pigeon", "pigeon")])
def test_channels_have_everyday_names(channel: str, word: str) -> None:
    assert channel_word(channel) == word
