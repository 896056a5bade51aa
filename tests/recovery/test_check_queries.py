from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.recovery.checked import make_check

from felhom_hub.customers.models import Customer
from felhom_hub.recovery.check_queries import (
    Lately,
    changed_lately,
    checked_of,
    count_not_recoverable,
    fleet_counts,
    not_recoverable,
    row_of,
    rows_of,
)
from felhom_hub.recovery.checks import Verdict
from felhom_hub.recovery.models import Drill

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _fleet() -> None:
    make_check(make_customer("c1", name="Ágnes", town="Eger"))
    make_check(make_customer("c2", name="Béla", town="Győr"), "yygyy", "hdd2 does not report", fell_at=NOW - HOUR)
    make_check(make_customer("c3", name="Cili"), "nuuuy", "It was never sent", at=NOW - 30 * HOUR)
    make_check(make_customer("c4", name="blocked", blocked_at=NOW), "nuuuy")
    make_check(make_customer("c5", name="deleted", deleted_at=NOW), "nuuuy")


def listed(**wanted: Any) -> list[str]:
    rows = rows_of(**{"rank": None, "text": "", **wanted})
    return [row_of(row).customer_id for row in rows]


def test_one_customers_check_is_read_whole() -> None:
    found = checked_of(Customer.objects.get(customer_id="c2").pk)

    assert found is not None
    assert (found.examination.verdict, found.examination.reason, found.version) == (
        Verdict.WITH_GAPS, "hdd2 does not report", 1,
    )  # fmt: skip
    assert checked_of(make_customer("new").pk) is None


def test_the_fleet_is_counted_without_the_blocked_and_the_deleted() -> None:
    counts = fleet_counts(NOW)

    assert (dict(counts.verdicts), counts.total, counts.checked_lately) == (
        {Verdict.NO: 1, Verdict.WITH_GAPS: 1, Verdict.YES: 1}, 3, 2,
    )  # fmt: skip
    assert dict(counts.passed) == {"opens": 2, "passwords": 2, "drives": 1, "backup": 2, "retrieval": 3}
    assert count_not_recoverable() == 1


def test_who_cannot_be_rebuilt_is_known_with_the_reason() -> None:
    pks = {each.customer_id: each.pk for each in Customer.everyone.all()}

    assert not_recoverable(pks.values()) == {
        pks["c3"]: "It was never sent", pks["c4"]: "opens is n", pks["c5"]: "opens is n",
    }  # fmt: skip


def test_what_changed_within_a_day_is_told() -> None:
    assert changed_lately(NOW) == Lately(("Béla",), 1, 0)
    assert changed_lately(NOW + 24 * HOUR) == Lately((), 0, 0)


def test_the_list_has_the_worst_first_and_is_narrowed() -> None:
    assert listed() == ["c3", "c2", "c1"]
    assert listed(rank=1) == ["c2"]
    assert listed(text="GYOR") == listed(text="Hdd2") == listed(text="bela") == ["c2"]
    assert listed(text="nothing") == []
    agnes = Customer.objects.get(customer_id="c1")
    Drill.objects.create(
        customer=agnes, started_at=NOW, duration_ms=1, actor="command line", result="passed", disks_matched=1,
        disks_described=1, stacks_planned=1, stacks_all=1,
    )  # fmt: skip
    assert listed(never_drilled=True) == ["c3", "c2"]
