from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings
from tests.build import NOW

from felhom_hub.configs.generate import generate
from felhom_hub.configs.models import CustomerConfig, FetchedTemplate
from felhom_hub.configs.template import built_in, current_template, note_fetched, template_facts
from felhom_hub.configs.template_change import try_waiting
from felhom_hub.configs.template_fetch import Fetched, Marks
from felhom_hub.configs.template_trial import tried_on
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db

URL = "https://git.example.org/controller.yaml.example"
LATER = built_in().replace("report_interval: 15m", "report_interval: 30m")
# A text that keeps its blank lines ends the document: no new key can be put behind it, and no other is missed.
BREAKS_FOR_NEW_KEYS = f"{LATER}motd: |+\n  hello\n\n\n"


@pytest.fixture(autouse=True)
def fetched_from_afar(settings: Settings) -> None:
    settings.HUB = replace(settings.HUB, registry=replace(settings.HUB.registry, template_url=URL))


def add(customer_id: str, overrides: str = "") -> Customer:
    details = Details("Nagy Anna", f"{customer_id}.example.hu", "a@example.hu")
    add_customer(customer_id, details, now=NOW, by=COMMAND_LINE)
    customer = Customer.objects.get(customer_id=customer_id)
    CustomerConfig.objects.create(customer=customer, overrides=overrides, changed_at=NOW)
    return customer


def fetch(text: str) -> None:
    note_fetched(Fetched(text, Marks('"1"')), URL, now=NOW)


def test_a_template_that_works_for_everybody_holds_by_itself() -> None:
    plain, own = add("plain"), add("own", "hub:\n  report_interval: 1h\n")
    before = generate(own)
    fetch(LATER)
    assert current_template() == built_in()

    assert try_waiting(now=NOW) == "adopted: 1 of 2 files changed"

    assert current_template() == LATER
    assert "report_interval: 30m" in generate(plain).yaml
    assert generate(own) == before
    facts = template_facts()
    assert (facts.is_built_in, facts.adopted_at, facts.is_waiting, facts.refusal) == (False, NOW, False, "")
    assert facts.trial is not None
    assert facts.trial.rows == (("plain", ("hub.report_interval",)),)
    assert try_waiting(now=NOW) == "none waits"


def test_one_customer_without_a_file_keeps_it_from_all() -> None:
    plain, special = add("plain"), add("special", "extra: 1\n")
    files = generate(plain), generate(special)
    fetch(BREAKS_FOR_NEW_KEYS)

    assert try_waiting(now=NOW) == "refused: 1 customer would have no file."

    assert (generate(plain), generate(special)) == files
    facts = template_facts()
    assert (facts.is_built_in, facts.refusal) == (True, "1 customer would have no file.")
    assert facts.trial is not None
    assert facts.trial.failures == (("special", "Its form is one that values cannot be put into."),)


def test_a_refused_one_is_tried_again_and_holds_once_it_can() -> None:
    add("plain")
    special = add("special", "extra: 1\n")
    fetch(BREAKS_FOR_NEW_KEYS)
    try_waiting(now=NOW)
    CustomerConfig.objects.filter(customer=special).update(overrides="")

    assert try_waiting(now=NOW) == "adopted: 2 of 2 files changed"
    assert template_facts().refusal == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "It is no mapping of keys to values."),
        ("customer: [\n", "Line 2 is not YAML"),
        ("customer: {id: a}\ncustomer: {id: b}\n", "Line 2: customer is there twice."),
        ("a: &x 1\nb: *x\n", "Line 1: anchors and aliases"),
        ("services: {app: {}}\n", "It has no section customer"),
        (f"{'a: ' * 30}\n", "not YAML"),
    ],
)
def test_what_is_no_template_reaches_nobody(text: str, sentence: str) -> None:
    customer = add("plain")
    before = generate(customer)
    fetch(text)

    assert sentence in try_waiting(now=NOW)
    assert sentence in template_facts().refusal
    assert generate(customer) == before


def test_the_last_good_one_stays_while_a_newer_one_is_refused_and_comes_back_unchanged() -> None:
    customer = add("plain")
    fetch(LATER)
    try_waiting(now=NOW)
    fetch("broken: [")
    try_waiting(now=NOW)
    assert "report_interval: 30m" in generate(customer).yaml

    assert note_fetched(Fetched(LATER, Marks()), URL, now=NOW) is False
    assert (template_facts().refusal, template_facts().is_waiting) == ("", False)


def test_a_template_that_was_taken_out_of_the_settings_holds_no_more(settings: Settings) -> None:
    fetch(LATER)
    try_waiting(now=NOW)
    settings.HUB = replace(settings.HUB, registry=replace(settings.HUB.registry, template_url=""))

    assert current_template() == built_in()
    assert template_facts().is_built_in
    assert try_waiting(now=NOW) == "none waits"


def test_a_newer_one_that_comes_during_the_trial_is_not_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    fetch(LATER)

    def and_then_comes_another(*args: Any, **named: Any) -> Any:
        fetch("broken: [")
        return tried_on(*args, **named)

    monkeypatch.setattr("felhom_hub.configs.template_change.tried_on", and_then_comes_another)

    assert try_waiting(now=NOW) == "another one came meanwhile"
    assert current_template() == built_in()
    assert FetchedTemplate.objects.get().candidate == "broken: ["


def test_who_has_no_file_anyway_keeps_nobody_from_a_better_template() -> None:
    add("plain")
    add("broken", "paths: [1")
    fetch(LATER)

    assert try_waiting(now=NOW) == "adopted: 1 of 2 files changed"
    trial = template_facts().trial
    assert trial is not None
    assert (trial.without, trial.failed) == (1, 0)
