import re
from typing import Any

import pytest
from tests.build import make_customer
from tests.notify.conftest import SetUp
from tests.notify.messages import make_suppression, make_wishes

from felhom_hub.notify.models import Suppression

ATTENTION = re.compile(r"<h2>Notifications<span class=\"t-warn\">")
HELD = "Not mailed any more: mail to the address came back"


def post(browser: Any, **fields: str) -> Any:
    return browser.post("/notifications/mail-again", {"_csrf": browser.csrf, **fields})


def page(browser: Any, path: str) -> str:
    return str(browser.get(path).content.decode())


def test_a_customers_page_says_that_its_address_is_not_mailed_until_it_is_released(browser: Any) -> None:
    make_wishes(make_customer("kovacs-peter"), email="Anna@example.hu")
    make_suppression("anna@example.hu")
    assert HELD in page(browser, "/customers/kovacs-peter")
    assert "<bdi>no such user</bdi>" in page(browser, "/customers/kovacs-peter")
    assert ATTENTION.search(page(browser, "/customers/kovacs-peter"))

    answer = post(browser, address="Anna@example.hu", next="/customers/kovacs-peter")

    assert (answer.status_code, answer["Location"]) == (303, "/customers/kovacs-peter")
    assert HELD not in page(browser, "/customers/kovacs-peter")
    assert not ATTENTION.search(page(browser, "/customers/kovacs-peter"))
    assert not Suppression.objects.exists()


def test_the_operators_own_address_is_named_beside_the_channel(browser: Any, notifications: SetUp) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")
    assert HELD not in page(browser, "/notifications")
    make_suppression("operator@example.org", cause="complained")

    found = page(browser, "/notifications")

    assert "Not mailed any more: the owner of the address called our mail spam" in found
    assert 'class="t-down"' in found


@pytest.mark.parametrize("address", ["", "nobody@example.hu", "\x00", "a" * 10_000])
def test_an_address_that_is_not_held_is_a_plain_404(browser: Any, address: str) -> None:
    answer = post(browser, address=address)

    assert answer.status_code == 404
    assert "Mail to this address is not held back" in answer.content.decode()


def test_the_way_back_stays_within_the_hub(browser: Any) -> None:
    make_suppression("anna@example.hu")

    assert post(browser, address="anna@example.hu", next="//evil.example")["Location"] == "/notifications"
