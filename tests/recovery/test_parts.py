import base64
import json
from typing import Any

import pytest

from felhom_hub.recovery.parts import MAX_YAML, read_parts


def file(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def opened_file(text: str) -> Any:
    return read_parts(json.dumps({"file": text}).encode())["file"]


def test_files_are_opened_wherever_they_stand_and_all_else_stays() -> None:
    yaml, settings = "customer:\n  id: nagy  # a comment\n", '{"theme": "dark"}'
    document: dict[str, Any] = {
        "customer_id": "nagy",
        "controller_yaml": file(yaml),
        "files": {"settings.json": file(settings), "readme": "plain text"},
        "disk_layout": [{"uuid": "1-2"}],
        "restic_passwords": {"local": "abcdefgh"},
    }

    assert read_parts(json.dumps(document).encode()) == {
        **document,
        "controller_yaml": {"customer": {"id": "nagy"}},
        "files": {"settings.json": {"theme": "dark"}, "readme": "plain text"},
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abcdefgh",
        "not base64!",
        file("no mapping at all"),
        file("a: [1"),
        file("{broken json"),
        file("a: " + "x" * 70_000),
        file("{" + '"a":{' * 5000),
        base64.b64encode(bytes(range(200, 256))).decode(),
    ],
    ids=range(9),
)
def test_what_is_no_file_that_can_be_read_stays_a_text(text: str) -> None:
    assert opened_file(text) == text


def test_lines_and_missing_padding_do_not_matter() -> None:
    packed = file('{"theme": "dark"}').rstrip("=")

    assert opened_file(f"{packed[:8]}\n{packed[8:]}") == {"theme": "dark"}


def test_no_more_yaml_is_read_than_a_page_has_time_for() -> None:
    half = file("a: b\n# " + "x" * (MAX_YAML // 2 - 10))
    nothing = file("x" * (MAX_YAML // 2 - 10))

    assert read_parts(json.dumps({"1": half, "2": half, "3": half}).encode()) == {
        "1": {"a": "b"},
        "2": {"a": "b"},
        "3": half,
    }
    assert read_parts(json.dumps({"1": nothing, "2": nothing, "3": half}).encode())["3"] == half


@pytest.mark.parametrize("body", [b"[]", b"1"])
def test_what_is_no_object_has_no_parts(body: bytes) -> None:
    assert read_parts(body) == {}
