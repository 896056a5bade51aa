import os
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import pytest
from tests.assets.conftest import SVG

from felhom_hub.assets.files import Asked, FileAnswer, file_answer
from felhom_hub.base.errors import NotFound, PartNotThere

NAME = "immich-logo.svg"
TAG = f'"{sha256(SVG).hexdigest()}"'


def answer(directory: Path, **asked: str) -> FileAnswer:
    (directory / NAME).write_bytes(SVG)
    return file_answer(directory, NAME, Asked(**asked))


def test_file_has_its_bytes_type_tag_and_what_keeps_it_inert(tmp_path: Path) -> None:
    found = answer(tmp_path)

    assert (found.status, found.body) == (HTTPStatus.OK, SVG)
    assert found.headers == {
        "ETag": TAG,
        "Cache-Control": "private, max-age=3600, must-revalidate",
        "Content-Type": "image/svg+xml",
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(len(SVG)),
    }


def test_known_content_is_not_sent_again(tmp_path: Path) -> None:
    found = answer(tmp_path, if_none_match=f'"x", W/{TAG}', range="bytes=0-1")

    assert (found.status, found.body, found.headers["ETag"]) == (HTTPStatus.NOT_MODIFIED, b"", TAG)


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-3", 0, 3), ("bytes=4-", 4, len(SVG) - 1), ("bytes=-5", len(SVG) - 5, len(SVG) - 1)],
)
def test_part_is_sent_with_its_place(tmp_path: Path, wanted: str, first: int, last: int) -> None:
    found = answer(tmp_path, range=wanted)

    assert (found.status, found.body) == (HTTPStatus.PARTIAL_CONTENT, SVG[first : last + 1])
    assert found.headers["Content-Range"] == f"bytes {first}-{last}/{len(SVG)}"
    assert found.headers["Content-Length"] == str(last - first + 1)


def test_part_of_what_was_replaced_meanwhile_is_the_whole(tmp_path: Path) -> None:
    assert answer(tmp_path, range="bytes=1-2", if_range='"old"').body == SVG


def test_part_behind_the_end_is_refused_with_the_size(tmp_path: Path) -> None:
    with pytest.raises(PartNotThere) as raised:
        answer(tmp_path, range=f"bytes={len(SVG)}-")

    assert raised.value.headers == (("Content-Range", f"bytes */{len(SVG)}"),)


def test_links_directories_and_pipes_are_not_there_and_nothing_stays_open(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    (tmp_path / "a-logo.svg").symlink_to(tmp_path / "secret")
    (tmp_path / "b-logo.svg").mkdir()
    os.mkfifo(tmp_path / "c-logo.svg")
    before = len(list(Path("/proc/self/fd").iterdir()))

    for name in ("a-logo.svg", "b-logo.svg", "c-logo.svg", "d-logo.svg", "../secret", "secret", ""):
        with pytest.raises(NotFound):
            file_answer(tmp_path, name, Asked())

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_store_that_cannot_be_read_is_not_taken_for_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("no directory")

    with pytest.raises(NotADirectoryError):
        file_answer(tmp_path / "store", NAME, Asked())
