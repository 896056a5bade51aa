"""The quick way of reading an app's entry says what the tolerant one says, or leaves it to that one."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build import app_entry

from felhom_hub.reports.app_telemetry import MAX_APPS, PATHS, AppEntry, read_apps, read_canonical_apps

NUMBERS = st.one_of(
    st.none(), st.integers(-1, 10**18), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0, 1e15])
)
TEXTS = st.one_of(st.none(), st.text(max_size=5), st.sampled_from(["", " a ", "a", "a\x00", "é" * 300]))
ISSUES = st.one_of(
    st.none(),
    st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(("fingerprint", "message", "text", "count"), TEXTS))),
)
CANONICAL = {
    "app_name": TEXTS,
    "display_name": TEXTS,
    "top_issues": ISSUES,
    **{
        PATHS[fact][0]: NUMBERS
        for fact in (
            "memory_current_mb", "memory_avg_mb", "memory_peak_mb", "cpu_avg_percent", "memory_request_mb",
            "memory_limit_mb", "log_errors_24h", "log_warnings_24h",
        )
    },
}  # fmt: skip
ENTRIES = st.lists(
    st.fixed_dictionaries({}, optional={**CANONICAL, "name": TEXTS, "mem_avg_mb": NUMBERS, "containers": ISSUES}),
    max_size=4,
)


def entries_of(document: Any) -> list[Any]:
    decoder: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(list[AppEntry])  # type: ignore[valid-type]  # made at run time
    return decoder.decode(json.dumps(document).encode())


@given(ENTRIES)
def test_both_ways_read_the_same(document: list[dict[str, Any]]) -> None:
    try:
        quick = read_canonical_apps(entries_of(document))
    except msgspec.ValidationError:  # a number out of range, or of another type
        quick = None

    assert quick in (None, read_apps(document))


def test_the_canonical_entry_is_read_the_quick_way() -> None:
    document = [
        app_entry(top_issues=[{"severity": "error", "message": "no route", "fingerprint": "f", "count": 3}]),
        app_entry(app_name="paperless", memory_avg_mb=None, log_errors_24h=None, containers=[{"container_name": "x"}]),
        app_entry(app_name=" "),
        app_entry(memory_avg_mb=1),
    ]

    assert read_canonical_apps(entries_of(document)) == read_apps(document)


@pytest.mark.parametrize("alias", ["name", "title", "mem_avg_mb", "error_count", "recent_issues"])
def test_an_alias_is_left_to_the_tolerant_way(alias: str) -> None:
    assert read_canonical_apps(entries_of([app_entry(), app_entry(app_name="b", **{alias: "1"})])) is None


@pytest.mark.parametrize("odd", [{"memory_avg_mb": "12"}, {"cpu_avg_percent": -1}, {"app_name": 7}])
def test_an_entry_of_another_type_does_not_decode(odd: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        entries_of([app_entry(**odd)])


def test_no_more_apps_are_read_than_one_box_can_run() -> None:
    document = [app_entry(app_name=str(number)) for number in range(MAX_APPS + 3)]

    assert read_canonical_apps(entries_of(document)) == read_apps(document)
