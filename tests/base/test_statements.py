from typing import Any

import pytest
from django.db.models import F, Value
from tests.build import make_customer

from felhom_hub.base.statements import Among, ByCodePoint, Keys, keys_in, keys_text, statement_of
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db


def test_a_statement_is_put_together_once_and_asks_with_other_values_each_time(
    django_assert_num_queries: Any,
) -> None:
    pks = {name: make_customer(name, name=name.upper()).pk for name in ("a", "b", "c")}
    never = -123_456_789
    statement = statement_of(Customer.objects.filter(pk=never).exclude(name="B").values_list("customer_id", "name"))

    for name, found in (("a", [("a", "A")]), ("b", []), ("c", [("c", "C")])):
        with django_assert_num_queries(1):
            assert statement.rows({never: pks[name]}) == found

    assert statement.rows({}) == []


def test_the_keys_of_each_group_are_one_value() -> None:
    pks = {name: make_customer(name, town=town).pk for name, town in (("a", "x"), ("b", "y"), ("c", "x"))}

    rows = Customer.objects.order_by().values("town").annotate(keys=Keys("pk")).values_list("town", "keys")

    assert {town: sorted(keys_in(keys)) for town, keys in rows} == {"x": [pks["a"], pks["c"]], "y": [pks["b"]]}


def test_no_row_has_no_keys() -> None:
    assert keys_in(Customer.objects.aggregate(keys=Keys("pk"))["keys"]) == []


@pytest.mark.parametrize("others", [0, 40_000])  # more than a statement takes as values of their own
def test_rows_are_found_by_any_number_of_keys(others: int) -> None:
    pks = [make_customer(name).pk for name in ("a", "b", "c")]
    asked = [*pks[1:], *range(10**9, 10**9 + others)]

    found = Customer.objects.filter(Among("pk", keys_text(asked))).values_list("customer_id", flat=True)

    assert sorted(found) == ["b", "c"]
    assert not Customer.objects.filter(Among("pk", keys_text([]))).exists()


def test_texts_are_ordered_as_python_orders_them() -> None:
    texts = ["a", "B", "b", "á", "a b", "a-b", "ab", "Z", "_", "ű", "\U0001f600", "\uffee", ""]
    for number, text in enumerate(texts):
        make_customer(f"c{number}", name=text)

    found = Customer.objects.annotate(by=ByCodePoint(F("name"))).order_by("by").values_list("name", flat=True)

    assert list(found) == sorted(texts)
    assert Customer.objects.annotate(by=ByCodePoint(Value("x"))).count() == len(texts)
