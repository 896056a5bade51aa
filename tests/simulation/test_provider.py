from random import Random

import pytest

from felhom_hub.notify.channels.contract import DeliveryError, Message
from felhom_hub.simulation.provider import Killed, Provider
from felhom_hub.simulation.spans import DAY, Span


def message(key: str) -> Message:
    return Message(key, "a@example.net", subject="S", text="T", html="H", thread="")


def keys(provider: Provider) -> list[tuple[int, str]]:
    return [(each.at, each.key) for each in provider.accepted]


def test_a_key_that_it_knows_is_accepted_again_without_another_message() -> None:
    provider = Provider([], Random(1), is_faultless=True)
    for now, key in ((0, "a"), (10, "a"), (20, "b"), (DAY, "a")):
        provider.now = now
        assert provider.send(message(key)) == "200"

    # After a day it has forgotten, and the same message is another one.
    assert keys(provider) == [(0, "a"), (20, "b"), (DAY, "a")]
    assert provider.tries == 4


def test_while_it_is_away_it_accepts_nothing() -> None:
    provider = Provider([Span(10, 20)], Random(1), is_faultless=True)
    provider.now = 15
    with pytest.raises(DeliveryError) as refused:
        provider.send(message("a"))

    assert (refused.value.is_provider, refused.value.is_uncertain) == (True, False)
    provider.now = 20
    provider.send(message("a"))
    assert keys(provider) == [(20, "a")]


def test_now_and_then_the_answer_is_lost_or_the_worker_dies_and_the_message_is_accepted() -> None:
    provider = Provider([], Random(1))
    lost, killed = 0, 0
    for number in range(3000):
        try:
            provider.send(message(str(number)))
        except DeliveryError as error:
            lost += error.is_uncertain
        except Killed:
            killed += 1

    assert len(provider.accepted) == 3000
    assert 8 <= lost <= 25
    assert 4 <= killed <= 20
