import pytest
from tests.fleet.summaries import NOW_MS

from felhom_hub.fleet.facts import Fact, backup_fact, report_fact
from felhom_hub.fleet.roster import Rhythm
from felhom_hub.reports.arrivals import LAST_HOUR_CELLS

EVERY_QUARTER = b"\x49\x92"  # of the newest sixteen cells every third, the newest one included


def rhythm(arrivals: bytes = EVERY_QUARTER, *, age: int = LAST_HOUR_CELLS, silence: int = 0, **counts: int) -> Rhythm:
    return Rhythm(arrivals, age, silence, **{"servers": 1, "silent": 0, "without_backup": 0, **counts})


def test_servers_that_report_owe_nothing() -> None:
    rhythms = [rhythm(silence=0, servers=2), rhythm(silence=2)]

    assert report_fact(rhythms, now_ms=NOW_MS) == Fact(12, 12, 0)


def test_silence_is_missing_reports_and_missing_servers() -> None:
    rhythms = [rhythm(), rhythm(silence=6, silent=1), rhythm(silence=LAST_HOUR_CELLS, servers=2, silent=2)]

    assert report_fact(rhythms, now_ms=NOW_MS) == Fact(7, 16, 3)


def test_a_new_server_owes_only_what_it_could_have_sent() -> None:
    assert report_fact([rhythm(b"\x01\x00", age=0)], now_ms=NOW_MS) == Fact(1, 1, 0)


def test_backups_are_counted_of_the_servers_that_report() -> None:
    assert backup_fact([rhythm(servers=3, without_backup=1), rhythm(servers=2, without_backup=2)]) == Fact(2, 5, 3)
    assert backup_fact([]) == Fact(0, 0, 0)


@pytest.mark.parametrize(
    ("fact", "percent"), [(Fact(0, 0, 0), 100), (Fact(4, 4, 0), 100), (Fact(199, 200, 1), 99), (Fact(0, 4, 1), 0)]
)
def test_a_bar_is_full_only_when_nothing_is_missing(fact: Fact, percent: int) -> None:
    assert fact.percent == percent
