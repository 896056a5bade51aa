from datetime import UTC, datetime
from typing import Any

import pytest

from felhom_hub.fleet.notifications import notices_of, notices_summary
from felhom_hub.notify.queries import RecordedDelivery

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def message(**members: Any) -> RecordedDelivery:
    plain: dict[str, Any] = {
        "event_id": 7,
        "event_type": "disk_warning",
        "audience": "customer",
        "channel": "e-mail",
        "recipient": "szabo.peter@example.hu",
        "result": "sent",
        "reason": "",
        "answer": "",
        "attempts": 1,
        "at": AT,
    }
    return RecordedDelivery(**(plain | members))


def test_a_sent_one_shows_no_whole_address() -> None:
    (notice,) = notices_of([message(answer="250 accepted")])

    assert (notice.audience, notice.to, notice.result) == ("Customer", "s…@example.hu", "Sent")
    assert (notice.tone, notice.is_sent, notice.event_pk) == ("", True, 7)


@pytest.mark.parametrize(
    ("members", "words", "tone"),
    [
        ({"result": "skipped", "reason": "cooldown until 16:06"}, ("Skipped", ("cooldown until 16:06",), ""), ""),
        ({"result": "failed", "reason": "answered 429"}, ("Failed", ("answered 429",), ""), "down"),
        (
            {"result": "failed", "reason": "no", "answer": "550", "attempts": 3},
            ("Failed", ("no", "550"), "3 tries"),
            "down",
        ),
        ({"result": "failed"}, ("Failed", (), ""), "down"),
        ({"result": "queued", "attempts": 2}, ("Queued", (), "2 tries"), ""),
    ],
)  # fmt: skip
def test_the_result_says_why(members: dict[str, Any], words: tuple[str, tuple[str, ...], str], tone: str) -> None:
    (notice,) = notices_of([message(**members)])

    assert (notice.result, notice.details, notice.tries) == words
    assert (notice.tone, notice.is_sent) == (tone, False)


def test_the_sentence_counts_results() -> None:
    messages = [message(), message(), message(result="skipped"), message(result="failed")]

    assert notices_summary(notices_of(messages)) == "4 messages: 2 sent, 1 not sent, 1 failed"
    assert notices_summary(notices_of([message()] * 50)) == "newest 50: 50 sent"
    assert notices_summary([]) == "none yet"
