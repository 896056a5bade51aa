from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, make_node, record

from felhom_hub.customers.delete import delete_customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.reports.config_sync import ConfigSync
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.wanted import (
    Wanted,
    expect_hashes,
    note_same_values,
    want_config,
    want_update,
    wanted_of,
    withdraw,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=15)
A, B, C = "a" * 64, "b" * 64, "c" * 64


def node(customer_id: str, **columns: Any) -> int:
    return make_node(make_customer(customer_id), **columns).customer_id


def test_hashes_are_expected_and_counted_where_they_are_others() -> None:
    pks = [node(each) for each in ("a", "b", "c")]

    assert expect_hashes({pks[0]: A, pks[1]: B}) == 2
    assert expect_hashes({pks[0]: A, pks[1]: C, pks[2]: None}) == 1
    assert [wanted_of(pk).expected_hash for pk in pks] == [A, C, None]
    assert expect_hashes({pks[1]: None}) == 1
    assert [wanted_of(pk).expected_hash for pk in pks] == [A, None, None]
    assert expect_hashes({}) == 0


def test_a_fleet_of_more_than_one_portion_is_expected_whole() -> None:
    pks = [node(f"box-{number}") for number in range(503)]

    assert expect_hashes({pk: f"{pk:064}" for pk in pks}) == 503
    assert set(NodeState.objects.values_list("pk", "expected_hash")) == {(pk, f"{pk:064}") for pk in pks}


def test_a_box_that_never_reported_is_passed_over_and_a_wish_for_it_is_refused() -> None:
    pk = make_customer("pending").pk

    assert expect_hashes({pk: A}) == 0
    assert not want_config(pk, now=NOW)
    assert not want_update(pk, "v0.31.0", now=NOW)
    assert not withdraw(pk)
    assert not note_same_values(pk, live_hash=B, expected_hash=A, now=NOW)
    assert wanted_of(pk) == Wanted()


def test_wishes_are_noted_and_withdrawn_for_that_box_alone() -> None:
    pk, other = node("a"), node("b")
    assert not withdraw(pk)

    for each in (pk, other):
        assert want_config(each, now=NOW)
        assert want_update(each, "v0.31.0", now=LATER)
    assert withdraw(pk)

    assert wanted_of(pk) == Wanted()
    assert wanted_of(other) == Wanted(push_wanted_at=NOW, update_to="v0.31.0", update_wanted_at=LATER)


def test_equal_values_hold_for_the_file_that_they_were_compared_with() -> None:
    pk = node("a", config_hash=B)
    expect_hashes({pk: A})
    assert wanted_of(pk).sync is ConfigSync.MISMATCH

    assert not note_same_values(pk, live_hash=B, expected_hash=C, now=NOW)
    assert wanted_of(pk).sync is ConfigSync.MISMATCH
    assert note_same_values(pk, live_hash=B, expected_hash=A, now=LATER)
    assert (wanted_of(pk).sync, wanted_of(pk).compared_at) == (ConfigSync.IN_SYNC_FORMATTING, LATER)
    expect_hashes({pk: A})  # the same file: nothing is forgotten
    assert wanted_of(pk).same_hash == B

    expect_hashes({pk: C})
    assert wanted_of(pk) == Wanted(expected_hash=C, config_hash=B)


def test_reports_leave_what_is_wanted_as_it_is() -> None:
    record([incoming("a", config_hash=B)])
    pk = NodeState.objects.get().pk
    expect_hashes({pk: A})
    note_same_values(pk, live_hash=B, expected_hash=A, now=NOW)
    want_config(pk, now=NOW)
    want_update(pk, "v0.31.0", now=NOW)
    before = wanted_of(pk)

    record([incoming("a", received_at=LATER, config_hash=B), incoming("b", received_at=LATER)])

    assert before == Wanted(A, B, NOW, NOW, "v0.31.0", NOW, config_hash=B, controller_version="v0.30.0")
    assert wanted_of(pk) == before


def test_nothing_is_wanted_of_a_deleted_customers_box() -> None:
    pk = node("a", expected_hash=A, same_hash=B, compared_at=NOW, push_wanted_at=NOW, update_to="v1")

    delete_customer("a", now=NOW, by=COMMAND_LINE)

    assert wanted_of(pk) == Wanted()
