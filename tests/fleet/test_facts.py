import pytest
from tests.fleet.summaries import NOW_MS

from felhom_hub.fleet.facts import Fact, backup_fact, config_fact, controller_fact, report_fact
from felhom_hub.fleet.places import OK
from felhom_hub.fleet.roster import Kind
from felhom_hub.fleet.updates import Updates
from felhom_hub.reports.arrivals import LAST_HOUR_CELLS

EVERY_QUARTER = b"\x49\x92"  # of the newest sixteen cells every third, the newest one included


def kind(
    arrivals: bytes = EVERY_QUARTER,
    *,
    age: int = LAST_HOUR_CELLS,
    silence: int = 0,
    servers: int = 1,
    is_silent: bool = False,
    lacks_backup: bool = False,
) -> Kind:
    return Kind(OK, arrivals, age, silence, is_silent, lacks_backup, list(range(servers)))


def test_servers_that_report_owe_nothing() -> None:
    assert report_fact([kind(servers=2), kind(silence=2)], now_ms=NOW_MS) == Fact(12, 12, 0)


def test_a_server_that_reports_less_often_owes_no_quarter_of_an_hour_but_its_silence_counts() -> None:
    lenient = [kind()._replace(is_lenient=True), kind(silence=2, is_silent=True)._replace(is_lenient=True)]

    assert report_fact([*lenient, kind()], now_ms=NOW_MS) == Fact(4, 4, 1)


def test_silence_is_missing_reports_and_missing_servers() -> None:
    kinds = [
        kind(),
        kind(silence=6, is_silent=True),
        kind(silence=LAST_HOUR_CELLS, servers=2, is_silent=True),
    ]

    assert report_fact(kinds, now_ms=NOW_MS) == Fact(7, 16, 3)


def test_a_new_server_owes_only_what_it_could_have_sent() -> None:
    assert report_fact([kind(b"\x01\x00", age=0)], now_ms=NOW_MS) == Fact(1, 1, 0)


def test_backups_are_counted_of_the_servers_that_report() -> None:
    kinds = [kind(servers=2), kind(lacks_backup=True), kind(servers=2, lacks_backup=True)]

    assert backup_fact(kinds) == Fact(2, 5, 3)
    assert backup_fact([]) == Fact(0, 0, 0)


def test_a_controller_whose_version_is_none_is_neither_behind_nor_the_latest() -> None:
    updates = Updates("v0.31.0", {"v0.30.1": 2, "v0.30.2": 1}, current=4, running=9)

    assert controller_fact(updates) == Fact(4, 9, 3, 2)


def test_configs_are_counted_of_the_managed_servers_that_report() -> None:
    managed = kind(servers=4)._replace(is_managed=True, is_comparable=True)
    kinds = [
        managed,
        managed._replace(differs=True, pks=[4, 5]),
        managed._replace(is_comparable=False, pks=[6]),
        kind(servers=8),
    ]

    assert config_fact(kinds) == Fact(4, 7, 2, 1)
    assert config_fact([]) == Fact(0, 0, 0)


@pytest.mark.parametrize(
    ("fact", "percent"), [(Fact(0, 0, 0), 100), (Fact(4, 4, 0), 100), (Fact(199, 200, 1), 99), (Fact(0, 4, 1), 0)]
)
def test_a_bar_is_full_only_when_nothing_is_missing(fact: Fact, percent: int) -> None:
    assert fact.percent == percent
