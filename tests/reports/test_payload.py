"""The canonical report, odd types and bad bodies; the aliases are in test_payload_aliases.py."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from tests.build import report_body, report_document

from felhom_hub.base.errors import BadRequest, Impossible
from felhom_hub.reports.payload import PATHS, ReportFacts, read_report
from felhom_hub.reports.status import Health

CANONICAL = ReportFacts(
    customer_id="kovacs-peter",
    customer_name="Kovács Péter",
    reported_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    controller_version="v0.30.0",
    controller_url="https://felhom.kovacs.example.hu",
    config_hash="0" * 64,
    monitoring_paused=False,
    health=Health.OK,
    health_messages=(),
    cpu_percent=7.5,
    memory_percent=61.2,
    disk_percent=41.0,
    disk_name="Rendszer",
    temperature_celsius=48.0,
    uptime_seconds=864000.0,
    last_backup_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    last_backup_ok=True,
    last_db_dump_at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
    last_db_dump_ok=True,
)
NOTHING = replace(
    CANONICAL,
    **{name: None for name in asdict(CANONICAL) if name not in {"customer_id", "health_messages"}},
)
MEMBERS = sorted(set(report_document()) - {"customer_id"})
ODD_VALUES: list[Any] = [
    None, True, 0, 1e300, 10**400, "", "x", "\x00", [], [None], [[]], [1, "a", {}], {}, {"": None}, {"a": {"b": []}},
]  # fmt: skip


def test_the_canonical_report_is_read_whole() -> None:
    assert read_report(report_body()) == CANONICAL


def test_a_report_that_only_names_its_customer_says_nothing_else() -> None:
    assert read_report(b'{"customer_id": "kovacs-peter"}') == NOTHING


@pytest.mark.parametrize("member", MEMBERS)
def test_a_missing_member_leaves_the_others_alone(member: str) -> None:
    document = report_document()
    del document[member]
    body = report_body(**{member: None})

    assert read_report(body) == read_report(_body(document))
    kept = {name for name, value in asdict(read_report(body)).items() if value == asdict(CANONICAL)[name]}
    assert len(kept) >= len(asdict(CANONICAL)) - 6


@pytest.mark.parametrize("value", ODD_VALUES, ids=repr)
@pytest.mark.parametrize("member", MEMBERS)
def test_an_oddly_typed_member_never_refuses_a_report(member: str, value: Any) -> None:
    facts = read_report(report_body(**{member: value}))

    untouched = {"customer_id", *_facts_without(member)}
    assert {name: asdict(facts)[name] for name in untouched} == {name: asdict(CANONICAL)[name] for name in untouched}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PATH = st.sampled_from([path for paths in PATHS.values() for path in paths])


@given(st.dictionaries(PATH, JSON, max_size=8), JSON, JSON)
def test_nothing_but_the_customer_can_make_a_report_fail(at_paths: dict[str, Any], storage: Any, apps: Any) -> None:
    document: dict[str, Any] = {"customer_id": "kovacs-peter", "storage": storage, "app_telemetry": apps}
    for path, value in at_paths.items():
        section, _, member = path.rpartition(".")
        place = document.setdefault(section, {}) if section else document
        if isinstance(place, dict):
            place[member] = value

    assert read_report(_body(document)).customer_id == "kovacs-peter"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not JSON: Expecting value at character 0"),
        (b"[]", "The body is not a JSON object"),
        (b"{}", "customer_id is missing"),
        (b'{"customer_id": null}', "customer_id is missing"),
        (b'{"customer_id": "a"', "The body is not JSON: Expecting ',' delimiter at character 19"),
        (b'{"customer_id": "a", "containers": [NaN]}', "The body is not JSON: NaN is not a JSON value"),
        (b'{"customer_id": "a", "customer_name": "\xff"}', "The body is not JSON: byte 39 is not UTF-8"),
        (b'{"customer_id": "a", "containers": ["\xff"]}', "The body is not JSON: byte 37 is not UTF-8"),
        (b'{"customer_id": "a", "\xff": 1}', "The body is not JSON: byte 22 is not UTF-8"),
        (b'{"x": ' + b"[" * 64 + b"]" * 64 + b"}", "The body is not JSON: it is nested deeper than 64 levels"),
        # Never closed, behind so much that its first half has no brackets: the decoder is the one that meets it.
        (b'{"x": ' + b" " * 9_000 + b"[" * 5_000, "The body is not JSON: it is nested deeper than 64 levels"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_report_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_report(body)

    assert caught.value.sentence == sentence


def test_an_impossible_customer_is_refused() -> None:
    with pytest.raises(Impossible):
        read_report(report_body(customer_id="../etc"))


@pytest.mark.parametrize(
    "extra", [b'"containers": ["\\ud800"]', b'"x": 1e999', b'"x": ' + b"1" * 5000, b'"customer_name": "\\ud800"']
)
def test_what_json_allows_beyond_the_decoder_is_no_reason_to_refuse(extra: bytes) -> None:
    assert read_report(b'{"customer_id": "a", ' + extra + b"}").customer_id == "a"


def test_where_a_member_stands_twice_the_last_one_counts() -> None:
    body = b'{"customer_id": "a", "customer_id": "b", "system": {"cpu": 1, "cpu": 2}}'

    facts = read_report(body)

    assert (facts.customer_id, facts.cpu_percent) == ("b", 2.0)


@pytest.mark.parametrize(
    ("member", "fact", "limit"),
    [
        ("customer_name", "customer_name", 200),
        ("controller_version", "controller_version", 64),
        ("controller_url", "controller_url", 500),
        ("config_hash", "config_hash", 64),
    ],
)
def test_texts_are_cut_to_their_columns(member: str, fact: str, limit: int) -> None:
    facts = read_report(report_body(**{member: "é" * 1000}))

    assert asdict(facts)[fact] == "é" * limit


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "never", 0])
def test_gos_zero_time_means_never(text: object) -> None:
    facts = read_report(report_body(timestamp=text, backup={"last_backup_at": text, "last_backup_ok": False}))

    assert (facts.reported_at, facts.last_backup_at, facts.last_backup_ok) == (None, None, False)


def _body(document: Any) -> bytes:
    return json.dumps(document).encode()


def _facts_without(member: str) -> set[str]:
    """The facts that the canonical report does not take from this member."""
    changed = asdict(read_report(report_body(**{member: None})))
    return {name for name, value in asdict(CANONICAL).items() if changed[name] == value}
