import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.fleet.html import checked, title
from tests.telemetry.hours import a_day, app, store

from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


def test_the_first_run_says_what_brings_data(browser: Client) -> None:
    html = checked(browser, "/apps")

    assert title(html) == "Apps: no data"
    assert "Controllers send app data from v0.28 on" in html


def test_apps_that_need_a_change_are_counted(browser: Client) -> None:
    a_day(make_customer("a"), app(900, catalog_memory_limit_mb=1000), app(10, "gitea", log_warnings_24h=0))
    summarise(NOW)

    html = checked(browser, "/apps")

    assert title(html) == "Apps: 1 needs a change"
    assert "<h1>1 of 2 apps needs a better memory setting</h1>" in html
    assert "Measured on 1 server, 2 installations, last 7 d." in html
    assert "P95 is 9" in html
    assert "No app matches" in checked(browser, "/apps?q=nothing")


@pytest.mark.parametrize("apps", [1, 3])
def test_any_number_of_apps_costs_the_same(
    browser: Client, apps: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store(make_customer("a"), NOW, *(app(100, f"app {number}") for number in range(apps)))
    summarise(NOW)

    with django_assert_num_queries(4):
        checked(browser, "/apps")
