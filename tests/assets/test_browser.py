"""The page of the assets, and their card on the settings, in real Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.assets.conftest import SVG
from tests.servers.browser import NewPage, unsound

pytestmark = pytest.mark.browser

NAMES = ("immich-logo.svg", "paperless-ngx-screenshot-1.webp", f"{'very-' * 20}long-name-logo.svg")


def test_the_page_can_be_used_by_everybody(page: Page, store: Path, seed: Path) -> None:
    page.goto("/assets")
    expect(page.get_by_role("heading", name="There are no assets")).to_be_visible()
    assert unsound(page, "assets-empty") == []

    for name in NAMES:
        (store / name).write_bytes(SVG)
    (seed / NAMES[0]).write_bytes(SVG.replace(b"h8", b"h4"))
    page.goto("/assets")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"3 assets, {3 * len(SVG)} B")
    expect(page.get_by_text("1 file differs")).to_be_visible()
    assert unsound(page, "assets") == []
    page.goto("/configuration#assets")
    assert unsound(page, "configuration-assets") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_asset_is_uploaded_deleted_and_brought_back(
    new_page: NewPage, store: Path, scripts: bool, tmp_path: Path
) -> None:
    (tmp_path / NAMES[0]).write_bytes(SVG)
    page = new_page(scripts=scripts)
    page.goto("/configuration")
    page.get_by_role("link", name="All assets, and upload").click()
    page.get_by_label("File", exact=True).set_input_files(tmp_path / NAMES[0])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text(f"{NAMES[0]} is added.")).to_be_visible()

    page.get_by_role("button", name=f"Delete {NAMES[0]}").click()
    expect(page.get_by_text(f"{NAMES[0]} is deleted.")).to_be_visible()
    assert not (store / NAMES[0]).exists()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{NAMES[0]} is there again.")).to_be_visible()
    assert (store / NAMES[0]).read_bytes() == SVG


def test_a_refused_file_is_said_at_its_field(page: Page, store: Path, tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).write_bytes(SVG.replace(b"<path", b'<path onclick="window.hit=1"'))
    page.goto("/assets")
    page.get_by_label("File", exact=True).set_input_files(tmp_path / NAMES[0])
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_label("File", exact=True)).to_be_focused()
    expect(page.locator("#f-file-e")).to_have_text(f"{NAMES[0]}: It has a handler (onclick), which runs a script.")
    assert unsound(page, "assets-refused") == []
    assert list(store.iterdir()) == []


def test_the_refresh_says_what_changed(page: Page, store: Path, seed: Path) -> None:
    (seed / NAMES[0]).write_bytes(SVG)
    page.goto("/configuration")
    page.get_by_role("button", name="Refresh Assets from Image").click()

    expect(page.get_by_text(f"Compared with the image: 1 asset added ({NAMES[0]}).")).to_be_visible()
    expect(page.locator("#assets").get_by_text("nothing to do")).to_be_visible()
    assert (store / NAMES[0]).exists()
