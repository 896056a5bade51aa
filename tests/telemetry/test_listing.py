import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import a_day, app, store

from felhom_hub.telemetry import listing
from felhom_hub.telemetry.address import AppsView
from felhom_hub.telemetry.listing import apps_page
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> None:
    a_day(
        make_customer("a"),
        app(900, "low", catalog_memory_limit_mb=1000),
        app(500, "fits", catalog_memory_limit_mb=1000, log_errors_24h=9),
        app(100, "wide", catalog_memory_limit_mb=1000, display_name="Árvíz"),
    )
    summarise(NOW)


def names(view: AppsView) -> list[str]:
    return [row.app.app_name for row in apps_page(view).rows]


@pytest.mark.usefixtures("three")
def test_order_and_filters() -> None:
    assert names(AppsView()) == ["low", "wide", "fits"]
    assert names(AppsView(sort="p95")) == ["low", "fits", "wide"]
    assert names(AppsView(sort="p95", is_reversed=True)) == ["wide", "fits", "low"]
    assert names(AppsView(sort="app")) == ["fits", "low", "wide"]
    assert names(AppsView(sort="issues"))[0] == "fits"
    assert names(AppsView(needs_change=True)) == ["low"]
    assert names(AppsView(text="ÁRV")) == ["wide"]
    page = apps_page(AppsView(text="x"))
    assert (page.total, page.changes, page.boxes, page.installations, page.found) == (3, 1, 1, 3, 0)


@pytest.mark.usefixtures("three")
def test_a_long_list_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_ROWS", 2)

    assert names(AppsView()) == ["low", "wide"]
    assert len(names(AppsView(shows_all=True))) == 3


@pytest.mark.usefixtures("three")
def test_headings_turn_the_order_round() -> None:
    headings = {heading.label: heading for heading in apps_page(AppsView(sort="p95")).headings}

    assert (headings["P95"].aria_sort, headings["P95"].path) == ("descending", "/apps?sort=-p95")
    assert (headings["App"].aria_sort, headings["App"].path) == ("", "/apps?sort=app")


def test_the_first_data_is_announced() -> None:
    assert apps_page(AppsView()).awaits_figures is False
    store(make_customer("a"), NOW, app())
    assert apps_page(AppsView()).awaits_figures is True
