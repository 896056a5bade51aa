from typing import Any

import pytest

from felhom_hub.base.tolerant import as_number, as_text
from felhom_hub.reports import payload
from felhom_hub.reports.detail_paths import PATHS, SIZE_STEMS, find, items, size


def test_the_first_readable_path_counts() -> None:
    document = {"system": {"load_1": "high", "load1": 0.4, "load_average_1m": 9.0}}

    assert find(document, "load_1", as_number) == 0.4


@pytest.mark.parametrize("document", [{}, {"system": None}, {"system": "x"}, {"system": {"os": 5}}])
def test_what_is_nowhere_readable_is_not_reported(document: dict[str, Any]) -> None:
    assert find(document, "os", lambda value: as_text(value, 10)) is None


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ({"used_bytes": 5}, 5.0),
        ({"used_mb": 5}, 5e6),
        ({"used_gb": "5"}, 5e9),
        ({"used_size_gb": 5}, 5e9),
        ({"used_bytes": -1, "used_mb": 5}, 5e6),
        ({"used_bytes": 0}, 0.0),
        ({"used": 5}, None),
        ({}, None),
    ],
)
def test_a_size_is_bytes_whichever_unit_it_comes_in(sizes: dict[str, Any], found: float | None) -> None:
    assert size(sizes, "used") == found


def test_items_come_from_the_first_path_that_has_some() -> None:
    document = {"storage": {"paths": [], "disks": [5, {"name": "a"}], "drives": [{"name": "b"}]}}

    assert items(document, "drives") == [{"name": "a"}]


def test_facts_that_both_readers_know_have_one_entry() -> None:
    shared = set(PATHS) & set(payload.PATHS)

    assert {fact: PATHS[fact] for fact in shared} == {fact: payload.PATHS[fact] for fact in shared}
    assert all(PATHS.values())
    assert all(SIZE_STEMS.values())
