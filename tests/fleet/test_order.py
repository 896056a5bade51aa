from typing import Any

import pytest
from tests.fleet.summaries import DOWN_MS, MINUTE_MS, NOW_MS, STALE_MS, server

from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.order import (
    BLOCKED,
    DISABLED,
    DOWN_BY_HEALTH,
    DOWN_BY_SILENCE,
    OK,
    PENDING,
    WARN,
    by_column,
    by_need,
    hardness_of,
    in_places,
    missed_reports,
    sort_name,
    version_key,
)
from felhom_hub.fleet.roster import Server, Signals


def signals(pk: int = 1, **members: Any) -> Signals:
    plain = Signals(pk, None, 10.0, 20.0, 30.0, 40.0, None, None)
    return plain._replace(**members)


def place_of(one: Server) -> int:
    buckets = in_places([one], stale_ms=STALE_MS, down_ms=DOWN_MS, now_ms=NOW_MS)
    return next(place for place, servers in enumerate(buckets) if servers)


def ordered(place: int, *servers: Server, known: dict[int, Signals] | None = None) -> list[int]:
    listed = list(servers)
    by_need(listed, place, known or {}, stale_ms=STALE_MS, now_ms=NOW_MS)
    return [each.pk for each in listed]


@pytest.mark.parametrize(
    ("one", "place"),
    [
        (server(), OK),
        (server(health=None), OK),
        (server(health="warn"), WARN),
        (server(health="fail"), DOWN_BY_HEALTH),
        (server(minutes=30), WARN),
        (server(minutes=60), WARN),
        (server(minutes=61), DOWN_BY_SILENCE),
        (server(minutes=61, health="fail"), DOWN_BY_SILENCE),
        (server(minutes=None), PENDING),
        (server(is_paused=True), DISABLED),
        (server(is_paused=1), DISABLED),
        (server(is_paused=True, minutes=61), DOWN_BY_SILENCE),
        (server(health="fail", blocked_ms=NOW_MS), BLOCKED),
    ],
)
def test_each_server_has_its_place(one: Server, place: int) -> None:
    assert place_of(one) == place


def test_silence_is_listed_newest_first() -> None:
    assert ordered(DOWN_BY_SILENCE, server(1, minutes=9000), server(2, minutes=70), server(3, minutes=600)) == [2, 3, 1]


def test_failed_health_is_listed_newest_first() -> None:
    known = {1: signals(1, health_since_ms=NOW_MS - MINUTE_MS), 2: signals(2, health_since_ms=NOW_MS - 2 * MINUTE_MS)}

    assert ordered(DOWN_BY_HEALTH, server(3), server(2), server(1), known=known) == [1, 2, 3]


def test_warnings_are_listed_hardest_signal_first() -> None:
    known = {
        1: signals(1),
        2: signals(2, disk_percent=91.0),
        3: signals(3, cpu_percent=86.0, memory_percent=81.0, temperature_celsius=81.0),
        4: signals(4, disk_percent=97.0),
        6: signals(6, errors_24h=4),
    }
    warned = [server(pk, health="warn") for pk in (1, 2, 3, 4, 6)]

    assert ordered(WARN, *warned, server(5, minutes=40), known=known) == [5, 4, 3, 2, 6, 1]


def test_a_customers_own_thresholds_decide_how_hard_its_signal_is() -> None:
    known = {
        1: signals(1, disk_percent=97.0, own_thresholds={"disk_high": 98.0, "disk_critical": 99.0}),
        2: signals(2, disk_percent=72.0, own_thresholds={"disk_high": 70.0, "disk_critical": 75.0}),
        3: signals(3, disk_percent=86.0, own_thresholds={"disk_high": 70.0, "disk_critical": 75.0}),
    }

    assert ordered(WARN, *(server(pk, health="warn") for pk in known), known=known) == [3, 2, 1]


def test_waiting_servers_are_listed_newest_first() -> None:
    assert ordered(PENDING, server(1, created_ms=1), server(2, created_ms=3), server(3, created_ms=2)) == [2, 3, 1]


def test_names_ignore_case_and_accents_and_an_id_stands_in_for_a_name() -> None:
    servers = [
        server(1, name="Zoltán"),
        server(2, name="Ádám"),
        server(3, name="béla"),
        server(4, name="", customer_id="csaba"),
    ]

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

    assert [each.pk for each in by_column([servers], column, is_reversed=is_reversed, now_ms=NOW_MS)] == expected


def test_equal_values_stand_by_name() -> None:
    servers = [server(1, name="b", sort_value=5), server(2, name="a", sort_value=5)]

    assert [
        each.pk for each in by_column([servers[:1], servers[1:]], Column.CPU, is_reversed=False, now_ms=NOW_MS)
    ] == [2, 1]


@pytest.mark.parametrize(("is_reversed", "expected"), [(False, [2, 1, 3]), (True, [3, 2, 1])])
def test_the_status_sorts_by_need_and_then_by_name(is_reversed: bool, expected: list[int]) -> None:
    places = [[server(1, name="b"), server(2, name="a")], [server(3, name="c")]]

    ordered_now = by_column(places, Column.STATUS, is_reversed=is_reversed, now_ms=NOW_MS)

    assert [each.pk for each in ordered_now] == expected


def test_the_strip_sorts_by_missed_reports_and_those_that_never_reported_come_last() -> None:
    servers = [server(1), server(2, minutes=None), server(3, minutes=600), server(4, minutes=3000)]

    most_first = by_column([servers], Column.REPORTS, is_reversed=False, now_ms=NOW_MS)

    assert [each.pk for each in most_first] == [4, 3, 1, 2]
    assert missed_reports(servers[1], now_ms=NOW_MS) is None


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


def test_nothing_known_is_not_hard() -> None:
    assert hardness_of(None) == 0


def test_a_name_to_sort_by_has_no_accents() -> None:
    assert sort_name("ŐRSÉG Kft.") == "orseg kft."
