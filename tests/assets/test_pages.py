import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.assets.conftest import SVG

from felhom_hub.assets.sniff import MAX_UPLOAD_BYTES
from felhom_hub.operators.models import AuditEntry

NAME = "immich-logo.svg"
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}.svg'


def post(browser: Any, path: str, **fields: Any) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **fields})


def upload(browser: Any, name: str, content: bytes) -> Any:
    return post(browser, "/assets", file=SimpleUploadedFile(name, content))


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_empty_page_says_what_assets_are_for(browser: Any, store: Path) -> None:
    page = text_of(browser.get("/assets"))

    assert "<h1>No assets</h1>" in page
    assert "There are no assets" in page
    assert str(store) in page
    assert "the image brings none" in page


def test_uploaded_file_is_there_and_the_toast_says_so(browser: Any, store: Path) -> None:
    answer = upload(browser, NAME, SVG)

    assert (answer.status_code, answer["Location"]) == (303, "/assets")
    assert (store / NAME).read_bytes() == SVG
    page = text_of(browser.get("/assets"))
    assert f"{NAME} is added." in page
    assert f"<h1>1 asset, {len(SVG)} B</h1>" in page
    assert f'action="/assets/{NAME}/delete"' in page
    assert list(AuditEntry.objects.values_list("action", "actor")) == [("asset_uploaded", "operator")]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("immich.svg", SVG, "An asset is called"),
        (HOSTILE, SVG, "An asset is called"),
        (NAME, SVG.replace(b"<path", b"<script"), "It has an element script, which can run or fetch something."),
        (NAME, SVG.replace(b"path", b"&lt;"), "It is no XML"),
        ("immich-logo.png", SVG, "Its bytes are not those of a whole PNG."),
        (NAME, b" " * (MAX_UPLOAD_BYTES + 1), "It is larger than 4 MiB."),
    ],
)
def test_refused_file_is_named_with_the_reason(
    browser: Any, store: Path, name: str, content: bytes, sentence: str
) -> None:
    answer = upload(browser, name, content)
    page = text_of(answer)

    assert (answer.status_code, list(store.iterdir())) == (422, [])
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert "<title>Not uploaded: Assets: 0" in page
    assert "<script>alert" not in page


def test_form_without_a_file_asks_for_one(browser: Any, store: Path) -> None:
    answer = post(browser, "/assets")

    assert (answer.status_code, "Choose a file." in text_of(answer), list(store.iterdir())) == (422, True, [])


def test_deleted_file_is_gone_and_the_toast_brings_it_back(browser: Any, store: Path) -> None:
    (store / NAME).write_bytes(SVG)

    answer = post(browser, f"/assets/{NAME}/delete")
    page = text_of(browser.get("/assets"))
    undo = re.search(rf'action="(/assets/{NAME}/restore)"', page)

    assert (answer.status_code, (store / NAME).exists()) == (303, False)
    assert f"{NAME} is deleted." in page
    assert undo is not None
    assert post(browser, undo[1]).status_code == 303
    assert (store / NAME).read_bytes() == SVG
    assert f"{NAME} is there again." in text_of(browser.get("/assets"))


@pytest.mark.parametrize("deed", ["delete", "restore"])
@pytest.mark.parametrize("name", ["none-logo.svg", "secret", "%2e%2e%2fsecret"])
def test_what_is_no_asset_is_not_found(browser: Any, store: Path, deed: str, name: str) -> None:
    (store.parent / "secret").write_text("s")

    assert post(browser, f"/assets/{name}/{deed}").status_code in {404, 409}
    assert (store.parent / "secret").exists()


@pytest.mark.parametrize("path", ["/assets", "/assets/refresh", f"/assets/{NAME}/delete", f"/assets/{NAME}/restore"])
def test_nothing_happens_without_the_token(browser: Any, store: Path, path: str) -> None:
    (store / NAME).write_bytes(SVG)

    assert browser.post(path, {"file": SimpleUploadedFile("a-logo.svg", SVG)}).status_code == 403
    assert [each.name for each in store.iterdir()] == [NAME]


def test_refresh_comes_back_to_the_settings_and_says_what_changed(browser: Any, store: Path, seed: Path) -> None:
    (seed / NAME).write_bytes(SVG)
    page = text_of(browser.get("/configuration"))
    assert "Refresh Assets from Image" in page
    assert "1 file differs" in page

    answer = post(browser, "/assets/refresh")

    assert (answer.status_code, answer["Location"]) == (303, "/configuration#assets")
    page = text_of(browser.get("/configuration"))
    assert f"Compared with the image: 1 asset added ({NAME})." in page
    assert f"1 file, {len(SVG)} B" in page
    assert "nothing to do" in page
    assert AuditEntry.objects.get().action == "assets_refreshed"
    assert (store / NAME).exists()


def test_refresh_that_fails_says_why(browser: Any, store: Path) -> None:
    answer = post(browser, "/assets/refresh")

    assert answer.status_code == 503
    assert f"The seed {store.parent / 'seed'} cannot be read: No such file or directory." in text_of(answer)


@pytest.mark.parametrize("path", [f"/assets/{NAME}/delete", "/assets"])
def test_store_that_cannot_be_written_is_said(
    browser: Any, store: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store / NAME).write_bytes(SVG)

    def fail(*_of: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("felhom_hub.assets.change.take_out", fail)
    monkeypatch.setattr("felhom_hub.assets.change.stage", fail)
    answer = post(browser, path, file=SimpleUploadedFile("a-logo.svg", SVG))

    assert (answer.status_code, "cannot be written: Read-only file system" in text_of(answer)) == (503, True)
    assert ((store / NAME).read_bytes(), AuditEntry.objects.exists()) == (SVG, False)


def test_settings_say_that_the_store_cannot_be_read(browser: Any, store: Path) -> None:
    store.rmdir()
    store.write_text("a file in its place")

    for path in ("/assets", "/configuration"):
        assert "cannot be read: Not a directory" in text_of(browser.get(path))
