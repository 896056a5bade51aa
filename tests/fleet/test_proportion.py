from collections import Counter

from felhom_hub.fleet.proportion import Share, parts_of, shares_of
from felhom_hub.reports.status import Status


def test_every_part_is_as_wide_as_it_is_large_with_a_gap_behind_it() -> None:
    counts = Counter({Status.DOWN: 1, Status.PENDING: 1, Status.DISABLED: 1, Status.OK: 1})

    assert shares_of(counts) == [Share("down", 0.0, 24.5), Share("idle", 25.0, 49.5), Share("ok", 75.0, 24.5)]


def test_one_of_ten_thousand_can_still_be_seen() -> None:
    assert shares_of(Counter({Status.DOWN: 1, Status.OK: 9_999}))[0] == Share("down", 0.0, 0.5)


def test_no_servers_are_no_bar() -> None:
    assert shares_of(Counter()) == []


def test_any_parts_stand_in_proportion() -> None:
    assert parts_of(("down", 1), ("warn", 0), ("ok", 3)) == [Share("down", 0.0, 24.5), Share("ok", 25.0, 74.5)]
    assert parts_of() == []
