import pytest

from felhom_hub.base.copy.tables import Table, ordered, table_of
from felhom_hub.base.copy.values import Column, Kind
from felhom_hub.telemetry.models import AppFigures
from felhom_hub.watch.models import NodeLevel


def a_table(name: str, *refers_to: str) -> Table:
    return Table(name, (), key=0, counts=False, refers_to=frozenset(refers_to))


def test_a_relation_has_the_kind_of_what_it_refers_to() -> None:
    table = table_of(NodeLevel)

    assert table.columns[table.key] == Column("customer_id", Kind.INTEGER)
    assert (table.counts, set(table.refers_to)) == (False, {"customers_customer"})
    assert table_of(AppFigures).counts


def test_each_table_comes_after_those_that_it_refers_to() -> None:
    names = [each.name for each in ordered([a_table("c", "b", "c"), a_table("b", "a"), a_table("a")])]

    assert names == ["a", "b", "c"]
    with pytest.raises(ValueError, match="a, b"):
        ordered([a_table("a", "b"), a_table("b", "a")])
