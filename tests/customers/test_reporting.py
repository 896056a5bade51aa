from datetime import UTC, datetime
from typing import Any

import pytest
from tests.build import make_customer

from felhom_hub.base.db import Db
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.customers.reporting import Reporting, customers_reporting

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NOW_MS = to_milliseconds(NOW)


def test_known_customers_are_found_with_their_block() -> None:
    free = make_customer("a")
    blocked = make_customer("b", blocked_at=NOW)
    make_customer("c")

    assert customers_reporting(Db(), {"a": "", "b": ""}, by_global_key=(), now_ms=NOW_MS) == {
        "a": Reporting(free.pk, is_blocked=False),
        "b": Reporting(blocked.pk, is_blocked=True),
    }


def test_an_unknown_id_becomes_a_manual_customer_with_the_name_that_was_reported() -> None:
    found = customers_reporting(Db(), {"kovacs-peter": "Kovács Péter", "nagy": ""}, by_global_key=(), now_ms=NOW_MS)

    columns = ("customer_id", "name", "domain", "email", "is_managed", "created_at", "blocked_at")
    assert found == {name: Reporting(Customer.objects.get(customer_id=name).pk, is_blocked=False) for name in found}
    assert list(Customer.objects.order_by("customer_id").values_list(*columns)) == [
        ("kovacs-peter", "Kovács Péter", "", "", False, NOW, None),
        ("nagy", "", "", "", False, NOW, None),
    ]
    assert dict(Customer.objects.values_list("customer_id", "folded_name")) == {
        "kovacs-peter": "kovacs peter", "nagy": "",
    }  # fmt: skip


def test_what_the_operator_wrote_stays() -> None:
    make_customer("a", name="Kovács Péter", is_managed=True, note="pays in cash")

    customers_reporting(Db(), {"a": "somebody else"}, by_global_key=(), now_ms=NOW_MS)

    assert list(Customer.objects.values_list("customer_id", "name", "is_managed", "note")) == [
        ("a", "Kovács Péter", True, "pays in cash")
    ]


def test_a_deleted_customer_comes_back_as_a_manual_one_by_the_global_key_alone() -> None:
    deleted = {name: make_customer(name, deleted_at=NOW).pk for name in ("a", "b")}

    found = customers_reporting(Db(), {"a": "Kovács Péter", "b": ""}, by_global_key=("a",), now_ms=NOW_MS)

    assert found == {
        "a": Reporting(deleted["a"], is_blocked=False),
        "b": Reporting(deleted["b"], is_blocked=False, is_deleted=True),
    }
    columns = ("customer_id", "name", "is_managed", "deleted_at")
    assert list(Customer.objects.values_list(*columns)) == [("a", "Kovács Péter", False, None)]


def test_a_customer_that_comes_back_is_as_blocked_as_it_was() -> None:
    make_customer("a", blocked_at=NOW, deleted_at=NOW)

    assert customers_reporting(Db(), {"a": ""}, by_global_key=("a",), now_ms=NOW_MS)["a"].is_blocked
    assert Customer.objects.get().blocked_at == NOW


def test_ids_differ_by_case() -> None:
    lower = make_customer("kovacs")

    found = customers_reporting(Db(), {"kovacs": "", "Kovacs": ""}, by_global_key=(), now_ms=NOW_MS)

    assert found["kovacs"].pk == lower.pk
    assert found["Kovacs"].pk != lower.pk


@pytest.mark.parametrize(("count", "queries"), [(1, 1), (300, 1)])
def test_known_customers_cost_one_query_however_many(count: int, queries: int) -> None:
    names = {f"c{index}": "" for index in range(count)}
    for name in names:
        make_customer(name)
    db = _Counting()

    customers_reporting(db, names, by_global_key=(), now_ms=NOW_MS)

    assert db.statements == queries


class _Counting(Db):
    """Counts the statements, which do not pass through Django's cursor."""

    statements = 0

    def select(self, *args: Any, **kwargs: Any) -> Any:
        self.statements += 1
        return super().select(*args, **kwargs)

    def insert(self, *args: Any, **kwargs: Any) -> Any:
        self.statements += 1
        return super().insert(*args, **kwargs)
