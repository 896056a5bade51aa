from types import SimpleNamespace
from typing import Any, cast

from felhom_hub.configs.pages.acting import actor_of


def test_the_operator_acts_from_its_address() -> None:
    request = SimpleNamespace(operator=SimpleNamespace(name="operator"), client=SimpleNamespace(address="203.0.113.7"))

    actor = actor_of(cast("Any", request))

    assert (actor.name, actor.address) == ("operator", "203.0.113.7")
