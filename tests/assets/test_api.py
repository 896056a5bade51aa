import gzip
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.assets.conftest import SVG
from tests.build import GLOBAL_KEY, make_api_key, make_customer

pytestmark = pytest.mark.django_db

FILE = "/api/v1/assets/file/"
MANIFEST = "/api/v1/assets/manifest"
NAME = "immich-logo.svg"


@pytest.fixture(autouse=True)
def _one_asset(store: Path) -> None:
    (store / NAME).write_bytes(SVG)
    (store.parent / "secret.svg").write_bytes(b"secret")


def get(client: Client, path: str, *, key: str | None = GLOBAL_KEY, method: str = "GET", **headers: str) -> Any:
    sent = headers if key is None else {"Authorization": f"Bearer {key}", **headers}
    return client.generic(method, path, headers=sent)


def test_manifest_names_the_file_that_is_then_downloaded(client: Client) -> None:
    manifest = get(client, MANIFEST).json()
    (listed,) = manifest["files"]
    answer = get(client, FILE + listed["filename"])

    assert (manifest.keys(), listed["size"]) == ({"version", "generated", "files"}, len(SVG))
    assert answer.content == SVG
    assert sha256(answer.content).hexdigest() == listed["sha256"] == answer["ETag"].strip('"')
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "image/svg+xml",
        "private, max-age=3600, must-revalidate",
    )
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", [MANIFEST, FILE + NAME, FILE + "none-logo.svg", FILE + "../x"])
def test_key_is_asked_for_before_anything_is_looked_up(client: Client, path: str) -> None:
    statuses = [get(client, path, key=key).status_code for key in (None, "nobody's")]

    assert statuses == [401, 401]


@pytest.mark.parametrize("path", [MANIFEST, FILE + NAME])
def test_customers_own_key_opens_them_too(client: Client, path: str) -> None:
    customer = make_customer("kovacs-peter")

    assert get(client, path, key=make_api_key(customer)).status_code == 200


def test_head_says_what_a_get_would_bring(client: Client) -> None:
    whole, head = get(client, FILE + NAME), get(client, FILE + NAME, method="HEAD", Range="bytes=0-1")

    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
        assert head[name] == whole[name]


def test_known_part_and_impossible_part(client: Client) -> None:
    tag = get(client, FILE + NAME)["ETag"]
    known = get(client, FILE + NAME, **{"If-None-Match": f'"old", W/{tag}'})
    part = get(client, FILE + NAME, Range="bytes=0-3")
    behind = get(client, FILE + NAME, Range="bytes=9999-")

    assert (known.status_code, known.content, known["ETag"]) == (304, b"", tag)
    assert (part.status_code, part.content, part["Content-Range"]) == (206, SVG[:4], f"bytes 0-3/{len(SVG)}")
    assert (behind.status_code, behind["Content-Range"]) == (416, f"bytes */{len(SVG)}")
    assert behind.json()["ok"] is False


def test_file_is_not_compressed_so_that_tag_and_parts_are_of_its_own_bytes(client: Client, store: Path) -> None:
    large = SVG.replace(b"M0 0h8", b"M0 0h8" * 500)
    (store / NAME).write_bytes(large)

    answer = get(client, FILE + NAME, **{"Accept-Encoding": "gzip"})

    assert (answer.content, answer.get("Content-Encoding")) == (large, None)
    assert answer["ETag"] == f'"{sha256(large).hexdigest()}"'
    for number in range(9):
        (store / f"app{number}-logo.svg").write_bytes(SVG)
    manifest = get(client, MANIFEST, **{"Accept-Encoding": "gzip"})
    assert b"app8-logo.svg" in gzip.decompress(manifest.content)


def test_change_is_in_the_next_manifest(client: Client, store: Path) -> None:
    before = get(client, MANIFEST).json()
    (store / NAME).write_bytes(SVG.replace(b"h8", b"h4"))
    after = get(client, MANIFEST).json()

    assert after["version"] == before["version"] + 1
    assert after["files"][0]["sha256"] != before["files"][0]["sha256"]


@pytest.mark.parametrize("path", [MANIFEST, FILE + NAME])
def test_store_that_cannot_be_read_is_503_and_not_empty(client: Client, store: Path, path: str) -> None:
    (store / NAME).unlink()
    store.rmdir()
    store.write_text("a file in its place")

    answer = get(client, path)

    assert (answer.status_code, answer.json()["error"]) == (503, "The assets cannot be read now (Not a directory)")
    assert int(answer["Retry-After"]) > 0


# As they stand in the request's line; the store's parent holds secret.svg.
FORMS = [
    "", ".", "..", "%2e", "%2e%2e", "../secret.svg", "..%2fsecret.svg", "..%2Fsecret.svg", "%2e%2e%2fsecret.svg",
    "..%252fsecret.svg", "..%5csecret.svg", "..\\secret.svg", "....//secret.svg", "..;/secret.svg", "./" + NAME,
    "/" + NAME, "%2f" + NAME, "//" + NAME, "x/" + NAME, "x/../" + NAME, "x%2f..%2f" + NAME, NAME + "/", NAME + "/.",
    NAME + "%2f", NAME + "%00", NAME + "%00.svg", "%00" + NAME, NAME + "%20", "%20" + NAME, NAME + "%0a", NAME + ".",
    NAME + "%3a%3a$DATA", "/etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd", "C:%5cwindows%5cwin.ini", "~root",
    "..%c0%afsecret.svg", "..%e0%80%afsecret.svg", "..%ef%bc%8fsecret.svg", "..%e2%88%95secret.svg",
    "%ef%bc%8e%ef%bc%8e/secret.svg", "immich%e2%80%90logo.svg", "%c4%b1mmich-logo.svg", "IMMICH-LOGO.SVG", "CON",
    "NUL.svg", "COM1", "con.svg", "a" * 5000 + "-logo.svg", "secret.svg", "." + NAME, "." + NAME + ".deleted",
    "*-logo.svg", "immich-logo.%73vgx", "%ff-logo.svg", "%252e%252e%252fsecret.svg", "..%u2215secret.svg",
    "%2e%2e%5c%2e%2e%5csecret.svg",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_whatever_is_no_name_of_an_asset_is_404_in_the_one_shape(client: Client, form: str) -> None:
    answer = get(client, FILE + form)

    assert (answer.status_code, answer.json()["ok"]) == (404, False)
    assert answer.content.count(b"secret") == answer.content.count(b"root:") == 0


def test_forms_are_many_enough() -> None:
    assert len(set(FORMS)) >= 40
