import pytest
from tests.project.copy.places import Place

from felhom_hub.project.copy.source import Source
from felhom_hub.project.copy.tables import Table, ordered, table_of, tables_of_the_hub
from felhom_hub.project.copy.target import Target
from felhom_hub.project.copy.values import Column, Kind
from felhom_hub.telemetry.models import AppFigures
from felhom_hub.watch.models import NodeLevel


def a_table(name: str, *refers_to: str) -> Table:
    return Table(name, (), key=0, counts=False, refers_to=frozenset(refers_to))


def test_the_hubs_tables_are_all_that_there_are_on_both_sides(source: Source, target: Target) -> None:
    names = {each.name for each in tables_of_the_hub()}

    assert names == source.tables()
    assert names == target.tables() - {"django_migrations"}


def test_the_columns_are_those_of_the_copy(place: Place) -> None:
    """By the catalogue of the server itself, so that no kind of field is taken for another."""
    types = "CASE WHEN udt_name = 'varchar' THEN 'text' ELSE udt_name END"
    query = f"SELECT table_name, column_name, {types}, is_nullable = 'YES', character_maximum_length"
    stored = place.rows(f"{query} FROM information_schema.columns WHERE table_schema = 'public'")
    ours = {
        (table.name, each.name, str(each.kind), each.is_nullable, each.most)
        for table in tables_of_the_hub()
        for each in table.columns
    }

    assert ours == {row for row in stored if row[0] != "django_migrations"}


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
