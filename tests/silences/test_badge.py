import re
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer
from tests.silences.silences import KATA, made

from felhom_hub.base.badges import Badge
from felhom_hub.silences.badge import asked_silences_badge, silences_badge
from felhom_hub.silences.record import end_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def tabs(browser: Any, path: str) -> list[str]:
    found = re.findall(r'<nav class="tabs".*?</nav>', browser.get(path).text, re.DOTALL)
    return re.findall(r"<a [^>]*>(.*?)</a>", found[0]) if found else []


def test_no_active_silence_has_no_badge() -> None:
    made(schedule=Schedule(NOW + HOUR, NOW + 2 * HOUR))

    assert asked_silences_badge(NOW) is None


def test_active_silences_are_counted_with_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    anna = make_customer("anna")
    for number in range(3):
        made({anna.pk: "anna"}, why=f"Move {number}")
    made(schedule=Schedule(NOW - 24 * HOUR, None, frozenset((6,)), 120, 240))  # NOW is no Sunday
    end_silence(made(), now=NOW, by=KATA)

    with django_assert_num_queries(1):
        assert asked_silences_badge(NOW) == Badge("/silences", 3, "active")
    assert asked_silences_badge(NOW + 2 * HOUR) is silences_badge(0) is None


@pytest.mark.parametrize("path", ["/events", "/notifications", "/silences"])
def test_the_tab_says_how_many_are_active_on_every_page_beside_it(browser: Any, path: str) -> None:
    assert tabs(browser, path) == ["Events", "Notifications", "Silences", "Mail texts"]
    made(schedule=Schedule(NOW, None))
    made()

    assert tabs(browser, path) == ["Events", "Notifications", "Silences <b>2 active</b>", "Mail texts"]


def test_other_pages_do_not_ask(browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.silences.badge.count_active", lambda *_: 1 / 0)

    assert tabs(browser, "/audit") == ["Hub", "Audit", "API", "First steps"]
    assert browser.get("/").status_code == 200
