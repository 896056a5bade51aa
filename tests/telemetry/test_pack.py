from typing import Any

import msgspec
import pytest
import zstandard
from msgspec.structs import asdict, replace

from felhom_hub.reports.app_telemetry import AppFacts
from felhom_hub.telemetry.pack import (
    MAX_APPS_OF_HOUR,
    MAX_VALUES,
    AppHour,
    Hour,
    pack_hour,
    pack_hours,
    unpack_hour,
    unpack_hours,
    with_apps,
)

STORED = (
    "28b52ffd202e71010092919aa6696d6d696368a6496d6d696368cd0400cd0800030bcd2b0192cd1ee0cd1fb8921819cd0384ce0001e240"
)
NOTHING = AppFacts("immich", "immich", None, None, None, None, None, None, None, ())


def facts(app_name: str = "immich", **said: Any) -> AppFacts:
    return replace(NOTHING, app_name=app_name, **{"display_name": app_name, **said})


def hour_of(*reports: tuple[AppFacts, ...], seconds: list[int] | None = None) -> Hour:
    """The hour after these reports, a minute apart if nothing else is said."""
    hour: Hour | None = None
    for index, apps in enumerate(reports):
        hour = with_apps(hour, apps, second=index * 60 if seconds is None else seconds[index])
    assert hour is not None
    return hour


def only_app(hour: Hour) -> AppHour:
    (app,) = hour.apps
    return app


def test_numbers_are_kept_in_tenths() -> None:
    said = facts(
        display_name="Immich",
        memory_mb=790.44,
        memory_peak_mb=1100.96,
        cpu_avg_percent=2.36,
        memory_request_mb=1023.6,
        memory_limit_mb=2048,
        log_errors_24h=3,
        log_warnings_24h=11,
    )

    assert only_app(hour_of((said,))) == AppHour("immich", "Immich", 1024, 2048, 3, 11, 11010, [7904], [24], 0)


def test_what_was_not_said_is_none_and_adds_no_value() -> None:
    assert only_app(hour_of((facts(),))) == AppHour("immich", "immich", None, None, None, None, None, [], [], 0)


def test_each_report_adds_a_value_and_the_largest_peak_stays() -> None:
    reports = [(facts(memory_mb=value, memory_peak_mb=peak, cpu_avg_percent=value / 10),) for value, peak in
               ((10.0, 30.0), (20.0, 50.0), (15.0, 40.0))]  # fmt: skip

    app = only_app(hour_of(*reports))

    assert (app.memory, app.cpu, app.memory_peak) == ([100, 200, 150], [10, 20, 15], 500)


def test_apps_are_told_apart_by_name_and_keep_their_order() -> None:
    hour = hour_of((facts("b"), facts("a", memory_mb=1)), (facts("c"), facts("a", memory_mb=2)))

    assert [(app.app_name, app.memory) for app in hour.apps] == [("b", []), ("a", [10, 20]), ("c", [])]


def test_the_newest_report_says_the_names_limits_and_log_counts() -> None:
    old = facts(display_name="Old", memory_request_mb=1, memory_limit_mb=2, log_errors_24h=3, log_warnings_24h=4)
    new = facts(display_name="New", memory_request_mb=5, memory_limit_mb=6, log_errors_24h=7, log_warnings_24h=8)

    in_order = hour_of((old,), (new,), seconds=[100, 200])
    late = hour_of((new,), (old,), seconds=[200, 100])

    assert in_order == late == Hour([AppHour("immich", "New", 5, 6, 7, 8, None, [], [], 200)], 0)


def test_reports_of_the_same_second_leave_the_same_whichever_came_first() -> None:
    one = facts(display_name="A", memory_limit_mb=1, log_errors_24h=9)
    two = facts(display_name="A", memory_limit_mb=2, log_errors_24h=None)

    assert hour_of((one,), (two,), seconds=[5, 5]) == hour_of((two,), (one,), seconds=[5, 5])


def test_all_values_of_an_ordinary_hour_are_kept() -> None:
    app = only_app(hour_of(*[(facts(memory_mb=index),) for index in range(MAX_VALUES)]))

    assert app.memory == [index * 10 for index in range(MAX_VALUES)]


def test_more_values_are_thinned_out_evenly() -> None:
    app = only_app(hour_of(*[(facts(memory_mb=index, cpu_avg_percent=index),) for index in range(MAX_VALUES + 1)]))

    assert app.memory == app.cpu == [0, 20, 40, 60, 80, 100, 120, 140, 160]


@pytest.mark.parametrize("count", [17, 60, 1000])
def test_a_row_stays_small_however_many_reports_there_are(count: int) -> None:
    app = only_app(hour_of(*[(facts(memory_mb=index),) for index in range(count)], seconds=[0] * count))

    assert len(app.memory) <= MAX_VALUES
    assert app.memory[-1] == (count - 1) * 10
    assert app.memory == sorted(app.memory)


def test_a_report_that_says_no_memory_thins_nothing_out() -> None:
    full = [(facts(memory_mb=index),) for index in range(MAX_VALUES)]

    app = only_app(hour_of(*full, (facts(cpu_avg_percent=1),)))

    assert (len(app.memory), app.cpu) == (MAX_VALUES, [10])


def test_an_hour_has_so_many_apps_at_most() -> None:
    first, second = (tuple(facts(f"{part}{index}", memory_mb=1) for index in range(300)) for part in "ab")

    hour = hour_of(first, second, first)

    assert len(hour.apps) == MAX_APPS_OF_HOUR
    assert [len(app.memory) for app in hour.apps] == [2] * 300 + [1] * 100


def test_the_fingerprint_of_issues_stays_with_the_hour() -> None:
    assert with_apps(Hour([], 77), (facts(),), second=0).issues_digest == 77


@pytest.mark.parametrize(
    "hour",
    [
        Hour([], 0),
        Hour([AppHour("é", "É 😀", None, None, None, None, None, [], [], 0)], 2**32 - 1),
        Hour([AppHour("a", "A", 1, 2, 3, 4, 10**16, [10**16] * MAX_VALUES, [0] * MAX_VALUES, 3599)] * 200, 1),
    ],
)
def test_an_hour_comes_back_as_it_was_packed(hour: Hour) -> None:
    assert unpack_hour(pack_hour(hour)) == hour


@pytest.mark.parametrize("count", [0, 1, 3, 4, 50])
def test_many_hours_come_back_in_their_order(count: int) -> None:
    hours = [Hour([AppHour(f"a{index}", "A", 1, 2, 3, 4, 5, [index], [], 0)], index) for index in range(count)]

    assert unpack_hours(pack_hours(hours)) == hours


def test_an_hour_stored_by_the_first_release_can_be_read() -> None:
    stored = bytes.fromhex(STORED)

    assert asdict(unpack_hour(stored).apps[0]) == {
        "app_name": "immich",
        "display_name": "Immich",
        "memory_request_mb": 1024,
        "memory_limit_mb": 2048,
        "log_errors_24h": 3,
        "log_warnings_24h": 11,
        "memory_peak": 11009,
        "memory": [7904, 8120],
        "cpu": [24, 25],
        "second": 900,
    }


def test_an_hour_of_known_apps_takes_less_than_it_would_alone() -> None:
    names = ("immich", "paperless-ngx", "vaultwarden", "nextcloud", "jellyfin")
    hour = hour_of(tuple(facts(name, memory_mb=index * 100.5) for index, name in enumerate(names)))

    packed = pack_hour(hour)

    assert unpack_hour(packed) == hour
    assert len(packed) < 0.9 * len(zstandard.ZstdCompressor(level=19).compress(msgspec.msgpack.encode(hour)))
