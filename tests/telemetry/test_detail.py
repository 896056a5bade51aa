from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import a_day, app, store

from felhom_hub.telemetry import detail
from felhom_hub.telemetry.address import AppView
from felhom_hub.telemetry.detail import AppPage, app_page
from felhom_hub.telemetry.fresh import Fresh
from felhom_hub.telemetry.limits import Suggestion, Verdict
from felhom_hub.telemetry.periods import DAY
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


def shown(**view: Any) -> AppPage:
    page = app_page(AppView("immich", **view), now=NOW)
    assert isinstance(page, AppPage)
    return page


def test_the_whole_page_of_an_app() -> None:
    a_day(make_customer("a", name="Anna"), app(900, catalog_memory_limit_mb=1000, memory_peak_mb=990, log_errors_24h=1))
    store(make_customer("b"), NOW, app(100, catalog_memory_limit_mb=1000))
    summarise(NOW)

    page = shown()

    assert page.look is not None
    assert (page.look.verdict, page.near_limit, page.with_issues) == (Verdict.LIMIT_TOO_LOW, 1, 1)
    assert page.suggestion is not None
    assert isinstance(page.suggestion, Suggestion)
    assert page.suggestion.limit_mb in {1088, 1120}  # 900 × 1.2 = 1,080, and the sketch is right to 1 %
    assert [(box.name, box.tone, box.peak_tone) for box in page.boxes] == [("Anna", "down", "down"), ("b", "", "")]
    assert page.peak_tone == "down"
    assert [box.name for box in shown(sort="customer").boxes] == ["b", "Anna"]
    assert page.trend is not None


def test_few_samples_have_no_suggestion() -> None:
    store(make_customer("a"), NOW, app(900, catalog_memory_limit_mb=1000))
    summarise(NOW)

    page = shown(period=DAY)

    assert page.look is not None
    assert (page.look.verdict, page.suggestion) == (Verdict.UNKNOWN, None)


def test_boxes_are_cut_until_all_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detail, "BOXES_SHOWN", 1)
    for customer_id in "abc":
        store(make_customer(customer_id), NOW, app())
    summarise(NOW)

    assert (len(shown().boxes), len(shown(shows_all=True).boxes)) == (1, 3)


def test_an_app_is_there_from_its_first_report_on_and_no_other_is() -> None:
    assert app_page(AppView("immich"), now=NOW) is None
    store(make_customer("a"), NOW, app())

    assert isinstance(app_page(AppView("immich"), now=NOW), Fresh)
    assert app_page(AppView("other"), now=NOW) is None
    assert app_page(AppView("a\x00b"), now=NOW) is None
    assert app_page(AppView("a" * 201), now=NOW) is None
