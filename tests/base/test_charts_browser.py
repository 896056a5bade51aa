"""Charts in real Chromium: drawn with the tokens of the theme, after a refresh, at every width, without a shift."""

import gzip
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Page, expect
from tests.build import NOW
from tests.servers.browser import NewPage, overflow, refresh, save_screenshot, settle, unsound

from felhom_hub.base.assets import asset_path
from felhom_hub.base.charts import Chart, Limit, Line

pytestmark = pytest.mark.browser

HOURS = 72
MOST_BYTES = 75_000  # design language, section 8
PAGE = """{% extends "base.html" %}
{% load hub %}
{% block title %}Charts{% endblock %}
{% block head %}<script src="{% asset "charts.js" %}" defer></script>{% endblock %}
{% block content %}
<h1>Charts</h1>
<section class="card cb" id="region" data-refresh aria-label="Charts"><h2>Memory</h2>
{% for chart in charts %}{% include "frame/chart.html" %}{% endfor %}
</section>
{% endblock %}"""


def chart(*, name: str = "memory", newest: float = 645, gap: range = range(20, 30), label: str = "Average") -> Chart:
    average = [600.0 + hour % 7 * 9 for hour in range(HOURS - 1)] + [newest]
    peak = [value + 250 + index % 5 * 11 for index, value in enumerate(average)]
    return Chart(
        name=name,
        title="Memory, MB",
        sentence="Average memory rose from 600 to 645 MB in 3 days, the limit is 1,024 MB",
        unit="MB",
        times=[NOW - timedelta(hours=HOURS - hour) for hour in range(HOURS)],
        lines=[
            Line(label, [None if hour in gap else value for hour, value in enumerate(average)], is_filled=True),
            Line("Peak", [None if hour in gap else value for hour, value in enumerate(peak)], "second"),
        ],
        limits=[Limit("Limit", 1024)],
    )


shown: list[Chart] = []


def page_of_charts(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({"charts": shown}, request))


urlpatterns = [path("test-charts", page_of_charts), path("", include("felhom_hub.project.urls"))]


@pytest.fixture(autouse=True)
def on_a_page(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    shown[:] = [chart()]


# A copy of the canvas is read, since reading the chart's own again and again would slow its drawing down.
PAINTED = """(canvas) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const columns = {};
    for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] !== 255) continue;
        const colour = "#" + [0, 1, 2].map((part) => data[at + part].toString(16).padStart(2, "0")).join("");
        (columns[colour] ||= new Set()).add((at / 4) % canvas.width);
    }
    return Object.fromEntries(Object.entries(columns).map(([colour, found]) => [colour, [...found]]));
}"""


def painted(page: Page, name: str = "memory") -> dict[str, list[int]]:
    """The columns of the canvas that each fully painted colour, as `#rrggbb`, is found in."""
    found: dict[str, list[int]] = page.locator(f"#{name}").evaluate(PAINTED)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_charts_are_drawn_in_both_themes_at_both_widths(new_page: NewPage, theme: Any, width: int) -> None:
    page = new_page(theme=theme, width=width)
    page.goto("/test-charts")
    line, limit = ("#3d48b0", "#cc2f2f") if theme == "light" else ("#a9b4ff", "#ee6a61")

    page.wait_for_function("document.querySelector('#memory').width > 300 || innerWidth < 400")

    assert {line, limit} <= set(painted(page))
    assert overflow(page) == 0


def test_a_chart_and_its_table_can_be_read_by_everybody(page: Page) -> None:
    page.goto("/test-charts")
    assert unsound(page, "chart") == []

    page.get_by_text("Show these numbers as a table").click()
    expect(page.get_by_role("columnheader", name="Peak, MB")).to_be_visible()
    assert unsound(page, "chart-table") == []


def test_a_gap_is_never_bridged(page: Page) -> None:
    page.goto("/test-charts")
    columns = sorted(painted(page)["#3d48b0"])

    steps = [after - before for before, after in pairwise(columns)]
    width = page.locator("#memory").evaluate("canvas => canvas.width")
    # Ten of the 72 hours are missing: about a seventh of the plot, which is most of the canvas.
    assert max(steps) > width / 10
    assert sorted(steps)[-2] < width / 60


def test_a_change_of_theme_draws_anew(page: Page) -> None:
    page.goto("/test-charts")
    assert "#3d48b0" in painted(page)

    page.locator("[data-theme-toggle] button:visible").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    settle(page)

    assert "#a9b4ff" in painted(page)
    assert "#3d48b0" not in painted(page)


def test_a_refresh_draws_new_numbers_and_new_charts(page: Page) -> None:
    page.goto("/test-charts")
    before = page.locator("#memory").evaluate("canvas => canvas.toDataURL()")
    shown[:] = [chart(newest=900), chart(name="another")]

    refresh(page)

    assert page.locator("#memory").evaluate("canvas => canvas.toDataURL()") != before
    assert "#3d48b0" in painted(page, "another")


def test_a_refresh_without_news_leaves_the_picture_alone(page: Page) -> None:
    page.goto("/test-charts")
    before = page.locator("#memory").evaluate("canvas => canvas.toDataURL()")
    shown.append(chart(name="another"))

    refresh(page)

    assert page.locator("#memory").evaluate("canvas => canvas.toDataURL()") == before


def test_nothing_moves_when_a_chart_is_drawn_or_the_window_changes(new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script("""
        window.shifts = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifts += entry.value; }))
            .observe({ type: "layout-shift", buffered: true });
    """)
    page.goto("/test-charts")
    settle(page)

    assert page.evaluate("window.shifts") == 0
    for width in (1000, 600, 320):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        assert overflow(page) == 0
        box = page.locator("#memory").bounding_box()
        assert box is not None
        assert box["height"] in {200, 270}
        assert "#3d48b0" in painted(page)


def test_the_pointer_is_told_the_numbers(page: Page) -> None:
    page.goto("/test-charts")
    box = page.locator("#memory").bounding_box()
    assert box is not None
    before = page.locator("#memory").evaluate("canvas => canvas.toDataURL()")

    for share in (0.05, 0.5, 0.99):
        page.mouse.move(box["x"] + box["width"] * share * 0.85, box["y"] + 100)
        settle(page)
        after = page.locator("#memory").evaluate("canvas => canvas.toDataURL()")
        assert after != before
        before = after
    save_screenshot(page, "chart-pointer-light-1440")


@pytest.mark.parametrize("odd", [
    chart(label="Hosszúnevűügyfél" * 12),
    chart(gap=range(HOURS)),
    chart(gap=range(1, HOURS)),
    Chart(name="memory", title="One", sentence="One point", unit="%", times=[NOW], lines=[Line("CPU", [4.5])]),
    Chart(name="memory", title="None", sentence="No point", unit="%", times=[], lines=[Line("CPU", [])]),
])  # fmt: skip
def test_odd_charts_are_drawn_too(new_page: NewPage, odd: Chart) -> None:
    shown[:] = [odd]
    page = new_page(width=390)
    page.goto("/test-charts")

    assert page.locator("#memory").evaluate("canvas => canvas.width > 100")
    assert overflow(page) == 0


def test_without_scripts_the_table_is_there_and_no_empty_box(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/test-charts")

    expect(page.locator("#memory")).to_be_hidden()
    page.get_by_text("Show these numbers as a table").click()
    expect(page.get_by_role("cell", name="645").first).to_be_visible()


def test_the_bundle_is_small() -> None:
    built = Path(settings.STATIC_ROOT) / asset_path("charts.js").removeprefix("/static/")

    assert len(gzip.compress(built.read_bytes(), mtime=0)) < MOST_BYTES
