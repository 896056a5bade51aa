import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from tests.configs.values import KEYS, MAPPINGS, VALUES

from felhom_hub.configs.documents import DocumentError, read_plain
from felhom_hub.configs.merge import merged
from felhom_hub.configs.render import render
from felhom_hub.configs.scalars import written

TEMPLATE = """\
# What the box is
customer:
  id: ""            # who
  name: Example     # shown
  email:            # may be empty
hub:
  enabled: true
  # before the key
  api_key: CHANGEME # secret

# Lists
stacks:
  - a   # first
  # between
  - b

# After them
schedule: "04:30"
flow: {a: 1, b: x} # short
text: |
  several
  # no comment
  lines

# The end
paths:
  data: /mnt
  deep:
    x: 1
# last
"""


def test_without_overrides_a_template_is_left_as_it_is() -> None:
    assert render(TEMPLATE, {}) == TEMPLATE
    assert render("a: 1", {}) == "a: 1\n"


def test_values_are_put_where_the_old_ones_were() -> None:
    overrides = {
        "customer": {"id": "kovács-péter", "name": "no", "email": "a@b.hu"},
        "hub": {"enabled": False, "api_key": "fh_x", "retry": {"times": [1, {"a": "b"}, []]}},
        "paths": {"deep": {"y": ["z"]}},
        "extra": 1.5,
    }

    assert render(TEMPLATE, overrides).splitlines() == [
        "# What the box is",
        "customer:",
        "  id: kovács-péter            # who",
        '  name: "no"     # shown',
        "  email: a@b.hu            # may be empty",
        "hub:",
        "  enabled: false",
        "  # before the key",
        "  api_key: fh_x # secret",
        "  retry:",
        "    times:",
        "      - 1",
        "      - a: b",
        "      - []",
        *TEMPLATE.splitlines()[9:-1],
        '    "y":',
        "      - z",
        "extra: 1.5",
        "# last",
    ]


@pytest.mark.parametrize(
    ("overrides", "lines"),
    [
        ({"stacks": ["c"]}, ["stacks:", "  # first", "  # between", "  - c", "", "# After them"]),
        ({"stacks": "none"}, ["stacks: none", "  # first", "  # between", "", "# After them"]),
        ({"flow": {"b": [2]}}, ["flow: # short", "  a: 1", "  b:", "    - 2", "text: |"]),
        ({"flow": "x"}, ["flow: x # short"]),
        ({"text": ["x"]}, ["text:", "  - x", "", "# The end"]),
        ({"text": "one"}, ["text: one", "", "# The end"]),
        ({"customer": {"email": ["x"]}}, ["  email:            # may be empty", "    - x", "hub:"]),
        ({"customer": {"name": {"x": 1}}}, ["  name:     # shown", "    x: 1", "  email:"]),
        ({"paths": "none"}, ["paths: none", "# last"]),
    ],
)
def test_a_value_of_another_kind_takes_the_place_and_comments_stay(overrides: Any, lines: list[str]) -> None:
    rendered = render(TEMPLATE, overrides)

    assert "\n".join(lines) in rendered
    assert comments(TEMPLATE) <= comments(rendered)
    assert read_plain(rendered) == merged(read_plain(TEMPLATE), overrides)


def test_a_line_whose_value_stays_is_the_templates_own() -> None:
    template = "a: 'x'   # as it is\nb:\n    - one   # odd indent\nc: 0x1F\nd: {e: 1}\n"

    assert render(template, {"a": "x", "b": ["one"], "c": 31, "d": {"e": 1}}) == template
    assert render(template, {"c": 31.0, "d": {"e": True}}) == (
        "a: 'x'   # as it is\nb:\n    - one   # odd indent\nc: 31.0\nd:\n  e: true\n"
    )


def test_what_readers_of_the_template_would_fall_out_over_is_settled() -> None:
    template = "a: no # really\nb: [012, 1e3, 7]\nc:\n  - 2026-11-26\n"

    assert render(template, {}) == 'a: "no" # really\nb: ["012", 1000.0, 7]\nc:\n  - "2026-11-26"\n'


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("", "It is no mapping of keys to values."),
        ("- a", "It is no mapping of keys to values."),
        ("a: [", "Line 2 is not YAML"),
        ("a: 1\na: 2", "Line 2: a is there twice."),
        ("a: &x 1\nb: *x", "Line 1: anchors and aliases"),
        ("a: !!python/name:os 1", "Line 1: tags (!) are not possible here."),
        ("a: 1\n---\nb: 2", "Line 2: only one document is possible."),
        ("? [a]\n: 1", "Line 1: a key must be a word."),
    ],
)
def test_a_broken_template_says_where(template: str, sentence: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(sentence)):
        render(template, {})


@st.composite
def templates(draw: st.DrawFn) -> str:
    """A document with comments wherever they may stand."""
    lines: list[str] = []
    numbers = iter(range(1000))

    def comment() -> str:
        return f" # c{next(numbers)}" if draw(st.booleans()) else ""

    def put(value: Any, indent: str) -> None:
        for key, each in value.items() if isinstance(value, dict) else ((None, each) for each in value):
            if draw(st.integers(0, 4)) == 0:
                lines.append(draw(st.sampled_from(["", f"{indent}# c{next(numbers)}", f"# c{next(numbers)}"])))
            head = f"{indent}-" if key is None else f"{indent}{written(key)}:"
            if isinstance(each, dict | list) and each and key is not None:
                lines.append(head + comment())
                put(each, f"{indent}  ")
            elif isinstance(each, dict | list):
                lines.append(f"{head} {'{}' if isinstance(each, dict) else '[]'}{comment()}")
            elif isinstance(each, str) and draw(st.booleans()) and re.fullmatch(r"\w+( \w+)*", each, re.ASCII):
                lines.extend([f"{head} |{comment()}", f"{indent}    {each}", f"{indent}    # {each}"])
            else:
                lines.append(f"{head} {'' if each is None else written(each)}{comment()}")

    put(draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)), "")
    return "\n".join(lines) + "\n"


@given(template=templates(), overrides=MAPPINGS)
def test_whatever_is_laid_over_whatever_two_readers_find_what_was_merged(
    template: str, overrides: dict[str, Any]
) -> None:
    wanted = merged(read_plain(template), overrides)
    rendered = render(template, overrides)

    assert read_plain(rendered) == wanted
    assert yaml.safe_load(rendered) == wanted
    assert YAML(typ="safe", pure=True).load(rendered) == wanted
    assert comments(template) <= comments(rendered)
    assert render(rendered, overrides) == rendered
    assert render(template, overrides) == rendered


def comments(text: str) -> set[str]:
    return set(re.findall(r"# (?:c\d+|first|between|short|who|shown|secret|last|The end|Lists|After them)\b", text))
