import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from felhom_controller.blueprint import build_fleet, build_machine
from felhom_controller.synthetic import Dealt, body_at, report_at, snapshot_at

AT = datetime(2026, 3, 12, 13, 0, 7, 250_000, tzinfo=UTC)

# The canonical form of the wire contract, section 2, as member names.
CANONICAL: dict[str, set[str]] = {
    "": {
        "version", "customer_id", "customer_name", "controller_version", "controller_url", "timestamp", "config_hash",
        "monitoring_paused", "health", "system", "storage", "containers", "stacks", "backup", "app_telemetry",
    },
    "health": {"status", "issues", "warnings"},
    "system": {
        "hostname", "os", "kernel", "cpu_percent", "load_1", "memory_percent", "memory_used_mb", "memory_total_mb",
        "swap_percent", "temperature_celsius", "disk_percent", "uptime_seconds",
    },
    "storage": {
        "name", "path", "device", "fstype", "total_gb", "used_gb", "percent", "mounted", "role", "state",
    },
    "containers": {
        "name", "stack", "image", "state", "health", "restarts", "cpu_percent", "memory_mb", "started_at",
    },
    "stacks": {"name", "display_name", "state", "version"},
    "backup": {
        "last_backup_at", "last_backup_ok", "last_db_dump_at", "last_db_dump_ok", "repository_size_mb",
        "snapshot_count", "last_integrity_check_at", "last_integrity_ok",
    },
    "app_telemetry": {
        "app_name", "display_name", "containers", "memory_current_mb", "memory_avg_mb", "memory_peak_mb",
        "cpu_avg_percent", "sample_count", "catalog_memory_request_mb", "catalog_memory_limit_mb", "log_errors_24h",
        "log_warnings_24h", "top_issues",
    },
    "app_telemetry.containers": {
        "container_name", "memory_current_mb", "memory_avg_mb", "memory_peak_mb", "cpu_avg_percent", "sample_count",
    },
    "app_telemetry.top_issues": {
        "severity", "message", "fingerprint", "count", "first_seen", "last_seen", "container_name",
    },
}  # fmt: skip


def _members(value: object, place: str = "") -> dict[str, set[str]]:
    """Names of all members, by the place of their object; lists are looked into."""
    found: dict[str, set[str]] = {}
    if isinstance(value, list):
        for item in value:
            for inner, names in _members(item, place).items():
                found.setdefault(inner, set()).update(names)
    elif isinstance(value, dict):
        found[place] = set(value)
        for name, item in value.items():
            for inner, names in _members(item, f"{place}.{name}".lstrip(".")).items():
                found.setdefault(inner, set()).update(names)
    return found


def _decoded(seed: int, index: int, at: datetime = AT) -> dict[str, Any]:
    return msgspec.json.decode(body_at(build_machine(seed, index), at), type=dict[str, Any])


def test_a_new_controller_sends_every_member_of_the_contract_and_no_other() -> None:
    assert _members(_decoded(1, 0)) == CANONICAL


def test_a_report_names_its_customer_and_address() -> None:
    report = _decoded(1, 0)
    named = [report[name] for name in ("version", "customer_id", "customer_name", "controller_url")]
    assert named == [1, "kiss-foto", "Kiss Fotóstúdió", "https://felhom.kiss-foto.example.hu"]


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys, hashlib, datetime as d\n"
        "from felhom_controller.blueprint import build_fleet\n"
        "from felhom_controller.synthetic import body_at\n"
        "at = d.datetime(2026, 3, 12, 13, 0, 7, 250000, tzinfo=d.UTC)\n"
        "print(hashlib.sha256(b''.join(body_at(m, at) for m in build_fleet(7, 30))).hexdigest())\n"
    )
    digests = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60).stdout
        for _ in range(2)
    }
    assert len(digests) == 1


def test_another_seed_gives_other_readings_for_the_same_customers() -> None:
    one, other = _decoded(1, 23), _decoded(2, 23)
    assert (one["customer_id"], one["system"]["hostname"]) == (other["customer_id"], other["system"]["hostname"])
    assert one["app_telemetry"] != other["app_telemetry"]


def test_ten_apps_make_about_eight_kilobytes() -> None:
    fleet = [machine for machine in build_fleet(1, 200) if len(machine.plans) == 10 and not machine.index % 24]
    sizes = [len(body_at(machine, AT)) for machine in fleet]
    assert sizes
    assert all(7_500 <= size <= 9_500 for size in sizes), sizes


@pytest.mark.parametrize("hours", [0, 30, 77, 200, 1_000, 5_003])
def test_a_fleet_of_24_always_shows_about_the_same_mix(hours: int) -> None:
    at = AT + timedelta(hours=hours)
    found = Counter(
        report.health.status for machine in build_fleet(1, 24) if (report := report_at(machine, at)).health is not None
    )
    assert found["fail"] == 2
    assert 3 <= found["warn"] <= 7


def test_every_verdict_but_ok_has_a_sentence() -> None:
    for machine in build_fleet(1, 24):
        for hours in range(0, 2_000, 41):
            health = report_at(machine, AT + timedelta(hours=hours)).health
            assert health is not None
            assert bool(health.issues) is (health.status == "fail")
            assert health.status != "warn" or health.warnings


def test_a_wrong_clock_shows_in_the_time_stamp() -> None:
    behind, ahead = _decoded(1, 8), _decoded(1, 17)
    skews = [(datetime.fromisoformat(report["timestamp"]) - AT).total_seconds() for report in (behind, ahead)]
    assert skews == [pytest.approx(-95, abs=0.001), pytest.approx(412, abs=0.001)]


def test_time_stamps_have_nine_digits_and_the_local_offset() -> None:
    assert _decoded(1, 0)["timestamp"] == "2026-03-12T14:00:07.250000000+01:00"
    assert _decoded(1, 0, datetime(2026, 7, 1, 12, 0, tzinfo=UTC))["timestamp"] == "2026-07-01T14:00:00.000000000+02:00"


def test_one_machine_of_24_has_its_monitoring_paused() -> None:
    paused = [machine.customer_id for machine in build_fleet(1, 24) if report_at(machine, AT).monitoring_paused]
    assert paused == ["meszaros-eva"]


def test_load_follows_day_and_night() -> None:
    night, evening = (report_at(build_machine(1, 18), AT.replace(hour=hour)).system for hour in (3, 19))
    assert night is not None
    assert evening is not None
    assert (night.cpu_percent or 0) * 1.5 < (evening.cpu_percent or 0)


def test_what_a_hub_did_to_a_machine_shows_in_its_next_report() -> None:
    dealt = Dealt("http://127.0.0.1:1/kiss-foto", "f00", "v9.9.9")
    report = msgspec.json.decode(body_at(build_machine(1, 0), AT, dealt), type=dict[str, Any])
    assert [report[name] for name in ("controller_url", "config_hash", "controller_version")] == [
        "http://127.0.0.1:1/kiss-foto",
        "f00",
        "v9.9.9",
    ]


def test_a_simulated_box_has_a_snapshot_of_its_own_that_lasts() -> None:
    first, other = build_fleet(1, 2)
    day = datetime(2026, 3, 12, tzinfo=UTC)
    snapshot = json.loads(snapshot_at(first, day))

    assert snapshot_at(first, day + timedelta(days=2, hours=7)) == snapshot_at(first, day)
    assert all(len(disk["uuid"]) == 36 for disk in snapshot["disk_layout"])
    assert set(snapshot["restic_passwords"]) == {"local", "cross-drive"}
    assert snapshot["restic_passwords"] != json.loads(snapshot_at(other, day))["restic_passwords"]


def test_one_box_of_a_fleet_has_no_restic_password_in_its_snapshot() -> None:
    passwords = [json.loads(snapshot_at(each, AT))["restic_passwords"] for each in build_fleet(1, 24)]

    assert passwords.count({}) == 1
