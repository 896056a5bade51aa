import pytest
from django.test import Client
from tests.build import make_customer
from tests.fleet.html import checked, report, title

pytestmark = pytest.mark.django_db


def test_what_is_named_exactly_is_opened_at_once(browser: Client) -> None:
    report("kovacs-peter", customer_name="Kovács Péter")
    report("kovacs-anna", customer_name="Kovács Anna")

    answer = browser.get("/search?q=kovacs+peter")

    assert (answer.status_code, answer["Location"]) == (302, "/customers/kovacs-peter")


def test_several_are_listed_with_their_state(browser: Client) -> None:
    report("kovacs-peter", customer_name="Kovács Péter", minutes=134)
    make_customer("kovacs-anna", name="Kovács Anna", town="Győr")

    html = checked(browser, "/search?q=kovacs")

    assert title(html) == "Search: 2 hits for kovacs"
    assert "<h1>2 hits for “<bdi>kovacs</bdi>”</h1>" in html
    assert '<a href="/customers/kovacs-anna">Kovács Anna</a> <span class="id">kovacs-anna · Győr</span>' in html
    assert "DOWN" in html
    assert "PENDING" in html


def test_nothing_found_says_where_was_looked(browser: Client) -> None:
    html = checked(browser, "/search?q=%3Cscript%3E")

    assert "<h1>Nothing matches “<bdi>&lt;script&gt;</bdi>”</h1>" in html
    assert "No customer has such a name, id, town or domain." in html
    assert "No app has such a name." in html


def test_what_may_have_been_meant_is_offered(browser: Client) -> None:
    make_customer("szabo-peter", name="Szabó Péter")

    page = browser.get("/search?q=szabp-peter").text

    assert 'Did you mean <a href="/customers/szabo-peter"><bdi>Szabó Péter</bdi></a>?' in page
    assert "Did you mean" not in browser.get("/search?q=qqqq").text


def test_an_empty_question_says_what_may_be_asked(browser: Client) -> None:
    html = checked(browser, "/search")

    assert title(html) == "Search"
    assert "<h1>Search the hub</h1>" in html


@pytest.mark.parametrize("path", ["/", "/customers/kovacs-peter", "/customers/nobody", "/search?q=x", "/nowhere"])
def test_every_page_has_the_field(browser: Client, path: str) -> None:
    report()

    html = browser.get(path).content.decode()

    assert 'action="/search" method="get" role="search"' in html
