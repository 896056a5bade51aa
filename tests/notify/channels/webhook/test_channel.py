import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from tests.notify.channels.messages import MESSAGE
from tests.servers.receiver import Receiver, running_receiver

from felhom_hub.base.webhook_signature import signature_of
from felhom_hub.notify.channels.contract import DeliveryError
from felhom_hub.notify.channels.webhook import channel as channel_module
from felhom_hub.notify.channels.webhook.channel import WebhookChannel

SECRET = "the-secret-of-the-tests"


@pytest.fixture
def receiver(notifications: Callable[..., None]) -> Iterator[Receiver]:
    with running_receiver() as running:
        notifications(webhook_url=running.url, webhook_secret=SECRET)
        yield running


def failure() -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        WebhookChannel().send(MESSAGE)
    return raised.value


def test_the_request_is_signed_and_carries_facts_and_text(receiver: Receiver) -> None:
    assert WebhookChannel().send(MESSAGE) == "answered 200"

    ((headers, body),) = receiver.requests
    timestamp = int(headers["webhook-timestamp"])
    assert abs(timestamp - time.time()) < 60
    assert headers["webhook-id"] == MESSAGE.key
    assert headers["webhook-signature"] == signature_of(
        SECRET.encode(), key=MESSAGE.key, timestamp=timestamp, body=body
    )
    assert json.loads(body) == {
        "id": MESSAGE.key,
        "event_type": "node_down",
        "subject": MESSAGE.subject,
        "text": MESSAGE.text,
    }


def test_the_same_message_has_the_same_id_and_body(receiver: Receiver) -> None:
    WebhookChannel().send(MESSAGE)
    WebhookChannel().send(MESSAGE)

    (first, body), (second, same) = receiver.requests
    assert (first["webhook-id"], body) == (second["webhook-id"], same)


def test_without_a_secret_nothing_goes_out(receiver: Receiver, notifications: Callable[..., None]) -> None:
    notifications(webhook_secret="")

    assert WebhookChannel().provider() == ""
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("status", "is_permanent"), [(400, True), (410, True), (404, False), (429, False), (500, False)]
)
def test_refusals_say_whether_another_try_can_help(receiver: Receiver, status: int, is_permanent: bool) -> None:
    receiver.status = status
    receiver.headers = {"Retry-After": "60"}

    error = failure()
    assert (error.is_permanent, error.is_provider, error.is_uncertain) == (is_permanent, not is_permanent, False)
    assert (error.answer, error.retry_after) == (f"{status} thank you", timedelta(minutes=1))


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url}

    assert failure().answer.startswith("307 ")
    assert len(receiver.requests) == 1


def test_a_receiver_that_hangs_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "TIMEOUT_SECONDS", 0.2)
    receiver.delay_seconds = 0.6

    error = failure()
    assert (error.is_provider, error.is_uncertain) == (True, True)
    assert error.answer == "127.0.0.1: ReadTimeoutError"


def test_an_answers_beginning_is_enough(receiver: Receiver) -> None:
    receiver.status, receiver.answer = 500, b"x" * 1_000_000

    assert len(failure().answer) <= 4 + 1024
