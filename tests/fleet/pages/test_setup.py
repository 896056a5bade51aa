from typing import Any

from django.db import connection
from tests.build import make_customer, make_node


def test_the_open_step_is_marked_and_done_ones_are_ticked(browser: Any) -> None:
    page = browser.get("/setup").content.decode()

    assert "<h1>3 of 7 steps are done</h1>" in page  # it runs, has a password, and a shared key
    assert page.count('<span class="vh">done</span>') == 3
    assert page.count('aria-current="step"') == 1
    assert "<p>Next: Tell the hub its address.</p>" in page
    assert "public_url: https://hub.example.org" in page
    assert 'data-copy="step-lines"' in page


def test_facts_of_the_database_move_it_on(browser: Any) -> None:
    make_node(make_customer())

    assert "<h1>5 of 7 steps are done</h1>" in browser.get("/setup").content.decode()


def test_the_empty_overview_leads_to_it(browser: Any) -> None:
    assert 'href="/setup">How a server is set up</a>' in browser.get("/").content.decode()


def test_queries_do_not_grow_with_customers(browser: Any, django_assert_num_queries: Any) -> None:
    queries = {"sqlite": 8, "postgresql": 9}[connection.vendor]  # PostgreSQL is asked for its size
    for number in range(3):
        with django_assert_num_queries(queries):
            browser.get("/setup")
        make_node(make_customer(f"c{number}"))
