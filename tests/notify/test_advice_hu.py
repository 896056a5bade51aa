import re

import pytest

from felhom_hub.events.catalogue import CATALOGUE, SEVERITIES
from felhom_hub.notify.advice import Advice
from felhom_hub.notify.advice_hu import ADVICE_HU, GENERIC_HU

ACCENTS = re.compile(r"[áéíóöőúüűÁÉÍÓÖŐÚÜŰ]")
# The familiar form; a customer is addressed as Ön.
FAMILIAR = re.compile(r"\b(te|neked|szervered|fájljaid|nézd|töröld|válaszolj|adataid)\b", re.IGNORECASE)


def texts(advice: Advice) -> str:
    return " ".join((advice.heading, advice.meaning, *advice.steps))


def test_every_type_that_a_customer_can_be_told_of_has_its_words() -> None:
    assert set(ADVICE_HU) == {name for name, entry in CATALOGUE.items() if entry.category != "hub"}
    assert set(GENERIC_HU) == set(SEVERITIES)


@pytest.mark.parametrize("name", ADVICE_HU)
def test_words_have_their_accents_and_are_polite(name: str) -> None:
    words = texts(ADVICE_HU[name])

    assert len(ACCENTS.findall(words)) > 5
    assert FAMILIAR.findall(words) == []
    assert ADVICE_HU[name].tag == ADVICE_HU[name].tag.upper()


@pytest.mark.parametrize("name", ADVICE_HU)
def test_sentences_end_and_headings_do_not(name: str) -> None:
    advice = ADVICE_HU[name]

    assert not advice.heading.endswith(".")
    assert [step for step in (advice.meaning, *advice.steps) if not step.endswith(".")] == []
