from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from felhom_controller.blueprint import build_machine
from felhom_controller.dialects import encode_in
from felhom_controller.synthetic import report_at

AT = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


def _worded(dialect: str) -> dict[str, Any]:
    return msgspec.json.decode(encode_in(dialect, report_at(build_machine(1, 0), AT)), type=dict[str, Any])


def test_the_first_telemetry_has_its_short_names() -> None:
    canonical, old = _worded("v0.30")["app_telemetry"], _worded("v0.28")["app_telemetry"]
    for new_app, old_app in zip(canonical, old, strict=True):
        assert old_app["mem_request"] == new_app["catalog_memory_request_mb"]
        assert old_app["mem_limit"] == new_app["catalog_memory_limit_mb"]
        assert old_app["log_error_count"] == new_app["log_errors_24h"]
        assert old_app["log_warning_count"] == new_app["log_warnings_24h"]
        counts = [issue["count"] for issue in new_app.get("top_issues", [])]
        assert [issue["occurrences"] for issue in old_app.get("recent_issues", [])] == counts


def test_the_second_telemetry_has_issues() -> None:
    apps = _worded("v0.29")["app_telemetry"]
    assert sum("issues" in app for app in apps) == 1
    assert all("catalog_mem_request_mb" in app and "top_issues" not in app for app in apps)


def test_before_v0_28_there_is_no_telemetry() -> None:
    assert set(_worded("v0.30")) - set(_worded("v0.27")) == {"app_telemetry"}


def test_v0_21_sends_objects_a_bare_health_and_bytes() -> None:
    new, old = _worded("v0.30"), _worded("v0.21")
    assert set(new) - set(old) == {"app_telemetry", "controller_url", "config_hash", "monitoring_paused"}
    assert old["health"] == new["health"]["status"]
    assert old["system"]["cpu_usage"] == new["system"]["cpu_percent"]
    assert old["system"]["memory_usage_percent"] == new["system"]["memory_percent"]
    assert old["system"]["temperature"] == new["system"]["temperature_celsius"]
    assert [drive["total_bytes"] for drive in old["storage"]["paths"]] == [
        int(drive["total_gb"] * 1_000_000_000) for drive in new["storage"]
    ]
    assert list(old["containers"]) == [item["name"] for item in new["containers"]]
    assert list(old["stacks"]) == [item["name"] for item in new["stacks"]]
    assert old["backup"]["last_dump"] == new["backup"]["last_db_dump_at"]
    assert old["backup"]["last_snapshot"] == new["backup"]["last_backup_at"]


def test_v0_18_sends_counts() -> None:
    new, old = _worded("v0.30"), _worded("v0.18")
    count = len(new["containers"])
    assert old["containers"] == {"total": count, "running": count, "stopped": 0, "unhealthy": 0}
    assert old["health_status"] == new["health"]["status"]
    assert (old["system"]["cpu"], old["system"]["mem_percent"], old["system"]["temp_c"]) == (
        new["system"]["cpu_percent"],
        new["system"]["memory_percent"],
        new["system"]["temperature_celsius"],
    )
    assert "disks" in old["storage"]
    assert "customer_name" not in old


@pytest.mark.parametrize("dialect", ["v0.30", "v0.29", "v0.28", "v0.27", "v0.21", "v0.18"])
def test_every_dialect_names_the_customer(dialect: str) -> None:
    assert _worded(dialect)["customer_id"] == "kiss-foto"
