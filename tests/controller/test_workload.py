from datetime import UTC, datetime, timedelta
from itertools import pairwise

from felhom_controller.blueprint import build_machine
from felhom_controller.synthetic import report_at

AT = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


def test_an_apps_telemetry_is_the_sum_of_its_containers() -> None:
    for hours in range(0, 400, 37):
        for app in report_at(build_machine(1, 3), AT + timedelta(hours=hours)).app_telemetry or []:
            tenths = [round(part.memory_current_mb * 10) for part in app.containers]
            assert round(app.memory_current_mb * 10) == sum(tenths)
            assert app.memory_avg_mb <= app.memory_current_mb <= app.memory_peak_mb


def test_a_leaking_app_grows_to_its_limit_and_starts_again() -> None:
    used = []
    for hours in range(0, 24 * 9, 6):
        telemetry = report_at(build_machine(1, 3), AT + timedelta(hours=hours)).app_telemetry or []
        used.append(telemetry[0].containers[0].memory_current_mb)
    assert max(used) > 0.9 * 2_048
    assert sum(later < earlier - 500 for earlier, later in pairwise(used)) == 1


def test_a_crashing_container_is_restarting_and_unhealthy() -> None:
    reports = [report_at(build_machine(1, 2), AT + timedelta(hours=hours)) for hours in range(0, 24 * 6, 6)]
    found = {
        (item.state, item.health) for report in reports for item in report.containers or [] if item.name == "nextcloud"
    }
    assert found == {("running", "healthy"), ("restarting", "unhealthy")}
