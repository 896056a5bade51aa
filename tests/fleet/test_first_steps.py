from dataclasses import replace
from typing import Any

import pytest
from tests.build import make_api_key, make_customer, make_node

from felhom_hub.fleet.first_steps import FirstSteps, first_steps
from felhom_hub.project.addresses import parse_network

pytestmark = pytest.mark.django_db

BARE: dict[str, dict[str, Any]] = {
    "server": {"public_url": "", "trusted_proxies": ()},
    "api": {"report_api_key": ""},
    "auth": {"password_hash": None},
}


def with_hub(settings: Any, **sections: dict[str, Any]) -> None:
    for section, members in sections.items():
        settings.HUB = replace(settings.HUB, **{section: replace(getattr(settings.HUB, section), **members)})


@pytest.fixture
def bare(settings: Any) -> Any:
    """A hub of which nothing is set."""
    with_hub(settings, **BARE)
    return settings


def steps() -> FirstSteps:
    return first_steps(database="SQLite 3.53.0")


def done() -> list[int]:
    return [number for number, step in enumerate(steps().steps, 1) if step.is_done]


@pytest.mark.usefixtures("bare")
def test_at_the_beginning_the_hub_runs_and_the_password_comes_next() -> None:
    page = steps()

    assert (done(), page.done, len(page.steps)) == ([1], 1, 7)
    assert page.current is not None
    assert page.current.title == "Set a password of your own"
    assert page.current.command == "felhom-hub hash-password"


@pytest.mark.parametrize(
    ("sections", "done_now"),
    [
        ({"auth": {"password_hash": "$2b$…"}}, [1, 2]),
        ({"auth": {"password_hash": ""}}, [1]),
        ({"server": {"public_url": "https://hub.example.hu"}}, [1, 3]),
        ({"server": {"public_url": "http://hub.example.hu"}}, [1, 3, 4]),
        ({"server": {"trusted_proxies": (parse_network("127.0.0.1"),)}}, [1, 4]),
        ({"api": {"report_api_key": "x" * 30}}, [1, 5]),
    ],
)
def test_a_step_is_done_by_its_setting(bare: Any, sections: dict[str, dict[str, Any]], done_now: list[int]) -> None:
    with_hub(bare, **sections)

    assert done() == done_now


@pytest.mark.usefixtures("bare")
def test_customers_keys_and_reports_do_the_other_steps() -> None:
    customer = make_customer()
    assert done() == [1, 6]
    make_api_key(customer)
    assert done() == [1, 5, 6]
    make_node(customer)
    assert done() == [1, 5, 6, 7]


def test_when_all_is_done_no_step_is_open(bare: Any) -> None:
    with_hub(bare, auth={"password_hash": "$2b$…"}, api={"report_api_key": "x" * 30})
    with_hub(bare, server={"public_url": "https://hub.example.hu", "trusted_proxies": (parse_network("127.0.0.1"),)})
    make_node(make_customer())

    assert (steps().done, steps().current) == (7, None)


def test_no_step_shows_a_secret(bare: Any) -> None:
    with_hub(bare, auth={"password_hash": "$2b$12$secret"}, api={"report_api_key": "secret-key"})

    assert "secret" not in repr(steps()).replace("secret-shared", "")
