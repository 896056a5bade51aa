import importlib
from datetime import UTC, datetime

import pytest
from django.apps import apps
from pytest_django import DjangoAssertNumQueries

from felhom_hub.base.errors import NotFound
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import (
    MAX_LISTED,
    active_customers,
    all_customers,
    count_blocked,
    customer_of,
    names_of,
    shown_name,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def ids(found: list[Customer]) -> list[str]:
    return [each.customer_id for each in found]


@pytest.fixture
def _four() -> None:
    for customer_id, blocked_at in (("c", None), ("a", None), ("d", NOW), ("b", NOW)):
        Customer.objects.create(customer_id=customer_id, created_at=NOW, blocked_at=blocked_at)


@pytest.mark.usefixtures("_four")
def test_one_is_found_by_its_whole_id() -> None:
    assert customer_of("a").customer_id == "a"


@pytest.mark.usefixtures("_four")
@pytest.mark.parametrize("customer_id", ["e", "A", "", "a\0", "a%", "\udcff"])
def test_nobody_is_found_by_another_id(customer_id: str) -> None:
    with pytest.raises(NotFound):
        customer_of(customer_id)


@pytest.mark.usefixtures("_four")
def test_lists_are_in_the_order_of_ids_and_hide_the_blocked_unless_asked() -> None:
    assert ids(active_customers()) == ["a", "c"]
    assert ids(all_customers()) == ["a", "b", "c", "d"]
    assert count_blocked() == 2


@pytest.mark.usefixtures("_four")
def test_a_page_begins_behind_an_id_and_is_bounded() -> None:
    assert ids(active_customers(after="a")) == ["c"]
    assert ids(all_customers(after="a", limit=2)) == ["b", "c"]
    assert ids(all_customers(after="d")) == []


def test_no_page_is_longer_than_the_bound() -> None:
    rows = [Customer(customer_id=f"c{number:04}", created_at=NOW) for number in range(MAX_LISTED + 1)]
    Customer.objects.bulk_create(rows)
    assert len(all_customers(limit=10_000)) == MAX_LISTED


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_one_query(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Customer.objects.bulk_create(Customer(customer_id=str(number), created_at=NOW) for number in range(rows))
    with django_assert_num_queries(1):
        assert len(all_customers()) == rows


@pytest.mark.usefixtures("_four")
def test_names_are_those_of_customers_that_are_there() -> None:
    Customer.objects.filter(customer_id="a").update(name="Ágnes")
    Customer.objects.filter(customer_id="b").update(deleted_at=NOW)

    assert names_of(["a", "b", "c", "nobody", "a\0b", "<script>"]) == {"a": "Ágnes", "c": ""}
    assert [shown_name(each) for each in ("a", "b", "c", "nobody")] == ["Ágnes", "b", "c", "nobody"]


def test_customers_of_before_get_their_folded_texts() -> None:
    """By the migration; that a write keeps them true is in tests/base/test_fields.py."""
    fold = importlib.import_module("felhom_hub.customers.migrations.0004_fold_what_is_there").fold
    for customer_id, name, town in (("a", "Kovács", "Győr"), ("b", "", "Vác"), ("c", "", "")):
        Customer.objects.create(customer_id=customer_id, name=name, town=town, created_at=NOW)
    Customer.objects.update(folded_name="", folded_town="")

    fold(apps, None)

    assert list(Customer.objects.values_list("folded_name", "folded_town")) == [
        ("kovacs", "gyor"), ("", "vac"), ("", ""),
    ]  # fmt: skip
