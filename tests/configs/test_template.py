from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings
from tests.build import NOW

from felhom_hub.configs.documents import read_plain
from felhom_hub.configs.models import FetchedTemplate
from felhom_hub.configs.render import render
from felhom_hub.configs.template import (
    built_in,
    current_template,
    known_marks,
    note_failure,
    note_fetched,
    note_unchanged,
    template_facts,
)
from felhom_hub.configs.template_fetch import Fetched, Marks

URL = "https://git.example.org/controller.yaml.example"
LATER = NOW + timedelta(hours=1)


def test_the_template_that_a_hub_begins_with_has_every_key_of_the_contract() -> None:
    values = read_plain(built_in())

    assert {section: list(values[section])[:3] for section in ("customer", "infrastructure", "web")} == {
        "customer": ["id", "name", "domain"],
        "infrastructure": ["cf_tunnel_token", "cf_api_token"],
        "web": ["session_secret"],
    }
    assert list(values["monitoring"]["ping_uuids"]) == ["heartbeat", "system_health", "db_dump", "backup", "integrity"]
    assert {"hub", "assets", "logging", "paths"} <= set(values)
    assert current_template() == built_in()


def test_nothing_in_it_has_to_be_settled() -> None:
    assert render(built_in(), {}) == built_in()


def test_nothing_is_asked_of_the_database_where_none_is_fetched() -> None:
    assert current_template() == built_in()
    assert template_facts().is_built_in


@pytest.mark.django_db
def test_the_marks_are_those_of_the_address_that_is_asked() -> None:
    assert known_marks(URL) == Marks()
    note_fetched(Fetched("a: 1\n", Marks('"1"', "today")), URL, now=NOW)

    assert known_marks(URL) == Marks('"1"', "today")
    assert known_marks(f"{URL}.other") == Marks()


@pytest.mark.django_db
def test_a_failure_says_when_it_last_worked_and_is_over_with_the_next_answer(settings: Settings) -> None:
    settings.HUB = replace(settings.HUB, registry=replace(settings.HUB.registry, template_url=URL))
    note_failure("Not there.", now=NOW)
    assert (template_facts().failure, template_facts().worked_at) == ("Not there.", None)

    note_fetched(Fetched("a: 1\n", Marks()), URL, now=NOW)
    note_failure("x" * 600, now=LATER)
    facts = template_facts()
    assert (len(facts.failure), facts.worked_at, facts.asked_at, facts.is_waiting) == (500, NOW, LATER, True)

    assert note_unchanged(now=LATER)
    assert (template_facts().failure, template_facts().worked_at) == ("", LATER)


@pytest.mark.django_db
def test_the_same_text_again_is_nothing_new() -> None:
    note_fetched(Fetched("a: 1\n", Marks()), URL, now=NOW)
    FetchedTemplate.objects.update(refusal="No.")

    assert note_fetched(Fetched("a: 1\n", Marks('"2"')), URL, now=LATER)
    assert FetchedTemplate.objects.get().refusal == "No."
    assert note_fetched(Fetched("a: 2\n", Marks('"3"')), URL, now=LATER)
    assert FetchedTemplate.objects.get().refusal == ""
