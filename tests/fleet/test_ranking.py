from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, incoming_event, make_customer, make_node, record, record_all_events
from tests.fleet.summaries import NOW_MS

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.clock import clock_at
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.order import Signals
from felhom_hub.fleet.places import DOWN_BY_HEALTH, DOWN_BY_SILENCE, LISTED, OK, PENDING, WARN
from felhom_hub.fleet.ranking import by_column, by_need, read_signals
from felhom_hub.fleet.roster import Places, read_census

pytestmark = pytest.mark.django_db

CLOCK = clock_at(NOW)
MINUTE = timedelta(minutes=1)
ALL = slice(0, 100)


def servers(**nodes: dict[str, Any] | None) -> None:
    """A customer of each name; None has never reported."""
    for name, columns in nodes.items():
        customer = make_customer(name)
        if columns is not None:
            make_node(customer, **{"health": "ok", "controller_version": None, **columns})


def ids(pks: Sequence[int]) -> list[str]:
    names = dict(Customer.everyone.values_list("pk", "customer_id"))
    return [names[pk] for pk in pks]


def needy(place: int) -> list[str]:
    return ids(by_need(read_census(CLOCK).standing(), {place: ALL}, CLOCK)[place])


def sorted_by(
    column: Column, *, is_reversed: bool = False, part: slice = ALL, found: Places | None = None
) -> list[str]:
    return ids(by_column(found, column, is_reversed=is_reversed, part=part, clock=CLOCK))


def test_silence_is_listed_newest_first() -> None:
    servers(**{name: {"last_received_at": NOW - age * MINUTE} for name, age in (("a", 9000), ("b", 70), ("c", 600))})

    assert needy(DOWN_BY_SILENCE) == ["b", "c", "a"]


def test_failed_health_is_listed_newest_first_and_then_by_name() -> None:
    since = (("d", None), ("c", None), ("b", NOW - 2 * MINUTE), ("a", NOW - MINUTE))
    servers(**{name: {"health": "fail", "health_since_at": at} for name, at in since})

    assert needy(DOWN_BY_HEALTH) == ["a", "b", "c", "d"]


def test_waiting_servers_are_listed_newest_first() -> None:
    for name, age in (("a", 3), ("b", 1), ("c", 2)):
        make_customer(name, created_at=NOW - age * MINUTE)

    assert needy(PENDING) == ["b", "c", "a"]


def test_warnings_are_listed_hardest_signal_first() -> None:
    servers(
        b={"health": "warn"},
        a={"health": "warn"},
        high={"health": "warn", "disk_percent": 91.0},
        hard={"health": "warn", "disk_percent": 97.0},
    )

    assert needy(WARN) == ["hard", "high", "a", "b"]


def test_the_others_are_listed_by_name_without_case_and_accents() -> None:
    for number, name in enumerate(("Zoltán", "Ádám", "béla", "csaba")):
        make_node(make_customer(f"c{number}", name=name), health="ok")

    assert needy(OK) == ["c1", "c2", "c3", "c0"]


def test_a_page_takes_the_end_of_one_place_and_the_beginning_of_others() -> None:
    servers(
        **{f"f{number}": {"health": "fail"} for number in range(5)},
        **{f"w{number}": {"health": "warn"} for number in range(2)},
        **{f"o{number}": {"health": "ok"} for number in range(5)},
        **{f"p{number}": None for number in range(2)},
    )
    reached = {DOWN_BY_HEALTH: slice(3, 13), WARN: slice(0, 8), PENDING: slice(0, 6), OK: slice(0, 4)}

    shown = by_need(read_census(CLOCK).standing(), reached, CLOCK)

    assert {place: ids(pks) for place, pks in shown.items()} == {
        DOWN_BY_HEALTH: ["f3", "f4"], WARN: ["w0", "w1"], PENDING: ["p0", "p1"], OK: ["o0", "o1", "o2", "o3"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "is_reversed", "expected"),
    [
        (Column.CPU, False, ["c", "b", "a", "d"]),
        (Column.CPU, True, ["a", "b", "c", "d"]),
        (Column.CUSTOMER, False, ["a", "b", "c", "d"]),
        (Column.CUSTOMER, True, ["d", "c", "b", "a"]),
    ],
)
def test_a_column_sorts_with_what_is_not_reported_last(column: Column, is_reversed: bool, expected: list[str]) -> None:
    servers(**{name: {"cpu_percent": value} for name, value in (("b", 20.0), ("d", None), ("a", 10.0), ("c", 30.0))})

    assert sorted_by(column, is_reversed=is_reversed) == expected
    assert sorted_by(column, is_reversed=is_reversed, part=slice(1, 3)) == expected[1:3]


def test_only_those_that_were_found_are_sorted_and_nobody_who_is_blocked() -> None:
    servers(a={"cpu_percent": 1.0}, b={"cpu_percent": 2.0}, c=None, d={"cpu_percent": 3.0})
    blocked = make_customer("blocked", blocked_at=NOW)
    found: Places = [[] for _ in LISTED]
    found[OK] = [Customer.objects.get(customer_id="a").pk, Customer.objects.get(customer_id="c").pk]

    for column in Column:
        assert blocked.customer_id not in sorted_by(column)
        assert sorted(sorted_by(column, found=found)) == ["a", "c"]
        assert sorted_by(column, found=[[] for _ in LISTED]) == []


@pytest.mark.parametrize(("is_reversed", "expected"), [(False, ["a", "b", "c"]), (True, ["c", "a", "b"])])
def test_the_status_sorts_by_need_and_then_by_name(is_reversed: bool, expected: list[str]) -> None:
    servers(b={"health": "warn"}, a={"health": "warn"}, c={"health": "ok"})

    assert sorted_by(Column.STATUS, is_reversed=is_reversed) == expected


def test_controllers_sort_by_the_numbers_of_their_versions() -> None:
    servers(
        **{name: {"controller_version": version} for name, version in (("a", "v0.30.0"), ("b", None), ("c", "v0.9.1"))}
    )

    assert sorted_by(Column.CONTROLLER) == ["c", "a", "b"]


def test_what_differs_from_the_hub_is_sorted_first_and_what_the_hub_has_no_file_for_last() -> None:
    hashes: dict[str, tuple[str | None, str | None, str | None]] = {
        "b": ("1", "1", None), "a": ("1", "2", "1"), "d": ("1", "2", None), "c": ("1", "2", "0"),
        "f": (None, "1", None), "e": ("1", None, None), "h": (None, None, None),
    }  # fmt: skip
    servers(
        **{
            name: {"config_hash": box, "expected_hash": hub, "same_hash": same}
            for name, (box, hub, same) in hashes.items()
        },
        g=None,
    )
    Customer.objects.exclude(customer_id="h").update(is_managed=True)

    assert sorted_by(Column.CONFIG) == ["c", "d", "e", "f", "a", "b", "g", "h"]
    assert sorted_by(Column.CONFIG, is_reversed=True) == ["a", "b", "e", "f", "c", "d", "g", "h"]


def test_the_strip_sorts_by_missed_reports_and_those_that_never_reported_come_last() -> None:
    for customer_id, minutes in (("a", 0), ("c", 600), ("d", 3000)):
        record([incoming(customer_id, customer_name=customer_id, received_at=NOW - timedelta(minutes=minutes + since))
                for since in range(0, 1500, 15)])  # fmt: skip
    make_customer("b")

    assert sorted_by(Column.REPORTS) == ["d", "c", "a", "b"]
    assert sorted_by(Column.REPORTS, is_reversed=True) == ["a", "c", "d", "b"]


def test_an_error_weighs_more_than_any_number_of_warnings() -> None:
    servers(a={}, b={}, c={})
    record_all_events([incoming_event("b", severity="warning", details_json=f'{{"n": {n}}}') for n in range(3)])
    record_all_events([incoming_event("c", severity="error")])

    assert sorted_by(Column.EVENTS) == ["c", "b", "a"]


def test_signals_are_those_of_the_servers_that_are_asked_for() -> None:
    ill = {"status": "warn", "issues": [], "warnings": ["drive hdd1 is 91 % full"]}
    record([incoming(name, customer_name=name, received_at=NOW, health=ill) for name in ("zoli", "adam", "well")])
    record_all_events([incoming_event("adam", severity="error")])
    pks = dict(Customer.objects.values_list("customer_id", "pk"))
    CustomerConfig.objects.create(customer_id=pks["adam"], thresholds={"disk_high": 70.0}, changed_at=NOW)

    assert read_signals([pks["zoli"], pks["adam"]]) == [
        Signals(pks["adam"], NOW_MS, 0, "warn", 7.5, 61.2, 41.0, 48.0, 1, {"disk_high": 70.0}),
        Signals(pks["zoli"], NOW_MS, 0, "warn", 7.5, 61.2, 41.0, 48.0, None, None),
    ]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("column", [None, *Column])
def test_an_order_is_one_query(number: int, column: Column | None) -> None:
    servers(**{f"c{each}": {} for each in range(number)})
    found = read_census(CLOCK).standing()

    with CaptureQueriesContext(connection) as queries:
        if column is None:
            assert len(by_need(found, {OK: ALL}, CLOCK)[OK]) == number
        else:
            assert len(sorted_by_keys(column, found)) == number

    assert len(queries) == 1


def sorted_by_keys(column: Column, found: Places) -> list[int]:
    return by_column(found, column, is_reversed=False, part=ALL, clock=CLOCK)
