import json
import sys
from typing import Any

import pytest

from felhom_hub.base.errors import ApiError, BadRequest, Impossible
from felhom_hub.customers.identity import read_object
from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.events.payload import EventFacts, read_event

LARGEST = sys.float_info.max
FORM = "event_type must be 3 to 64 lower-case letters, digits and underscores, a letter first"


def read(*, strict_types: bool = False, **members: Any) -> EventFacts:
    document = {"customer_id": "kovacs-peter", "event_type": "backup_failed", **members}
    return read_event(document, customer_id="kovacs-peter", strict_types=strict_types)


def test_a_whole_event_is_read() -> None:
    found = read(severity="warning", message="restic: exit status 1", details={"exit": 1}, source="backup")

    assert found == EventFacts(
        "kovacs-peter", "backup_failed", "warning", "restic: exit status 1", '{"exit": 1}', "backup"
    )


def test_an_event_that_only_names_its_type_has_the_rest_by_default() -> None:
    assert read() == EventFacts("kovacs-peter", "backup_failed", "error", "", "", "controller")


@pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items() if entry.from_controller])
@pytest.mark.parametrize("strict_types", [False, True])
def test_every_type_of_a_controller_is_taken_with_its_own_severity(name: str, strict_types: bool) -> None:
    found = read(event_type=name, strict_types=strict_types)

    assert (found.event_type, found.severity) == (name, CATALOGUE[name].default_severity)


@pytest.mark.parametrize("event_type", ["fan_too_loud", "abc", "a" * 64, "backup_success", "x1_", "notify"])
def test_an_uncatalogued_type_is_taken_unless_types_are_strict(event_type: str) -> None:
    assert (read(event_type=event_type).event_type, read(event_type=event_type).severity) == (event_type, "info")

    with pytest.raises(Impossible) as caught:
        read(event_type=event_type, strict_types=True)
    assert caught.value.sentence == (
        f"event_type {event_type} is not in the catalogue, and api.strict_event_types is on"
    )


@pytest.mark.parametrize(
    "event_type",
    ["", "ab", "a" * 65, "Backup_failed", "1abc", "_abc", "a-b-c", "a b c", "abc\n", "ábc", "abc\x00", 1, True, [], {}],
)
def test_a_type_of_another_form_is_impossible(event_type: Any) -> None:
    with pytest.raises(Impossible) as caught:
        read(event_type=event_type)

    assert caught.value.sentence == FORM


@pytest.mark.parametrize("event_type", ["node_down", "node_other", "host_x", "expected_backup_missed", "hub_started"])
def test_a_type_of_the_hub_is_not_taken_from_a_controller(event_type: str) -> None:
    with pytest.raises(Impossible) as caught:
        read(event_type=event_type)

    assert caught.value.sentence == f"event_type {event_type} is the hub's own and not taken from a controller"


@pytest.mark.parametrize("members", [{}, {"event_type": None}, {"type": "backup_failed"}])
def test_no_type_is_missing(members: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as caught:
        read_event(members, customer_id="a", strict_types=False)

    assert caught.value.sentence == "event_type is missing"


@pytest.mark.parametrize("strict_types", [False, True])
@pytest.mark.parametrize("members", [{}, {"event_type": None}, {"event_type": ""}, {"event_type": "notify"}])
def test_a_type_that_is_not_named_may_have_a_default_that_is_taken_strict_or_not(
    members: dict[str, Any], strict_types: bool
) -> None:
    found = read_event(members, customer_id="a", strict_types=strict_types, default_type="notify")

    assert found == EventFacts("a", "notify", "info", "", "", "controller")


@pytest.mark.parametrize("event_type", ["node_down", "No", 0, False, [], "fan_too_loud"])
def test_a_default_excuses_no_other_type(event_type: Any) -> None:
    with pytest.raises(Impossible):
        read_event({"event_type": event_type}, customer_id="a", strict_types=True, default_type="notify")


@pytest.mark.parametrize(
    ("severity", "read_as"),
    [("info", "info"), ("warning", "warning"), ("error", "error"), (None, "error"), ("", "error")],
)
def test_severities(severity: Any, read_as: str) -> None:
    assert read(severity=severity).severity == read_as


@pytest.mark.parametrize("severity", ["warn", "Error", "critical", " info", 0, 1, True, [], {}])
def test_another_severity_is_impossible(severity: Any) -> None:
    with pytest.raises(ApiError) as caught:
        read(severity=severity)

    assert (type(caught.value), caught.value.sentence) == (Impossible, "severity must be info, warning or error")


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (None, ""),
        ("", ""),
        (" Lemez 91 % ", "Lemez 91 %"),
        ("a\x00b\ud800", "ab\ufffd"),
        ("x" * 5000, "x" * 4000),
        (0, "0"),
        (["a", "é"], '["a", "\\u00e9"]'),
        ({"a": "x" * 5000}, '{"a": "' + "x" * 3993),
    ],
)
def test_messages(message: Any, kept: str) -> None:
    assert read(message=message).message == kept


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        ({}, ""),
        ({"details": None}, ""),
        ({"details": {}}, "{}"),
        ({"details": {"é": ["\x00", "\ud800", 1.5, None]}}, '{"\\u00e9": ["\\u0000", "\\ud800", 1.5, null]}'),
        ({"details": [1, 2]}, "[1, 2]"),
        ({"details": "plain"}, '"plain"'),
        ({"details_json": '{"a": 1}'}, '{"a": 1}'),
        ({"details_json": "not json"}, "not json"),
        ({"details_json": '{"a": "\u202eb\u2066"}'}, '{"a": "\u202eb\u2066"}'),
        ({"details_json": '{"a": 1}', "details": {"b": 2}}, '{"a": 1}'),
        ({"details_json": "", "details": {"b": 2}}, '{"b": 2}'),
        ({"details_json": " "}, ""),
        ({"details_json": {"a": 1}}, '{"a": 1}'),
        ({"details_json": {"a": 1}, "details": {"b": 2}}, '{"b": 2}'),
    ],
)
def test_details(members: dict[str, Any], kept: str) -> None:
    assert read(**members).details_json == kept


def test_numbers_beyond_a_double_leave_details_that_are_json() -> None:
    document = read_object(
        b'{"event_type": "test", "message": 1e999, "details": {"x": 1e999, "y": -1e999, "z": 1%s}}' % (b"0" * 400)
    )

    found = read_event(document, customer_id="a", strict_types=False)

    assert "Infinity" not in found.message + found.details_json
    assert json.loads(found.details_json) == {"x": LARGEST, "y": -LARGEST, "z": LARGEST}


def test_details_sent_as_an_object_are_json_afterwards() -> None:
    details = {"a": [1, {"b": "Kovács 😀"}], "c": None}

    assert json.loads(read(details=details).details_json) == details


@pytest.mark.parametrize(
    ("source", "kept"),
    [("agent", "agent"), (None, "controller"), (" ", "controller"), (5, "controller"), ("x" * 99, "x" * 64)],
)
def test_sources(source: Any, kept: str) -> None:
    assert read(source=source).source == kept
