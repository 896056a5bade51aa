from typing import Any

from hypothesis import given
from tests.configs.values import MAPPINGS

from felhom_hub.configs.merge import is_empty, merged


def test_maps_merge_scalars_and_lists_replace_and_what_is_empty_keeps_what_is_there() -> None:
    base = {"a": {"x": 1, "y": [1, 2]}, "b": "text", "c": {"deep": True}, "d": 0}
    overrides = {"a": {"y": [3], "z": 4}, "b": "", "c": None, "d": False, "new": {"k": None}}

    assert merged(base, overrides) == {
        "a": {"x": 1, "y": [3], "z": 4},
        "b": "text",
        "c": {"deep": True},
        "d": False,
        "new": {"k": None},
    }
    assert list(merged(base, overrides)) == ["a", "b", "c", "d", "new"]
    assert base["a"] == {"x": 1, "y": [1, 2]}


def test_a_map_takes_the_place_of_a_scalar_and_a_scalar_that_of_a_map() -> None:
    assert merged({"a": 1, "b": {"c": 2}}, {"a": {"x": 3}, "b": "text"}) == {"a": {"x": 3}, "b": "text"}


@given(base=MAPPINGS, overrides=MAPPINGS)
def test_merging_twice_changes_nothing(base: dict[str, Any], overrides: dict[str, Any]) -> None:
    once = merged(base, overrides)

    assert merged(once, overrides) == once
    assert merged(base, {}) == base
    assert all(once[key] == base.get(key, value) for key, value in overrides.items() if is_empty(value))
