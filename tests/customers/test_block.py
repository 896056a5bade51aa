from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.base.errors import NotFound
from felhom_hub.customers.block import block_customer, unblock_customer
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)

pytestmark = pytest.mark.django_db


def blocked() -> dict[str, datetime | None]:
    return dict(Customer.objects.values_list("customer_id", "blocked_at"))


def audit() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "customer_id"))


@pytest.fixture(autouse=True)
def _two() -> None:
    Customer.objects.create(customer_id="kovacs-peter", created_at=BEFORE)
    Customer.objects.create(customer_id="nagy-anna", created_at=BEFORE)


def test_one_is_blocked_and_unblocked_with_an_entry_each() -> None:
    assert block_customer("kovacs-peter", now=NOW, by=COMMAND_LINE) is True
    assert blocked() == {"kovacs-peter": NOW, "nagy-anna": None}
    assert unblock_customer("kovacs-peter", now=NOW, by=COMMAND_LINE) == NOW
    assert blocked() == {"kovacs-peter": None, "nagy-anna": None}
    assert audit() == [
        ("command line", "customer_blocked", "kovacs-peter"),
        ("command line", "customer_unblocked", "kovacs-peter"),
    ]


def test_who_is_blocked_already_stays_so_since_then() -> None:
    block_customer("kovacs-peter", now=BEFORE, by=COMMAND_LINE)
    assert block_customer("kovacs-peter", now=NOW, by=COMMAND_LINE) is False
    assert blocked()["kovacs-peter"] == BEFORE
    assert len(audit()) == 1


def test_who_is_blocked_again_may_keep_the_first_date_but_none_to_come() -> None:
    for since, kept in ((BEFORE, BEFORE), (NOW + timedelta(days=1), NOW)):
        assert block_customer("kovacs-peter", now=NOW, by=COMMAND_LINE, since=since) is True
        assert unblock_customer("kovacs-peter", now=NOW, by=COMMAND_LINE) == kept


def test_who_is_not_blocked_stays_so() -> None:
    assert unblock_customer("kovacs-peter", now=NOW, by=COMMAND_LINE) is None
    assert audit() == []


@pytest.mark.parametrize("verb", [block_customer, unblock_customer])
def test_nobody_cannot_be_blocked(verb: Callable[..., object]) -> None:
    with pytest.raises(NotFound, match=r"^There is no customer kovacs$"):
        verb("kovacs", now=NOW, by=COMMAND_LINE)
    assert audit() == []
