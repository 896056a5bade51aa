from typing import Any

import pytest
from tests.fleet.summaries import NOW_MS, STALE_MS, signals

from felhom_hub.fleet.order import Signals, by_urgency, by_value, hardness_of, sort_name, version_key


def ordered(*servers: Signals) -> list[int]:
    return by_urgency(servers, stale_ms=STALE_MS, now_ms=NOW_MS)


def test_warnings_are_listed_hardest_signal_first() -> None:
    assert ordered(
        signals(0),
        signals(1),
        signals(2, disk_percent=91.0),
        signals(3, cpu_percent=86.0, memory_percent=81.0, temperature_celsius=81.0),
        signals(4, disk_percent=97.0),
        signals(5, minutes=40, health="ok"),
        signals(6, errors_24h=4),
    ) == [5, 4, 3, 2, 6, 0, 1]


def test_a_silent_server_that_was_well_has_nothing_to_it_but_its_silence() -> None:
    assert ordered(
        signals(1, minutes=40, health="ok", disk_percent=99.0, errors_24h=9),
        signals(2, minutes=40, health=None, disk_percent=99.0, errors_24h=9),
        signals(3, minutes=40, health="warn", disk_percent=86.0),
        signals(4, minutes=40, health="fail", disk_percent=97.0),
        signals(5, minutes=29, health="warn", disk_percent=97.0, memory_percent=97.0, cpu_percent=97.0),
    ) == [4, 3, 1, 2, 5]


def test_a_customers_own_thresholds_decide_how_hard_its_signal_is() -> None:
    assert ordered(
        signals(1, disk_percent=97.0, own_thresholds={"disk_high": 98.0, "disk_critical": 99.0}),
        signals(2, disk_percent=72.0, own_thresholds={"disk_high": 70.0, "disk_critical": 75.0}),
        signals(3, disk_percent=86.0, own_thresholds={"disk_high": 70.0, "disk_critical": 75.0}),
    ) == [3, 2, 1]


@pytest.mark.parametrize(("is_falling", "expected"), [(False, [1, 2, 5, 3, 4]), (True, [3, 2, 5, 1, 4])])
def test_what_is_not_known_comes_last_and_equal_values_stay_in_their_order(
    is_falling: bool, expected: list[int]
) -> None:
    servers = [(2, 20), (4, None), (1, 10), (5, 20), (3, 100)]

    assert by_value(servers, is_falling=is_falling) == expected


def test_versions_sort_by_their_numbers() -> None:
    written = ["v0.30.0", "v0.9.1", "latest", "v0.30.0-rc1", "1." + "9" * 400]

    assert sorted(written, key=version_key) == ["latest", "v0.9.1", "v0.30.0", "v0.30.0-rc1", "1." + "9" * 400]


@pytest.mark.parametrize(
    ("members", "hardness"),
    [
        ({}, 0),
        ({"cpu_percent": 85.0}, 1),
        ({"cpu_percent": 95.0, "disk_percent": 88.0}, 11),
        ({"disk_percent": None}, 0),
    ],
)
def test_hardness_counts_critical_readings_before_high_ones(members: dict[str, Any], hardness: int) -> None:
    assert hardness_of(signals(**members)) == hardness


def test_a_name_to_sort_by_has_no_accents() -> None:
    assert sort_name("ŐRSÉG Kft.") == "orseg kft."
