"""Where facts may stand, path by path, and the units and forms that they come in."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec.structs import asdict

from felhom_hub.reports.payload import PATHS, read_report
from felhom_hub.reports.status import Health

AT = "2026-02-25T08:15:00Z"
AT_UTC = datetime(2026, 2, 25, 8, 15, tzinfo=UTC)
# What is written at a path, and what is read of it.
SENT: dict[str, tuple[Any, Any]] = {
    "reported_at": (AT, AT_UTC),
    "customer_name": ("Nagy", "Nagy"),
    "controller_version": ("v1", "v1"),
    "controller_url": ("https://a", "https://a"),
    "config_hash": ("abc", "abc"),
    "monitoring_paused": (True, True),
    "health": ("fail", Health.FAIL),
    "cpu_percent": (12.5, 12.5),
    "memory_percent": (12.5, 12.5),
    "temperature_celsius": (-12.5, -12.5),
    "disk_percent": (12.5, 12.5),
    "uptime_seconds": (60, 60.0),
    "last_backup_at": (AT, AT_UTC),
    "last_backup_ok": (False, False),
    "last_db_dump_at": (AT, AT_UTC),
    "last_db_dump_ok": (False, False),
}
OF_A_DRIVE = {"drive_percent", "drive_name", "drive_mounted", "drive_state"}


def facts_of(**members: Any) -> dict[str, Any]:
    """The facts of a report that has these members only, without those that are None."""
    body = msgspec.json.encode({"customer_id": "a", **members})
    return {name: value for name, value in asdict(read_report(body)).items() if value not in (None, ())}


def at_path(path: str, value: Any) -> dict[str, Any]:
    section, _, member = path.rpartition(".")
    return {section: {member: value}} if section else {member: value}


def test_every_fact_has_a_value_to_be_tested_with() -> None:
    assert set(PATHS) == set(SENT) | OF_A_DRIVE


@pytest.mark.parametrize(("fact", "path"), [(fact, path) for fact in SENT for path in PATHS[fact]])
def test_a_fact_is_found_at_each_of_its_paths(fact: str, path: str) -> None:
    sent, read = SENT[fact]

    assert facts_of(**at_path(path, sent)) == {"customer_id": "a", fact: read}


@pytest.mark.parametrize(("fact", "paths"), [(fact, PATHS[fact]) for fact in SENT])
def test_a_path_that_holds_nothing_readable_leads_on_to_the_next(fact: str, paths: tuple[str, ...]) -> None:
    sent, read = SENT[fact]
    last = paths[-1]
    members: dict[str, Any] = {}
    for path in paths:
        section, _, member = path.rpartition(".")
        place = members.setdefault(section, {}) if section else members
        if isinstance(place, dict) and not isinstance(place.get(member), dict):
            place[member] = sent if path == last else []

    assert facts_of(**members)[fact] == read


@pytest.mark.parametrize(
    ("word", "health"),
    [
        ("ok", Health.OK), ("OK", Health.OK), ("healthy", Health.OK), ("good", Health.OK), ("green", Health.OK),
        ("warn", Health.WARN), ("Warning", Health.WARN), ("degraded", Health.WARN), ("yellow", Health.WARN),
        ("fail", Health.FAIL), ("failed", Health.FAIL), ("error", Health.FAIL), ("critical", Health.FAIL),
        ("unhealthy", Health.FAIL), ("red", Health.FAIL),
        ("", None), ("unknown", None), ("okay", None), (1, None), (True, None), (["ok"], None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["object", "bare", "health_status"])
def test_the_words_for_health_in_each_of_its_forms(word: Any, health: Health | None, form: str) -> None:
    members = {
        "object": {"health": {"status": word}},
        "bare": {"health": word},
        "health_status": {"health_status": word},
    }

    assert facts_of(**members[form]).get("health") == health


@pytest.mark.parametrize(
    ("health", "messages"),
    [
        ({"issues": ["b"], "warnings": ["a"]}, ("b", "a")),
        ({"warnings": ["a"], "errors": ["e"], "issues": ["b"]}, ("b", "e", "a")),
        ({"issues": [{"message": "b"}, {"text": "c"}, " d ", "", None, 1, ["e"]]}, ("b", "d")),
        ({"issues": "b", "warnings": {"a": 1}}, ()),
        ({"issues": [str(number) for number in range(30)]}, tuple(str(number) for number in range(20))),
        ({"issues": ["x" * 400, "a\x00b"]}, ("x" * 300, "ab")),
        ("fail", ()),
    ],
)
def test_sentences_come_issues_first(health: Any, messages: tuple[str, ...]) -> None:
    assert facts_of(health=health).get("health_messages", ()) == messages


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        (0, 0.0), (100, 100.0), (61.25, 61.25), ("61.2 %", 61.2),
        (-0.1, None), (100.1, None), (1e300, None), (True, None), ("", None), ({}, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fact", ["cpu_percent", "memory_percent", "disk_percent"])
def test_per_cent_are_from_0_to_100_or_not_reported(fact: str, value: Any, percent: float | None) -> None:
    assert facts_of(system={fact: value}).get(fact) == percent


@pytest.mark.parametrize(
    ("system", "percent"),
    [
        ({"memory_used_mb": 4000, "memory_total_mb": 16000}, 25.0),
        ({"memory_used_bytes": 4e9, "memory_total_bytes": 16e9}, 25.0),
        ({"memory_used_gb": 4, "memory_total_gb": 16}, 25.0),
        ({"memory_used_mb": 4000, "memory_total_gb": 16}, 25.0),
        ({"memory_used_bytes": "4000000000", "memory_total_mb": 16000}, 25.0),
        ({"memory_used_mb": 1, "memory_total_mb": 3}, 33.3),
        ({"memory_percent": 30, "memory_used_mb": 4000, "memory_total_mb": 16000}, 30.0),
        ({"memory_percent": "n/a", "memory_used_mb": 4000, "memory_total_mb": 16000}, 25.0),
        ({"memory_used_mb": 0, "memory_total_mb": 16000}, 0.0),
        ({"memory_used_mb": 4000}, None),
        ({"memory_used_mb": 4000, "memory_total_mb": 0}, None),
        ({"memory_used_mb": 17000, "memory_total_mb": 16000}, None),
        ({"memory_used_mb": -1, "memory_total_mb": 16000}, None),
    ],
)
def test_memory_is_computed_where_only_sizes_come(system: dict[str, Any], percent: float | None) -> None:
    assert facts_of(system=system).get("memory_percent") == percent


ROOT = {"name": "Rendszer", "percent": 41.0}
DATA = {"name": "Adat", "percent": 87.5}


@pytest.mark.parametrize(
    "storage",
    [
        [ROOT, DATA],
        [DATA, ROOT],
        {"paths": [ROOT, DATA]},
        {"disks": [ROOT, DATA]},
        {"drives": {"Rendszer": {"percent": 41.0}, "Adat": {"percent": 87.5}}},
        {"paths": {"a": ROOT, "b": DATA}},
        {"Rendszer": {"percent": 41.0}, "Adat": {"percent": 87.5}},
        [ROOT, DATA, None, "x", 5, [], {}],
        [ROOT, {"name": "Adat", "used_gb": 875, "total_gb": 1000}],
        [ROOT, {"name": "Adat", "used_bytes": 875_000_000_000, "total_gb": 1000}],
        [ROOT, {"name": "Adat", "percent": None, "used_mb": 875, "total_mb": 1000}],
        [ROOT, DATA, {"name": "Mentés", "percent": 99, "mounted": False}],
        [ROOT, DATA, {"name": "Mentés", "percent": 99, "is_mounted": "false"}],
        [ROOT, DATA, {"name": "Régi", "percent": 99, "state": "decommissioned"}],
        [ROOT, DATA, {"name": "Rossz", "percent": 150}],
        [ROOT, DATA, {"name": "Üres", "used_gb": 0, "total_gb": 0}],
    ],
)
def test_the_fullest_mounted_drive_counts(storage: Any) -> None:
    assert facts_of(storage=storage) == {"customer_id": "a", "disk_percent": 87.5, "disk_name": "Adat"}


@pytest.mark.parametrize(
    ("drive", "percent", "name"),
    [
        *(({path: 12.5, "name": "D"}, 12.5, "D") for path in PATHS["drive_percent"]),
        *(({"percent": 12.5, path: "D"}, 12.5, "D") for path in PATHS["drive_name"]),
        *(({"percent": 12.5, path: True}, 12.5, None) for path in PATHS["drive_mounted"]),
        *(({"percent": 12.5, path: "ok"}, 12.5, None) for path in PATHS["drive_state"]),
        *(({"percent": 12.5, path: False}, None, None) for path in PATHS["drive_mounted"]),
        *(({"percent": 12.5, path: "decommissioned"}, None, None) for path in PATHS["drive_state"]),
        ({"percent": 12.5}, 12.5, None),
    ],
)
def test_a_drive_is_read_by_each_of_its_names(drive: dict[str, Any], percent: float | None, name: str | None) -> None:
    facts = facts_of(storage=[drive])

    assert (facts.get("disk_percent"), facts.get("disk_name")) == (percent, name)


def test_without_drives_the_systems_own_figure_counts() -> None:
    assert facts_of(storage=[], system={"disk_percent": 40}) == {"customer_id": "a", "disk_percent": 40.0}
    assert facts_of(storage=[ROOT], system={"disk_percent": 90})["disk_percent"] == 41.0
