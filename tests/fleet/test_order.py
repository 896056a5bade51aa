from typing import Any

import pytest
from tests.fleet.summaries import MINUTE_MS, NOW_MS, STALE_MS, server, signals

from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.order import by_column, by_need, hardness_of, in_places, sort_name, version_key
from felhom_hub.fleet.places import DISABLED, DOWN_BY_HEALTH, DOWN_BY_SILENCE, OK, PENDING, WARN
from felhom_hub.fleet.roster import Server, Signals


def ordered(place: int, *servers: Server, known: list[Signals] | None = None) -> list[int]:
    listed = list(servers)
    by_need(listed, place, {each.pk: each for each in known or []}, stale_ms=STALE_MS, now_ms=NOW_MS)
    return [each.pk for each in listed]


def test_servers_are_parted_by_their_places() -> None:
    places = [WARN, OK, WARN, DISABLED]
    servers = [server(number, place=place) for number, place in enumerate(places)]

    buckets = in_places(servers)

    assert [[each.pk for each in bucket] for bucket in buckets] == [[], [], [0, 2], [], [3], [1], []]


def test_silence_is_listed_newest_first() -> None:
    known = [signals(1, minutes=9000), signals(2, minutes=70), signals(3, minutes=600)]

    assert ordered(DOWN_BY_SILENCE, *map(server, (1, 2, 3)), known=known) == [2, 3, 1]


def test_failed_health_is_listed_newest_first() -> None:
    known = [
        signals(1, health_since_ms=NOW_MS - MINUTE_MS),
        signals(2, health_since_ms=NOW_MS - 2 * MINUTE_MS),
        signals(4),
    ]

    assert ordered(DOWN_BY_HEALTH, *map(server, (4, 3, 2, 1)), known=known) == [1, 2, 3, 4]


def test_warnings_are_listed_hardest_signal_first() -> None:
    known = [
        signals(1),
        signals(2, disk_percent=91.0),
        signals(3, cpu_percent=86.0, memory_percent=81.0, temperature_celsius=81.0),
        signals(4, disk_percent=97.0),
        signals(5, minutes=40, health="ok"),
        signals(6, errors_24h=4),
    ]

    assert ordered(WARN, *map(server, (0, 1, 2, 3, 4, 5, 6)), known=known) == [5, 4, 3, 2, 6, 0, 1]


def test_a_silent_server_that_was_well_has_nothing_to_it_but_its_silence() -> None:
    known = [
        signals(1, minutes=40, health="ok", disk_percent=99.0, errors_24h=9),
        signals(2, minutes=40, health=None, disk_percent=99.0, errors_24h=9),
        signals(3, minutes=40, health="warn", disk_percent=86.0),
        signals(4, minutes=40, health="fail", disk_percent=97.0),
        signals(5, minutes=29, health="warn", disk_percent=97.0, memory_percent=97.0, cpu_percent=97.0),
    ]

    assert ordered(WARN, *map(server, (1, 2, 3, 4, 5)), known=known) == [4, 3, 1, 2, 5]


def test_a_customers_own_thresholds_decide_how_hard_its_signal_is() -> None:
    known = [
        signals(1, disk_percent=97.0, own_thresholds={"disk_high": 98.0, "disk_critical": 99.0}),
        signals(2, disk_percent=72.0, own_thresholds={"disk_high": 70.0, "disk_critical": 75.0}),
        signals(3, disk_percent=86.0, own_thresholds={"disk_high": 70.0, "disk_critical": 75.0}),
    ]

    assert ordered(WARN, *map(server, (1, 2, 3)), known=known) == [3, 2, 1]


def test_waiting_servers_are_listed_newest_first() -> None:
    known = [signals(pk, minutes=None, created_ms=created) for pk, created in ((1, 1), (2, 3), (3, 2))]

    assert ordered(PENDING, *map(server, (1, 2, 3)), known=known) == [2, 3, 1]


def test_names_ignore_case_and_accents() -> None:
    servers = [server(pk, name=name) for pk, name in ((1, "Zoltán"), (2, "Ádám"), (3, "béla"), (4, "csaba"))]

    assert ordered(OK, *servers) == [2, 3, 4, 1]


@pytest.mark.parametrize(
    ("column", "is_reversed", "expected"),
    [
        (Column.CPU, False, [3, 2, 1, 4]),
        (Column.CPU, True, [1, 2, 3, 4]),
        (Column.REPORT, False, [1, 2, 3, 4]),
        (Column.CUSTOMER, False, [1, 2, 3, 4]),
        (Column.CUSTOMER, True, [4, 3, 2, 1]),
    ],
)
def test_a_column_sorts_with_what_is_not_reported_last(column: Column, is_reversed: bool, expected: list[int]) -> None:
    servers = [server(pk, sort_value=value) for pk, value in ((2, 20.0), (4, None), (1, 10.0), (3, 30.0))]

    assert [each.pk for each in by_column([servers], column, is_reversed=is_reversed)] == expected


def test_equal_values_stand_by_name() -> None:
    servers = [server(1, name="b", sort_value=5), server(2, name="a", sort_value=5)]

    assert [each.pk for each in by_column([servers[:1], servers[1:]], Column.CPU, is_reversed=False)] == [2, 1]


@pytest.mark.parametrize(("is_reversed", "expected"), [(False, [2, 1, 3]), (True, [3, 2, 1])])
def test_the_status_sorts_by_need_and_then_by_name(is_reversed: bool, expected: list[int]) -> None:
    places = [[server(1, name="b"), server(2, name="a")], [server(3, name="c")]]

    ordered_now = by_column(places, Column.STATUS, is_reversed=is_reversed)

    assert [each.pk for each in ordered_now] == expected


def test_controllers_sort_by_the_numbers_of_their_versions() -> None:
    servers = [server(pk, sort_value=value) for pk, value in ((1, "v0.30.0"), (2, None), (3, "v0.9.1"))]

    assert [each.pk for each in by_column([servers], Column.CONTROLLER, is_reversed=False)] == [3, 1, 2]


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
