import os
from pathlib import Path

import pytest

from felhom_hub.project.options import SETTINGS
from felhom_hub.project.sources import Found, Written, read_environment, read_text, read_yaml
from felhom_hub.project.sources import UnreadableError as Unreadable

SECTIONS = {"server": frozenset({"listen", "proxies"}), "api": frozenset({"key"})}
MARKED = "hub.yaml:2: the value of api.key begins with ! or &, which YAML reads as a mark; quote it"
INVALID = "not valid YAML near this line (check indentation, quotes and colons)"
NESTED_BEYOND_ANY_STACK = "[" * 100_000


def read(tmp_path: Path, text: str | bytes) -> Found:
    path = tmp_path / "hub.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = read_yaml(path, SECTIONS)
    # Places are told from the directory of the test, which has another name each time.
    here = f"{tmp_path}/"
    return Found(
        values={
            key: Written(value.text, is_list=value.is_list, where=value.where.removeprefix(here))
            for key, value in found.values.items()
        },
        unknown=[(name, where.removeprefix(here)) for name, where in found.unknown],
        problems=[problem.removeprefix(here) for problem in found.problems],
    )


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "~\n", "server:\n", "server: {}\n", "server:\n  listen:\n", "server: ~"]
)
def test_what_is_left_empty_is_not_written(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Found()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("':8080'", ":8080"),
        ("yes", "yes"),
        ("007", "007"),
        ("1e3", "1e3"),
        ("04:30", "04:30"),
        ("2026-11-01", "2026-11-01"),
        ('""', ""),
        ("null", None),
        ("'null'", "null"),
        ("árvíztűrő", "árvíztűrő"),
        ('"a\\u00e9"', "aé"),
    ],
)
def test_a_value_is_the_text_that_was_written(tmp_path: Path, text: str, value: str | None) -> None:
    written = {} if value is None else {"server.listen": Written(value, is_list=False, where="hub.yaml:2")}
    assert read(tmp_path, f"server:\n  listen: {text}\n") == Found(values=written)


@pytest.mark.parametrize("text", ["[a, 1, ~]", "\n  - a\n  - 1\n  -"])
def test_a_list_is_its_items_line_by_line(tmp_path: Path, text: str) -> None:
    values = {"server.proxies": Written("a\n1\n", is_list=True, where="hub.yaml:2")}
    assert read(tmp_path, f"server:\n  proxies: {text}\n") == Found(values=values)


def test_windows_line_ends_a_byte_order_mark_and_aliases_are_read(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbfapi:\r\n  key: &k a\r\nserver:\r\n  listen: *k\r\n"
    values = {
        "api.key": Written("a", is_list=False, where="hub.yaml:2"),
        "server.listen": Written("a", is_list=False, where="hub.yaml:4"),
    }
    assert read(tmp_path, text) == Found(values=values)


def test_unknown_keys_and_sections_are_told_with_their_lines(tmp_path: Path) -> None:
    text = "servr:\n  listen: a\nlisten: b\nserver:\n  lsten: c\n  1: d\n"
    unknown = [
        ("servr", "hub.yaml:1"),
        ("listen", "hub.yaml:3"),
        ("server.lsten", "hub.yaml:5"),
        ("server.1", "hub.yaml:6"),
    ]
    assert read(tmp_path, text) == Found(unknown=unknown)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n", 'hub.yaml:1: it must hold sections such as "server:", not a list'),
        ("\nlisten\n", 'hub.yaml:2: it must hold sections such as "server:", not a single value'),
        ("server: a\n", "hub.yaml:1: server must be a section (of listen, proxies), not a single value"),
        ("api: ''\n", "hub.yaml:1: api must be a section (of key), not a single value"),
        ("server:\n- listen: a\n", "hub.yaml:1: server must be a section (of listen, proxies), not a list"),
        ("server:\n  listen:\n    port: 1\n", "hub.yaml:2: server.listen must be a plain value, not a section"),
        ("server:\n  proxies: [[a]]\n", "hub.yaml:2: server.proxies must be a plain value, not a list"),
        ("server:\n  ? [a]\n  : b\n", "hub.yaml:2: a key must be a plain word, not a list"),
        ("api:\n  key: ~\n  key: b\n", "hub.yaml:3: api.key is written twice (first in line 2); keep one"),
        ("api:\nserver:\napi:\n", "hub.yaml:3: api is written twice (first in line 1); keep one"),
        ("api:\n  <<: {key: a}\n", "hub.yaml:2: merged sections (<<) are not supported; write the keys out"),
        ("api:\n  key: !a\n", MARKED),
        ("api:\n  key: &a\n", MARKED),
        ("api:\n\tkey: a\n", "hub.yaml:2: a tab cannot indent in YAML; use spaces"),
        ("api:\n  key: a\n\tserver: b\n", "hub.yaml:3: a tab cannot indent in YAML; use spaces"),
        ("api:\n---\nserver:\n", "hub.yaml:2: it holds a second document (---); keep one"),
        ("api:\n  key: hunter2: b\n", f"hub.yaml:2: {INVALID}"),
        ("api:\n  key: 'hunter2\n", f"hub.yaml:3: {INVALID}"),
        ("api:\n  key: %hunter2\n", f"hub.yaml:2: {INVALID}"),
        ("api:\n  key: *hunter2\n", f"hub.yaml:2: {INVALID}"),
        ("api:\n key: a\n  server: b\n", f"hub.yaml:3: {INVALID}"),
        ("api:\n  key: a\0b\n", "hub.yaml: it holds a character that YAML does not allow"),
        (b"api:\n  key: \xff\n", "hub.yaml: not UTF-8 text (line 2)"),
        ("api:\n".encode("utf-16"), "hub.yaml: not UTF-8 text (line 1)"),
        (NESTED_BEYOND_ANY_STACK, "hub.yaml: nested too deeply"),
        ("#" * (1024 * 1024 + 1), "hub.yaml: larger than 1 MiB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_plain_line(tmp_path: Path, text: str | bytes, problem: str) -> None:
    assert read(tmp_path, text) == Found(problems=[problem])


def test_several_problems_are_all_told_beside_what_can_be_read(tmp_path: Path) -> None:
    text = "api: 1\nserver:\n  listen: {}\n  proxies: a\n  proxies: b\n"
    assert read(tmp_path, text) == Found(
        values={"server.proxies": Written("a", is_list=False, where="hub.yaml:4")},
        problems=[
            "hub.yaml:1: api must be a section (of key), not a single value",
            "hub.yaml:3: server.listen must be a plain value, not a section",
            "hub.yaml:5: server.proxies is written twice (first in line 4); keep one",
        ],
    )


def test_a_missing_file_and_a_directory_are_told(tmp_path: Path) -> None:
    assert read_yaml(tmp_path, SECTIONS).problems == [f"{tmp_path}: is a directory"]
    missing = tmp_path / "hub.yaml"
    assert read_yaml(missing, SECTIONS).problems == [f"{missing}: no such file or directory"]


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "hub.yaml"
    path.touch(mode=0)
    user = os.geteuid()
    if user == 0:  # root may read every file; for a moment it is nobody
        os.seteuid(65534)
    try:
        assert read_yaml(path, SECTIONS).problems == [f"{path}: permission denied"]
    finally:
        os.seteuid(user)


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(Unreadable, match=r"^larger than 1 MiB$"):
        read_text(Path("/dev/zero"))


BY_VARIABLE = {setting.variable: setting for setting in SETTINGS.values()}
KEY, KEY_FILE = "FELHOM_HUB_API__REPORT_API_KEY", "FELHOM_HUB_API__REPORT_API_KEY_FILE"


def test_a_variable_is_read_even_where_it_is_empty() -> None:
    environ = {"FELHOM_HUB_SERVER__LISTEN": "", KEY: "k", "HOME": "/"}
    assert read_environment(environ, BY_VARIABLE) == Found(
        values={
            "api.report_api_key": Written("k", is_list=False, where=KEY),
            "server.listen": Written("", is_list=False, where="FELHOM_HUB_SERVER__LISTEN"),
        }
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("k", "k"),
        ("k\n", "k"),
        ("k\r\n", "k"),
        ("k\n\n", "k\n"),
        (" k ", " k "),
        ("k\r", "k\r"),
        ("\ufeffk", "k"),
    ],
)
def test_a_secret_is_read_from_a_file_without_its_last_line_break(tmp_path: Path, content: str, text: str) -> None:
    path = tmp_path / "key"
    path.write_bytes(content.encode())
    values = {"api.report_api_key": Written(text, is_list=False, where=f"{KEY_FILE} ({path})")}
    assert read_environment({KEY_FILE: str(path)}, BY_VARIABLE) == Found(values=values)


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_secret_file_switches_nothing_off(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    problem = f"{KEY_FILE} ({path}): the file for api.report_api_key is empty"
    assert read_environment({KEY_FILE: str(path)}, BY_VARIABLE) == Found(problems=[problem])


def test_a_secret_given_twice_is_a_problem(tmp_path: Path) -> None:
    environ = {KEY: "hunter2", KEY_FILE: str(tmp_path / "missing")}
    assert read_environment(environ, BY_VARIABLE) == Found(problems=[f"{KEY} and {KEY_FILE} are both set; keep one"])


@pytest.mark.parametrize(("name", "reason"), [("missing", "no such file or directory"), ("", "is a directory")])
def test_a_secret_file_that_cannot_be_read_is_a_problem(tmp_path: Path, name: str, reason: str) -> None:
    path = str(tmp_path / name)
    problem = f"{KEY_FILE} ({path}): api.report_api_key cannot be read from this file: {reason}"
    assert read_environment({KEY_FILE: path}, BY_VARIABLE) == Found(problems=[problem])


def test_a_variable_that_names_no_secret_file_says_so() -> None:
    problem = f"{KEY_FILE} is set, but names no file for api.report_api_key"
    assert read_environment({KEY_FILE: ""}, BY_VARIABLE) == Found(problems=[problem])


def test_what_is_no_secret_cannot_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "listen"
    path.write_text(":80")
    assert read_environment({"FELHOM_HUB_SERVER__LISTEN_FILE": str(path)}, BY_VARIABLE) == Found()
