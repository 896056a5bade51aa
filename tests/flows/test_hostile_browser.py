"""What strangers write is text to Chromium as well: nothing runs, nothing is fetched, nothing turned or wider.

The payloads are those of `hostile.py`, a few rotations of them; that no page has an element more for any of them is
held without a browser (`test_hostile_texts.py`). What is wrong with a page is found by `look.js`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page
from tests.flows.hostile import KINDS, PAYLOADS, TURNING, numbers_of, plant
from tests.servers.browser import NewPage

from felhom_hub.base.instants import utc_now
from felhom_hub.telemetry.address import app_path
from felhom_hub.telemetry.models import AppFigures

LOOK = Path(__file__).with_name("look.js").read_text("utf-8")
WIDTHS = (1440, 390)
# Each has other texts for the names, which stand in titles and headings: one that turns, one without end, markup.
SOME = (0, 11, 23)
PAGES = (
    "/", "/events", "/configs", "/apps", "/audit", "/configuration", "/search?q=-1", "/configs/new", "/notifications",
    "/silences",
)  # fmt: skip
OF_CUSTOMERS = {
    "": KINDS,
    "/history": ("odd",),
    "/block": ("odd",),
    "/report": ("odd",),
    "/delete": ("quiet",),
    "/preferences": ("odd",),
}

pytestmark = pytest.mark.browser


def test_every_page_shows_them_as_texts(new_page: NewPage) -> None:
    plant(PAYLOADS, SOME, utc_now())
    page = watched(new_page())

    assert {path[:90]: found for path in paths() if (found := look(page, path))} == {}


def test_what_is_asked_for_is_shown_as_text(new_page: NewPage) -> None:
    page = watched(new_page())
    asked = [
        f"{path}?{urlencode({'q': text[:2000], 'customer': text[:2000]}, errors='replace')}"
        for path, texts in {"/search": PAYLOADS[::4], "/": PAYLOADS[-5:], "/audit": PAYLOADS[-5:]}.items()
        for text in texts
    ]

    assert {path[:90]: found for path in asked if (found := look(page, path))} == {}


def test_what_is_typed_is_text_after_it_was_refused(new_page: NewPage) -> None:
    page = watched(new_page())
    page.goto("/configs/new")
    page.locator("#legacy summary").click()
    fields = page.locator("main input[type=text], main input[type=password], main textarea")
    for number in range(fields.count()):
        fields.nth(number).fill(PAYLOADS[-1 - number])
    page.get_by_role("button", name="Save customer").click()
    page.locator("#summary").wait_for()

    assert inspect(page) == []


def paths() -> Iterator[str]:
    """The pages of the fleet, of its customers, and of the apps with the oddest names."""
    yield from PAGES
    for rest, kinds in OF_CUSTOMERS.items():
        yield from (f"/customers/{kind}-{by}{rest}" for kind in kinds for by in SOME)
    yield from (f"/configs/quiet-{by}/edit" for by in SOME)
    for by in SOME:
        told, incident = numbers_of(by)
        yield f"/incidents/{incident}"
        yield from (f"/why/{number}" for number in told)
    names = AppFigures.objects.exclude(app_name="").values_list("app_name", flat=True).distinct()
    yield from (app_path(name) for name in sorted(names))


def watched(page: Page) -> Page:
    """The page with `look.js` in all that it opens."""
    page.context.add_init_script(LOOK)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    return page


def turning() -> str:
    """A pattern of the planted texts that turn their neighbours, whatever became of their control characters."""
    written = "|".join(re.sub(r"([().])", r"\\\1", text) for text in TURNING)
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "[\u202a-\u202e\u2066-\u2069\ufffd]?", written)


def look(page: Page, path: str) -> list[str]:
    """What is wrong with the page at that address."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(path)
    return inspect(page)


def inspect(page: Page) -> list[str]:
    """What is wrong with the page that is open, on a wide screen and on a narrow one."""
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        problems: list[Any] = page.evaluate("(turning) => look(turning)", turning())
        found += [f"{width}: {problem}" for problem in problems]
    return found
