from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.configs.values import MAPPINGS

from felhom_hub.boxes.diff import Comparison, Kind, compare
from felhom_hub.configs.documents import read_plain
from felhom_hub.configs.masking import MASK
from felhom_hub.configs.paths import leaves


def lines_of(comparison: Comparison) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [(line.key, line.kind.value, line.template, line.hub, line.controller) for line in comparison.differences]


def turned(value: Any) -> Any:
    """Every map in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(each) for key, each in reversed(value.items())}
    return [turned(each) for each in value] if isinstance(value, list) else value


def test_each_kind_with_the_three_values_side_by_side() -> None:
    template = {"backup": {"keep": 7}, "logging": {"level": "info"}}
    hub = {"backup": {"keep": 7}, "logging": {"level": "info"}, "monitoring": {"disk_warn": 85}}
    controller = {"backup": {"keep": 14}, "logging": {"level": "info"}, "apps": {"jellyfin": {"hw": "vaapi"}}}

    found = compare(hub, controller, template=template)

    assert lines_of(found) == [
        ("backup.keep", "changed", "7", "7", "14"),
        ("monitoring.disk_warn", "only in hub", None, "85", None),
        ("apps.jellyfin.hw", "only on controller", None, None, "vaapi"),
    ]
    assert [line.key for line in found.equal] == ["logging.level"]
    assert [found.count(kind) for kind in (Kind.CHANGED, Kind.HUB, Kind.CONTROLLER)] == [1, 1, 1]


def test_order_quoting_and_comments_say_nothing() -> None:
    hub = read_plain("a: one\nb: {x: 1, y: [1, {p: 1, q: 2}]}\n")
    controller = read_plain("# mine\nb:\n  'y':\n    - 1.0\n    - q: 2\n      p: 1\n  x: 1\na: \"one\"\n")

    assert compare(hub, controller, template={}).differences == ()


@pytest.mark.parametrize(
    ("left", "right"), [(1, True), (0, False), ("7", 7), ("", None), ([], {}), ([1, 2], [2, 1]), ("a", "a ")]
)
def test_other_values_and_kinds_differ(left: Any, right: Any) -> None:
    assert [line.kind for line in compare({"k": left}, {"k": right}, template={}).differences] == [Kind.CHANGED]


def test_a_text_and_a_number_can_be_told_apart() -> None:
    (line,) = compare({"k": "7"}, {"k": 7}, template={}).differences

    assert (line.hub, line.controller) == ('"7"', "7")


def test_a_map_where_the_other_has_a_value_is_one_line() -> None:
    found = compare({"k": {"a": 1, "b": 2}, "m": {}}, {"k": 5, "m": {"c": {"d": 1}}}, template={})

    assert lines_of(found) == [
        ("k", "changed", None, '{"a": 1, "b": 2}', "5"),
        ("m", "changed", None, "{}", '{"c": {"d": 1}}'),
    ]


def test_volatile_keys_are_counted_and_left_out() -> None:
    hub = {"monitoring": {"ping_uuids": {"backup": "a", "heartbeat": "b"}}, "web": {"session_secret": "s" * 20}}
    controller = {
        "monitoring": {"ping_uuids": {"backup": "c"}},
        "web": {"session_secret": "t" * 20, "port": 80},
        "local_api": {"port": 1, "token": "x"},
    }

    found = compare(hub, controller, template={})

    assert [line.key for line in found.differences] == ["web.port"]
    assert found.volatile == 5


def test_no_secret_is_told_wherever_it_stands() -> None:
    hub = {
        "hub": {"api_key": "canary-1-hub"},
        "infrastructure": {"cf_api_token": ""},
        "url": "https://x/canary-4-known",
    }
    controller = {
        "hub": {"api_key": "canary-2-box"},
        "infrastructure": {"cf_api_token": "canary-3-box"},
        "secrets": {"canary-5-as-a-key": "canary-6"},
        "list": [{"name": "a", "password": "canary-7"}],
        "url": "https://x/",
    }

    found = compare(hub, controller, template={"hub": {"api_key": "canary-8"}}, secrets=["canary-4-known"])

    assert "canary" not in repr(found)
    assert [(line.key, line.hub, line.controller) for line in found.differences] == [
        ("hub.api_key", MASK, MASK),
        ("infrastructure.cf_api_token", '""', MASK),
        ("url", MASK, MASK),
        ("secrets", None, MASK),
        ("list", None, MASK),
    ]


def test_odd_keys_and_long_values_are_bounded_lines() -> None:
    (line,) = compare({"a.b\n\x00": {"c": "x" * 1000}}, {}, template={}).differences

    assert line.key == '"a.b ".c'
    assert len(line.hub or "") == 300


@given(MAPPINGS)
def test_nothing_differs_from_itself_in_any_order(values: dict[str, Any]) -> None:
    found = compare(values, turned(values), template={})

    assert found.differences == ()
    assert len(found.equal) + found.volatile == len(list(leaves(values)))


@given(MAPPINGS, MAPPINGS)
def test_differences_are_the_same_from_both_sides(one: dict[str, Any], other: dict[str, Any]) -> None:
    here, there = compare(one, other, template={}), compare(other, one, template={})

    assert {line.path for line in here.differences} == {line.path for line in there.differences}
    assert here.count(Kind.HUB) == there.count(Kind.CONTROLLER)
    assert (here.differences == ()) == (there.differences == ())


@given(st.floats(allow_nan=True))
def test_even_no_number_equals_itself(value: float) -> None:
    assert compare({"k": value}, {"k": value}, template={}).differences == ()
