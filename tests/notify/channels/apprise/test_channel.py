import importlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.notify.channels.messages import MESSAGE
from tests.servers.receiver import Receiver, running_receiver

from felhom_hub.notify.channels.apprise import channel as channel_module
from felhom_hub.notify.channels.apprise.channel import AppriseChannel
from felhom_hub.notify.channels.contract import DeliveryError

TOPIC = "alarms-of-the-tests"


@pytest.fixture
def ntfy(notifications: Callable[..., None]) -> Iterator[Receiver]:
    """A server of one's own for ntfy."""
    with running_receiver() as running:
        running.answer = b"{}"
        notifications(apprise_url=f"{running.url.partition('/hook')[0].replace('http', 'ntfy', 1)}/{TOPIC}")
        yield running


def failure() -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        AppriseChannel().send(MESSAGE)
    return raised.value


def test_the_service_gets_subject_and_text(ntfy: Receiver) -> None:
    assert AppriseChannel().send(MESSAGE) == "accepted by ntfy"

    ((_, body),) = ntfy.requests
    document = json.loads(body)
    assert (document["topic"], document["title"]) == (TOPIC, MESSAGE.subject)
    assert document["message"].strip() == MESSAGE.text.strip()


@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_refusal_is_told_without_the_address(ntfy: Receiver, status: int) -> None:
    ntfy.status = status

    error = failure()
    assert (error.is_permanent, error.is_provider, error.is_uncertain) == (False, True, True)
    assert error.answer != ""
    assert TOPIC not in error.answer


def test_a_redirect_is_not_followed(ntfy: Receiver) -> None:
    ntfy.status, ntfy.headers = 307, {"Location": "/elsewhere"}

    failure()
    assert len(ntfy.requests) == 1


def test_a_service_that_hangs_is_given_up(ntfy: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "TIMEOUT_SECONDS", 0.2)
    ntfy.delay_seconds = 0.6

    assert failure().is_uncertain


def test_an_address_that_apprise_cannot_read_says_so(notifications: Callable[..., None]) -> None:
    notifications(apprise_url="tgram://nonsense")

    assert failure().answer == "Apprise cannot read notifications.apprise_url"


def test_without_the_extra_the_message_says_what_to_install(ntfy: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)

    assert failure().answer == "install Apprise for notifications.apprise_url (docs/operating.md)"
    assert ntfy.requests == []
