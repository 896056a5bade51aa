from pathlib import Path

import pytest

from felhom_controller.config import read_config
from felhom_controller.keys import HeldKey, is_key


@pytest.mark.parametrize("text", ["a", "k-1_2.3~", "x" * 512])
def test_a_key_is_one_line_of_what_a_header_carries(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize("text", ["", "a b", "a\nb", "kulcs-é", "x" * 513])
def test_nothing_else_is_a_key(text: str) -> None:
    assert not is_key(text)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"hub: {api_key: newer}", "newer"),
        (b'hub: {api_key: ""}', "given"),
        (b"hub: {api_key: 12345}", "given"),
        (b'hub: {api_key: "two words"}', "given"),
        (b"hub: {url: x}", "given"),
        (b"hub: nothing", "given"),
        (b"no: [yaml", "given"),
    ],
)
def test_the_files_key_wins_where_it_is_one(content: bytes, key: str) -> None:
    assert HeldKey(lambda: content, "given")() == key


def test_a_file_that_comes_changes_and_goes_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "controller.yaml"
    key = HeldKey(lambda: read_config(path), "given")
    seen = [key()]
    for content in ("hub: {api_key: first}", "hub: {api_key: second}"):
        path.write_text(content)
        seen.append(key())
    path.unlink()
    assert [*seen, key()] == ["given", "first", "second", "given"]


def test_while_the_file_cannot_be_read_the_last_key_is_used(tmp_path: Path) -> None:
    path = tmp_path / "controller.yaml"
    path.write_text("hub: {api_key: first}")
    key = HeldKey(lambda: read_config(path), "given")
    assert key() == "first"
    path.unlink()
    path.mkdir()
    assert key() == "first"
