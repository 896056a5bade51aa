from typing import Any

import pytest

from felhom_controller.changes import events_between
from felhom_controller.report import REPORT_VERSION, Container, Health, Report, Storage, System


def _report(**members: Any) -> Report:
    return Report(version=REPORT_VERSION, customer_id="kiss-foto", **members)


def _drive(percent: float, state: Any = "ok") -> list[Storage]:
    return [Storage("hdd1", "/mnt/hdd1", percent=percent, state=state)]


def _health(status: Any, *, issues: Any = (), warnings: Any = ()) -> Health:
    return Health(status, list(issues), list(warnings))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({"storage": _drive(84)}, {"storage": _drive(86)}, [("disk_warning", "warning", "Drive hdd1 is 86 % full")]),
        ({"storage": _drive(86)}, {"storage": _drive(90)}, []),
        ({"storage": _drive(86)}, {"storage": _drive(96)}, [("disk_critical", "error", "Drive hdd1 is 96 % full")]),
        ({"storage": _drive(96)}, {"storage": _drive(90)}, []),
        ({"storage": _drive(40)}, {"storage": []}, [("storage_disconnected", "error", "Drive hdd1 is gone")]),
        ({"storage": _drive(40)}, {"storage": None}, []),
        (
            {"storage": _drive(40)},
            {"storage": _drive(0, "disconnected")},
            [("storage_disconnected", "error", "Drive hdd1 is gone")],
        ),
        (
            {"storage": _drive(0, "disconnected")},
            {"storage": _drive(40)},
            [("storage_reconnected", "info", "Drive hdd1 is back")],
        ),
        (
            {"containers": [Container("db", health="healthy")]},
            {"containers": [Container("db", health="unhealthy")]},
            [("container_unhealthy", "warning", "Container db is unhealthy")],
        ),
        (
            {"containers": [Container("db", health="unhealthy")]},
            {"containers": [Container("db", health="unhealthy")]},
            [],
        ),
        (
            {"system": System(temperature_celsius=79.0)},
            {"system": System(temperature_celsius=84.0)},
            [("temperature_high", "warning", "CPU is at 84 °C")],
        ),
        ({"system": System(temperature_celsius=84.0)}, {"system": System(temperature_celsius=85.0)}, []),
        (
            {"health": _health("ok")},
            {"health": _health("fail", issues=["drive gone"])},
            [("health_degraded", "error", "Health got worse: drive gone")],
        ),
        (
            {"health": _health("ok")},
            {"health": _health("warn", warnings=["warm"])},
            [("health_degraded", "warning", "Health got worse: warm")],
        ),
        ({"health": _health("fail")}, {"health": _health("warn", warnings=["warm"])}, []),
        (
            {"health": _health("fail")},
            {"health": _health("ok")},
            [("health_recovered", "info", "All checks are well again")],
        ),
    ],
)
def test_a_change_is_told_once(before: dict[str, Any], after: dict[str, Any], expected: list[Any]) -> None:
    events = events_between(_report(**before), _report(**after))
    assert [(event["event_type"], event["severity"], event["message"]) for event in events] == expected


def test_an_event_has_the_members_of_the_contract() -> None:
    assert events_between(_report(storage=_drive(40)), _report(storage=_drive(90))) == [
        {
            "customer_id": "kiss-foto",
            "event_type": "disk_warning",
            "severity": "warning",
            "message": "Drive hdd1 is 90 % full",
            "details": {"path": "/mnt/hdd1", "percent": 90},
            "source": "controller",
        }
    ]
