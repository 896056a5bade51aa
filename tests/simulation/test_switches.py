from dataclasses import fields

import pytest

from felhom_hub.simulation.switches import RULES, Switches, without_rule


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_switched_off_by_one_thing_alone(name: str) -> None:
    usual, changed = Switches(), without_rule(name)

    assert sum(getattr(usual, each.name) != getattr(changed, each.name) for each in fields(Switches)) == 1


def test_every_switch_has_a_rule() -> None:
    changed = {
        each.name
        for name in RULES
        for each in fields(Switches)
        if getattr(without_rule(name), each.name) != getattr(Switches(), each.name)
    }

    assert changed == {each.name for each in fields(Switches)}


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        without_rule("everything")
