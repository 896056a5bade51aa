from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, make_customer
from tests.notify.messages import make_message

from felhom_hub.notify.wording import line_of, lines_by_day, what_words

pytestmark = pytest.mark.django_db

BUDAPEST = ZoneInfo("Europe/Budapest")
WAITS = {"result": "queued", "ended_at": None}


@pytest.mark.parametrize(
    ("columns", "words", "tone"),
    [
        ({}, "Sent in 0.6 s", ""),
        ({"attempts": 3}, "Sent after 3 tries", ""),
        ({"first_tried_at": None}, "Sent", ""),
        ({"result": "skipped", "reason": "the customer is blocked"}, "Skipped, the customer is blocked", ""),
        (
            {"result": "failed", "attempts": 3, "reason": "refused by the provider", "answer": "422 no\nsuch mailbox"},
            "Failed after 3 tries: refused by the provider, 422 no such mailbox",
            "down",
        ),
        ({"result": "failed", "reason": "undecided", "answer": ""}, "Failed: undecided", "down"),
        ({**WAITS, "attempts": 0, "answer": ""}, "Waiting for its turn", "info"),
        (
            {**WAITS, "attempts": 2, "answer": "429 slow down", "next_at": NOW + timedelta(minutes=2)},
            "Waiting, next try 13:02: 429 slow down",
            "info",
        ),
        ({**WAITS, "attempts": 1, "lease_until": NOW + timedelta(minutes=5)}, "Being sent", "info"),
        ({**WAITS, "attempts": 1, "answer": "", "next_at": NOW}, "Waiting, next try 13:00", "info"),
    ],
)  # fmt: skip
def test_the_result_says_what_became_of_it(columns: dict[str, Any], words: str, tone: str) -> None:
    line = line_of(make_message(**columns), now=NOW, zone=BUDAPEST)

    assert (line.result, line.tone) == (words, tone)


def test_a_line_names_the_customer_who_is_there() -> None:
    szabo = make_customer("szabo-peter", name="Szabó Péter")
    gone = make_customer("gone", name="", deleted_at=NOW)

    line = line_of(make_message(customer=szabo, event_type="disk_warning"), now=NOW, zone=BUDAPEST)
    assert (line.about, line.customer_id, line.what) == ("Szabó Péter", "szabo-peter", "Drive is filling up")
    assert (line.audience, line.channel, line.to) == ("Operator", "Mail", "o…@example.org")
    line = line_of(make_message(customer=gone), now=NOW, zone=BUDAPEST)
    assert (line.about, line.customer_id) == ("gone", "")


@pytest.mark.parametrize(
    ("event_type", "about", "what"),
    [
        ("hub_incident_began", "The hub", "Many nodes are silent"),
        ("hub_messages_held_up", "The fleet", "Several messages in one"),
        ("test", "The hub", "Test"),
        ("never_seen", "The fleet", "Never seen"),
    ],
)
def test_a_message_without_a_customer_is_about_the_hub_or_the_fleet(event_type: str, about: str, what: str) -> None:
    line = line_of(make_message(event_type=event_type, channel="pigeon"), now=NOW, zone=BUDAPEST)

    assert (line.about, line.what, line.channel) == (about, what, "pigeon")
    assert what_words(event_type) == what


def test_a_failed_message_can_be_repeated_once() -> None:
    failed = make_message(result="failed", reason="refused")
    assert line_of(failed, now=NOW, zone=BUDAPEST).can_be_repeated
    make_message(again_of=failed)
    failed.refresh_from_db()

    line = line_of(failed, now=NOW, zone=BUDAPEST)
    assert (line.can_be_repeated, line.result) == (False, "Failed, sent again: refused, accepted as re-1")
    assert not line_of(make_message(), now=NOW, zone=BUDAPEST).can_be_repeated


def test_messages_stand_below_their_local_day() -> None:
    messages = [make_message(minutes=minutes) for minutes in (0, 13 * 60 - 1, 13 * 60 + 1, 3 * 24 * 60)]

    days = lines_by_day(messages, now=NOW, zone=BUDAPEST)

    assert [(day, len(lines)) for day, lines in days] == [
        ("Today, Mon 23 Nov 2026", 2),
        ("Yesterday, Sun 22 Nov 2026", 1),
        ("Fri 20 Nov 2026", 1),
    ]
    assert lines_by_day([], now=NOW, zone=BUDAPEST) == []
