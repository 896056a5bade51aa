from datetime import timedelta

import pytest
from tests.build import NOW, incoming, make_customer, make_node, record

from felhom_hub.customers.models import Customer
from felhom_hub.reports.allowance import (
    allowances,
    not_silent_before,
    set_allowances,
    silent_before,
    silent_since,
)
from felhom_hub.reports.models import NodeState

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOURLY = 45 * MINUTE


def test_silence_counts_from_the_last_report_and_the_allowance() -> None:
    for name, allowance in (("usual", 0), ("hourly", 45), ("quick", -10)):
        make_node(make_customer(name), allowance_ms=allowance * 60_000)
    make_customer("pending")

    def names(condition: object) -> set[str]:
        return set(Customer.objects.filter(condition).values_list("customer_id", flat=True))

    assert names(silent_since(NOW)) == {"usual", "quick"}
    assert names(silent_before(NOW)) == {"quick"}
    assert names(not_silent_before(NOW)) == {"usual", "hourly"}
    assert names(silent_since(NOW + HOURLY)) == {"usual", "quick", "hourly"}
    assert names(silent_before(NOW + HOURLY)) == {"usual", "quick"}


def test_allowances_are_set_and_counted_where_they_change() -> None:
    pks = [make_node(make_customer(name)).customer_id for name in ("a", "b", "c")]
    pending = make_customer("pending").pk

    assert set_allowances({pks[0]: HOURLY, pks[1]: HOURLY, pks[2]: timedelta(), pending: HOURLY}) == 2
    assert allowances() == {pks[0]: HOURLY, pks[1]: HOURLY}
    assert set_allowances({pks[0]: HOURLY, pks[1]: -10 * MINUTE}) == 1
    assert allowances() == {pks[0]: HOURLY, pks[1]: -10 * MINUTE}
    assert set_allowances({}) == 0


def test_reports_leave_the_allowance_as_it_is() -> None:
    record([incoming("a")])
    assert NodeState.objects.get().allowance_ms == 0
    set_allowances({NodeState.objects.get().pk: HOURLY})

    record([incoming("a", received_at=NOW + MINUTE), incoming("b", received_at=NOW + MINUTE)])

    assert list(allowances().values()) == [HOURLY]
