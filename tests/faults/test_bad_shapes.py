"""Any JSON value in any place of a report or event: it is taken, stored, and everything can be read afterwards."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build import report_document
from tests.servers.hub import Hub

from felhom_hub.reports.app_telemetry import PATHS as TELEMETRY_PATHS
from felhom_hub.reports.payload import PATHS

CUSTOMER = "shapeless"
# Each name that a reader looks for, wherever it looks for it.
LOOKED_FOR = [*PATHS.values(), *TELEMETRY_PATHS.values()]
LISTS = ["issues", "errors", "warnings", "paths", "disks", "drives", "app_telemetry", "containers", "stacks", "storage"]
SIZES = [f"{stem}_{unit}" for stem in ("used", "memory_used", "memory_total") for unit in ("bytes", "mb", "gb")]
OF_EVENTS = ["event_type", "severity", "message", "details", "details_json", "source"]
NAMES = sorted(
    {part for paths in LOOKED_FOR for path in paths for part in path.split(".")} | {*LISTS, *SIZES, *OF_EVENTS}
)
# Lone surrogates and NULs are JSON, written as \uXXXX.
TEXTS = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(
    [
        "12.5",
        "41 %",
        "1e5",
        "ok",
        "fail",
        "true",
        "2026-11-23T12:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
    ]
)
NUMBERS = st.integers() | st.integers(-(10**40), 10**40) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | TEXTS, inner, max_size=6),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=12)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of each value in the document."""
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [found for key, value in inner for found in [(*path, key), *places(value, (*path, key))]]


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with another value in that place."""
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = replaced(document[path[0]], path[1:], value)
    return copy


WHOLE = report_document()
PLACES = places(WHOLE)


@st.composite
def damaged_reports(draw: st.DrawFn) -> dict[str, Any]:
    """A report in the contract's form, some of whose values are something else."""
    document = WHOLE
    for place in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=5, unique=True)):
        try:
            document = replaced(document, place, draw(VALUES))
        except (TypeError, KeyError, IndexError, AttributeError):
            continue  # an earlier one took this place away
    return document


def body_of(document: dict[str, Any], **members: str) -> bytes:
    return json.dumps({**document, "customer_id": CUSTOMER, **members}).encode()


@settings(max_examples=60)
@given(damaged_reports() | DOCUMENTS)
def test_report_of_any_shape_is_taken_and_read_again(hub: Hub, document: dict[str, Any]) -> None:
    body = body_of(document)

    assert hub.post("/api/v1/report", body).document == {"ok": True}

    check_readable(hub)


@settings(max_examples=60)
@given(DOCUMENTS)
def test_event_of_any_shape_is_taken_or_refused_plainly(hub: Hub, document: dict[str, Any]) -> None:
    answer = hub.post("/api/v1/event", body_of(document, event_type="backup_completed"))

    if answer.status != 200:
        assert (answer.status, answer.document) == (
            422,
            {"ok": False, "error": "severity must be info, warning or error"},
        )
    check_readable(hub)


OF_PREFERENCES = st.fixed_dictionaries(
    {},
    optional={"email": VALUES, "enabled_events": VALUES | st.lists(TEXTS), "cooldown_hours": VALUES | st.integers(0)},
)


@settings(max_examples=60)
@given(OF_PREFERENCES)
def test_preferences_of_any_shape_are_taken_or_refused_plainly(hub: Hub, document: dict[str, Any]) -> None:
    answer = hub.post("/api/v1/preferences", body_of({**document, "version": 1}))

    if answer.status != 200:
        assert answer.status == 422
        assert answer.document["error"].split()[0] in document
    assert hub.post("/api/v1/report", body_of(WHOLE)).status == 200
    check_readable(hub)


@settings(max_examples=60)
@given(DOCUMENTS)
def test_notice_of_any_shape_is_taken_or_refused_plainly(hub: Hub, document: dict[str, Any]) -> None:
    answer = hub.post("/api/v1/notify", body_of(document))

    if answer.status != 200:
        assert answer.status == 422
        assert answer.document["error"].split()[0] in document
    assert hub.post("/api/v1/report", body_of(WHOLE)).status == 200
    check_readable(hub)


def check_readable(hub: Hub) -> None:
    customers = hub.get("/api/v1/customers").document["customers"]
    assert [customer["customer_id"] for customer in customers] == [CUSTOMER]
    assert hub.get(f"/api/v1/customers/{CUSTOMER}").document["ok"] is True
    assert hub.get(f"/api/v1/customers/{CUSTOMER}/history?period=90d").document["ok"] is True
    for page in ("/", f"/customers/{CUSTOMER}"):
        assert hub.get(page).status < 500
    assert "Traceback" not in hub.log


@pytest.mark.parametrize("damage", [True, "text", 7, [], {}, None])
def test_every_single_member_may_be_anything(hub: Hub, damage: object) -> None:
    for place in PLACES:
        body = body_of(replaced(WHOLE, place, damage))
        assert hub.post("/api/v1/report", body).document == {"ok": True}, place
    check_readable(hub)
