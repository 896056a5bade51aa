import pytest

from felhom_hub.events.catalogue import CATALOGUE, SEVERITIES
from felhom_hub.notify.advice_en import ADVICE_EN, GENERIC_EN
from felhom_hub.notify.policy import RECOVERS


def test_everything_that_the_operator_is_told_of_has_its_words() -> None:
    alarms = {name for name, entry in CATALOGUE.items() if entry.default_severity != "info"}

    fleet = {name for name, entry in CATALOGUE.items() if entry.category == "hub"}
    assert alarms | (set(RECOVERS) & set(CATALOGUE)) | fleet | {"test"} == set(ADVICE_EN)
    assert set(GENERIC_EN) == set(SEVERITIES)


@pytest.mark.parametrize("name", ADVICE_EN)
def test_an_alarm_says_what_to_do_first(name: str) -> None:
    advice = ADVICE_EN[name]

    assert advice.tag == advice.tag.upper()
    assert not advice.heading.endswith(".")
    assert name == "test" or len(advice.steps) > 0
    assert [step for step in advice.steps if not step.endswith(".")] == []
