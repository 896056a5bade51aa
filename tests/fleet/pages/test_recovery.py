from typing import Any

import pytest
from tests.build import incoming, make_customer, record
from tests.fleet.html import checked, title
from tests.recovery.checked import make_check

from felhom_hub.recovery.models import RecoveryCheck

pytestmark = pytest.mark.django_db


def test_a_fleet_without_checks_says_when_there_will_be_some(browser: Any) -> None:
    html = checked(browser, "/recovery")

    assert "<h1>No server was checked yet</h1>" in html


def test_who_cannot_be_rebuilt_stands_first_with_the_reason(browser: Any) -> None:
    make_check(make_customer("c1", name="Ágnes"))
    make_check(make_customer("c2", name="Zita", town="Győr"), "nuuug", "It was <never> sent")

    html = checked(browser, "/recovery")

    assert title(html).startswith("Recovery: 1 of 2 cannot be rebuilt")
    assert html.index("Zita") < html.index("Ágnes")
    assert "It was &lt;never&gt; sent" in html
    assert "Snapshot opens: no" in html
    assert "Retrieval works: with a gap" in html
    assert "No server was drilled yet" in html
    assert "No server matches “<bdi>nobody</bdi>”" in checked(browser, "/recovery?q=nobody")


def test_all_is_well_is_said_plainly(browser: Any) -> None:
    make_check(make_customer("c1"))

    assert '<h1 class="calm"><b>The server</b> can be rebuilt</h1>' in checked(browser, "/recovery")
    make_check(make_customer("c2"))
    assert '<h1 class="calm"><b>All 2 servers</b> can be rebuilt</h1>' in checked(browser, "/recovery")
    make_check(make_customer("c3"), "yyygy")
    assert "<b>All 3 servers</b> can be rebuilt, 1 with a gap</h1>" in checked(browser, "/recovery")


def test_a_button_checks_at_once(browser: Any) -> None:
    record([incoming("c1")])

    answer = browser.post("/customers/c1/check-recovery", {"_csrf": browser.csrf})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/customers/c1#recovery")
    assert RecoveryCheck.objects.get().version == 0
    assert browser.post("/customers/nobody/check-recovery", {"_csrf": browser.csrf}).status_code == 404
