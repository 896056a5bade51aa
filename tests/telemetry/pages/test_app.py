import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.fleet.html import checked, title
from tests.telemetry.hours import a_day, app, store

from felhom_hub.telemetry.address import app_path
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db

NAMES = (
    "a b",
    "a/b",
    "a//b",
    "/",
    "..",
    "a/../b",
    "100 %",
    "%2e%2e",
    "?q=1#x",
    "🐙",
    "a\nb",
    "<b>\"'",
    "é" * 200,
    "a\\..\\b",
)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_its_page(browser: Client, name: str) -> None:
    store(make_customer("a"), NOW, app(name=name))
    assert "first figures within a minute" in checked(browser, app_path(name))
    summarise(NOW)

    assert ": too few samples" in checked(browser, app_path(name))
    assert app_path(name).replace("&", "&amp;") in checked(browser, "/apps")


def test_the_suggestion_is_written_out(browser: Client) -> None:
    a_day(make_customer("a", name="Anna"), app(900, catalog_memory_limit_mb=1024, display_name="Paperless-ngx"))
    summarise(NOW)

    html = checked(browser, "/apps/immich?period=7d")

    assert title(html) == "Paperless-ngx: limit too low"
    assert '<code id="mem-limit">mem_limit: 10' in html
    assert 'data-copy="mem-limit"' in html
    assert "× 1.2 = 1,0" in html
    assert "From 92 samples of 1 customer." in html
    assert "Anna" in html


@pytest.mark.parametrize(
    ("age", "words"),
    [(timedelta(), "Last data under 1 min ago"), (timedelta(hours=1, minutes=40), "Last data up to 2 h ago")],
)
def test_the_data_is_as_old_as_its_hour_at_most(browser: Client, age: timedelta, words: str) -> None:
    store(make_customer("a"), NOW - age, app())
    summarise(NOW)

    html = checked(browser, "/apps/immich")

    idline = re.sub(r"<[^>]*>", "", html[html.index('class="idline"') :].partition("</div>")[0])
    assert idline.strip().endswith(words)


def test_a_period_without_data_says_so(browser: Client) -> None:
    store(make_customer("a"), NOW - timedelta(days=3), app())
    summarise(NOW)

    assert "no data in 24 h" in title(checked(browser, "/apps/immich?period=24h"))


def test_unknown_names_are_not_found(browser: Client) -> None:
    assert "No app “nothing”" in checked(browser, "/apps/nothing", 404)
    checked(browser, "/apps/a%00b", 404)


@pytest.mark.parametrize("customers", [1, 3])
def test_any_number_of_boxes_costs_the_same(
    browser: Client, customers: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(customers):
        store(make_customer(f"c{number}"), NOW, app(top_issues=[{"message": f"m{number}"}]))
    summarise(NOW)

    with django_assert_num_queries(9):
        checked(browser, "/apps/immich")
