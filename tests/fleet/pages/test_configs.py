import re
from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, make_node, record

pytestmark = pytest.mark.django_db


def test_everybody_is_listed_by_name_the_blocked_last(browser: Any) -> None:
    make_customer("c1", name="Ágnes", blocked_at=NOW)
    make_customer("c2", name="Zoltán", is_managed=True)
    make_customer("c3", name="Éva")
    make_customer("c4", name="gone", deleted_at=NOW)
    record([incoming("c3")])

    page = browser.get("/configs").content.decode()

    assert page.index("Éva") < page.index("Zoltán") < page.index("Ágnes")
    assert "gone" not in page
    assert "<h1>3 customers</h1>" in page
    assert "1 managed, 1 manual, 1 blocked" in page
    assert 'action="/customers/c3/create-config"' in page
    assert 'href="/configs/c2/edit"' in page


def test_the_one_primary_button_makes_a_new_customer(browser: Any) -> None:
    for customer_id in ("c1", "c2"):
        make_customer(customer_id)

    page = browser.get("/configs").content.decode()

    assert page.count("Create config</button>") == 2
    assert re.findall(r'<(\w+) class="btn[^"]* pri"[^>]*href="([^"]*)"', page) == [("a", "/configs/new")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_there_are(
    browser: Any, count: int, django_assert_num_queries: Any
) -> None:
    record([incoming(f"c{number}") for number in range(count)])
    browser.get("/configs")

    with django_assert_num_queries(6):
        browser.get("/configs")


def test_the_list_says_who_does_not_run_the_hubs_configuration(browser: Any) -> None:
    columns: dict[str, dict[str, Any]] = {
        "differs": {"config_hash": "a", "expected_hash": "b"},
        "formatted": {"config_hash": "a", "expected_hash": "b", "same_hash": "a"},
        "same": {"config_hash": "a", "expected_hash": "a"},
        "silent": {"config_hash": None, "expected_hash": "a"},
    }
    for customer_id, hashes in columns.items():
        make_node(make_customer(customer_id, is_managed=True), **hashes)
    make_node(make_customer("manual"))
    make_customer("pending", is_managed=True)

    page = browser.get("/configs").content.decode()

    assert re.findall(r'<a href="(\S+)" class="txt b t-warn sync"', page) == ["/customers/differs/diff"]
    rows = re.findall(r'id="r-(\w+)".*?data-l="Config">(.*?)</td>', page, re.DOTALL)
    words = {customer_id: re.sub(r"<[^>]*>", "", cell).strip() for customer_id, cell in rows}
    assert words == {
        "differs": "differs",
        "formatted": "in sync (formatting differs)",
        "same": "in sync",
        "silent": "unknown",
        "manual": "none",
        "pending": "unknown",
    }
