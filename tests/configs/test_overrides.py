import time

import pytest

from felhom_hub.configs.overrides import MAX_LENGTH, problem_of, read_overrides


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "assets:\n  sync_enabled: true # nightly\npaths:\n  data: /mnt/hdd1\n",
        "hub:\n  enabled: true\nlogging:\nmonitoring: ~\n",
        "list: [1, 2, {a: b}]\nnő: 'igen'\n",
    ],
)
def test_a_mapping_is_fine_with_its_comments(text: str) -> None:
    assert problem_of(text) == ""


def test_what_is_fine_can_be_read() -> None:
    assert read_overrides("a:\n  b: 1 # c\n") == {"a": {"b": 1}}
    assert read_overrides("# only a comment\n") == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a\n- b\n", "Must be keys with values"),
        ("just words", "Must be keys with values"),
        ("a: 1\n\tb: 2\n", "Line 2: indent with spaces"),
        ("a: 1\nb: [1, 2\n", "Line 3 is not YAML"),
        ("a: 1\nb: 2\na: 3\n", "Line 3: a is there twice."),
        ("a:\n  b: 1\n  b: 2\n", "Line 3: b is there twice."),
        ("x: &x {a: 1}\ny: *x\n", "Line 1: anchors and aliases"),
        ("a: !!python/object/apply:os.system ['true']\n", ""),
        ("a: !env HOME\n", "Line 1: tags (!) are not possible here."),
        ("a: 1\n---\nb: 2\n", "Line 2: only one document"),
        ("<<: {a: 1}\n", "Line 1: a key must be a word."),
        ("? [a, b]\n: 1\n", "Line 1: a key must be a word."),
        ("d: 2026-13-45\n", "This is not YAML that can be read."),
        ("customer:\n  id: other\n", "Line 1: customer cannot be overridden; set it under Identity."),
        ("hub:\n  enabled: true\n  api_key: x\n", "Line 3: hub.api_key cannot be overridden; the hub makes the key"),
        ("web:\n  session_secret: x\n", "Line 2: web.session_secret cannot be overridden"),
        ("infrastructure:\n  cf_api_token: x\n", "Line 1: infrastructure cannot be overridden; enter tokens under"),
        ("hub: off\n", "Line 1: hub must be a mapping"),
        ("monitoring:\n  ping_uuids:\n    backup: x\n", "Line 2: monitoring.ping_uuids cannot be overridden"),
        ("[" * 3000, "Line 1"),
        ("a: " + "{a: " * 30 + "}" * 30, "Line 1: more than 20 levels deep."),
        ("a: b\x00c", "This is not YAML that can be read."),
        ("a" * (MAX_LENGTH + 1), "Must be at most 16,384 characters long."),
    ],
)
def test_the_first_mistake_is_named_with_its_line(text: str, sentence: str) -> None:
    assert problem_of(text) != ""
    assert problem_of(text).startswith(sentence)


@pytest.mark.parametrize("text", ["[" * MAX_LENGTH, "{" * MAX_LENGTH, "a: " * 5000, "- " * 8000, "'" * MAX_LENGTH])
def test_nothing_takes_long(text: str) -> None:
    started = time.process_time()  # a busy machine is not its fault

    assert problem_of(text) != ""
    assert time.process_time() - started < 5
