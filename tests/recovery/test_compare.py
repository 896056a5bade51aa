from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from felhom_hub.recovery.compare import MAX_CHANGES, Change, Comparison, Kind, compare

ADDED, REMOVED, CHANGED = Kind.ADDED, Kind.REMOVED, Kind.CHANGED
DATA, BACKUP = {"name": "data", "uuid": "1"}, {"name": "backup", "uuid": "2"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(st.text(), VALUES)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"b": 1}, [Change("a", "", REMOVED), Change("b", "", ADDED)]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, [Change("a", "b › c", CHANGED)]),
        ({"disks": [DATA, BACKUP]}, {"disks": [BACKUP, DATA]}, []),
        ({"disks": [DATA, BACKUP]}, {"disks": [BACKUP]}, [Change("disks", "data", REMOVED)]),
        ({"disks": [DATA]}, {"disks": [{**DATA, "uuid": "9"}]}, [Change("disks", "data › uuid", CHANGED)]),
        ({"list": [1, 2]}, {"list": [2, 1]}, [Change("list", "1", CHANGED), Change("list", "2", CHANGED)]),
        ({"a": True}, {"a": 1}, [Change("a", "", CHANGED)]),
        ({"a": {"b": [1]}}, {"a": {"b": [True]}}, [Change("a", "b › 1", CHANGED)]),
        ({"a": {}}, {"a": "text"}, [Change("a", "", CHANGED)]),
        (
            {"a": [{"name": "x"}]},
            {"a": [{"name": "x"}, {"name": "x"}]},
            [Change("a", "x", REMOVED), Change("a", "1", ADDED), Change("a", "2", ADDED)],
        ),
    ],
)
def test_changes_are_told_by_key(before: dict[str, Any], after: dict[str, Any], expected: list[Change]) -> None:
    assert sorted(compare(before, after).changes, key=str) == sorted(expected, key=str)


def test_no_value_is_told_and_below_a_secret_no_key() -> None:
    before = {"restic_passwords": {"local": "hunter2"}, "hub": {"api_key": "k1", "url": "u1"}}
    after = {"restic_passwords": {"local": "hunter3", "hunter4": "x"}, "hub": {"api_key": "k2", "url": "u2"}}

    found = compare(before, after)

    assert found.changes == [
        Change("hub", "api_key", CHANGED, is_secret=True),
        Change("hub", "url", CHANGED),
        Change("restic_passwords", "", CHANGED, is_secret=True),
    ]
    assert not any(value in str(found) for value in ("hunter", "k1", "k2", "u1", "u2"))


def test_many_changes_are_cut() -> None:
    before = {"a": {str(n): n for n in range(MAX_CHANGES)}}
    after = {"a": {str(n): -n - 1 for n in range(MAX_CHANGES)}}
    assert not compare(before, after).is_cut
    assert len(compare({**before, "z": 1}, {**after, "z": 2}).changes) == MAX_CHANGES
    assert compare({**before, "z": 1}, {**after, "z": 2}).is_cut


@given(DOCUMENTS)
def test_equal_documents_have_no_difference(document: dict[str, Any]) -> None:
    assert compare(document, document) == Comparison([])


@given(DOCUMENTS, DOCUMENTS)
def test_the_way_back_has_the_same_changes_the_other_way(before: dict[str, Any], after: dict[str, Any]) -> None:
    turned = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}

    there = [(each.part, each.path, turned[each.kind]) for each in compare(before, after).changes]
    back = [(each.part, each.path, each.kind) for each in compare(after, before).changes]

    assert there == back
