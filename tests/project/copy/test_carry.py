import psycopg
import pytest
from tests.project.copy.places import Place

from felhom_hub.base.copy.tables import Table
from felhom_hub.project.copy.carry import (
    UnstorableError,
    carry_all,
    compare_all,
    require_copy,
    require_room,
    require_this_version,
)
from felhom_hub.project.copy.source import Source, SourceError, open_source
from felhom_hub.project.copy.target import Target, TargetError


def carry(source: Source, target: Target, tables: list[Table], *, replace: bool = False) -> int:
    """How many rows were told."""
    told: list[int] = []
    with target.connection.transaction():
        carry_all(source, target, tables, replace=replace, on_rows=told.append)
    return sum(told)


def differences(source: Source, target: Target, tables: list[Table]) -> list[tuple[str, object]]:
    found = compare_all(source, target, tables, on_rows=lambda _: None)
    return [(each.table, each.first_difference) for each in found if not each.is_same]


def test_each_model_has_a_row_to_be_copied(source: Source, tables: list[Table]) -> None:
    assert [each.name for each in tables if source.count(each) == 0] == []
    # Of the kinds that are easily lost, one column at least has a value.
    for table in tables:
        values = list(zip(*source.rows(table), strict=True))
        empty = [each.name for each, column in zip(table.columns, values, strict=True) if set(column) == {None}]
        assert len(empty) < len(table.columns)


def test_every_row_is_carried_over_and_is_the_same(source: Source, target: Target, tables: list[Table]) -> None:
    rows = sum(source.count(each) for each in tables)

    assert carry(source, target, tables) == rows > 700
    assert differences(source, target, tables) == []


def test_new_rows_get_numbers_that_nobody_ever_had(place: Place, target: Target, tables: list[Table]) -> None:
    place.rows_in_file("DELETE FROM events_event WHERE id = 4")
    place.rows_in_file("DELETE FROM legacy_keptrows")
    with open_source(place.file) as source:
        numbered = {each.name: source.last_number(each) for each in tables if each.counts}
        carry(source, target, tables)

    for name, last in numbered.items():
        (found,) = place.rows(f"SELECT nextval(pg_get_serial_sequence('{name}', 'id'))")
        assert found == (last + 1,), name
    assert (numbered["events_event"], numbered["legacy_keptrows"]) == (4, 1)


def test_the_copys_audit_is_only_added_to(place: Place, source: Source, target: Target, tables: list[Table]) -> None:
    carry(source, target, tables)
    carry(source, target, tables, replace=True)

    assert differences(source, target, tables) == []
    with pytest.raises(psycopg.errors.IntegrityError, match="is only added to"):
        place.rows("UPDATE operators_auditentry SET id = id")


@pytest.mark.parametrize(
    ("damage", "difference"),
    [
        ("UPDATE customers_customer SET name = name || ' ' WHERE id = 2", ("customers_customer", 2)),
        ("DELETE FROM reports_report WHERE id = 17", ("reports_report", 17)),
        ("INSERT INTO base_pulse SELECT id + 1, at FROM base_pulse", ("base_pulse", 2)),
        ("UPDATE reports_report SET body = body || '\\x00' WHERE id = 384", ("reports_report", 384)),
        ("UPDATE configs_fetchedtemplate SET trial = trial || '{\"new\": 1}'", ("configs_fetchedtemplate", 1)),
        ("UPDATE customers_customer SET is_managed = NOT is_managed WHERE id = 1", ("customers_customer", 1)),
    ],
)
def test_a_damaged_copy_is_found(
    place: Place, target: Target, tables: list[Table], damage: str, difference: tuple[str, int]
) -> None:
    with open_source(place.file) as source:
        carry(source, target, tables)
        place.rows(damage)

        assert differences(source, target, tables) == [difference]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE customers_customer SET name = 'a' || char(0) || 'secret' WHERE id = 2",
         "customers_customer, row 2, column name: it holds a NUL character, which PostgreSQL cannot store"),
        ("UPDATE reports_report SET controller_version = printf('%.*c', 3000, 'x') WHERE id = 384",
         "reports_report, row 384, column controller_version: it has 3,000 characters, and the column takes 64"),
        ("UPDATE reports_report SET body = 'text' WHERE id = 3", "reports_report, row 3, column body: it is not bytes"),
        ("UPDATE configs_customerconfig SET thresholds = '[\"\\u0000\"]'",
         "configs_customerconfig, row 1, column thresholds: a text in it holds a NUL character"),
    ],
)  # fmt: skip
def test_what_postgresql_cannot_store_is_named_and_nothing_is_kept(
    place: Place, target: Target, tables: list[Table], change: str, words: str
) -> None:
    place.rows_in_file("PRAGMA ignore_check_constraints = ON")
    place.rows_in_file(change)

    with open_source(place.file) as source, pytest.raises(UnstorableError) as refusal:
        carry(source, target, tables)

    assert str(refusal.value) == words
    assert target.tables_with_rows(tables) == []


def test_a_row_that_refers_to_nothing_ends_the_copy(place: Place, target: Target, tables: list[Table]) -> None:
    place.rows_in_file("UPDATE events_event SET customer_id = 77 WHERE id = 1")

    with open_source(place.file) as source, pytest.raises(psycopg.errors.ForeignKeyViolation):
        carry(source, target, tables)
    assert target.tables_with_rows(tables) == []


def test_a_target_with_rows_is_refused_unless_they_may_go(source: Source, target: Target, tables: list[Table]) -> None:
    require_room(target, tables, replace=False)
    target.connection.execute("INSERT INTO base_pulse (id, at) VALUES (1, 1)")

    with pytest.raises(TargetError, match="as in base_pulse"):
        require_room(target, tables, replace=False)
    with pytest.raises(TargetError, match="as in base_pulse"):
        carry(source, target, tables)
    require_room(target, tables, replace=True)
    assert [name for name, _ in differences(source, target, tables)] == [each.name for each in tables]


def test_both_sides_have_to_be_of_this_version(place: Place, target: Target, tables: list[Table]) -> None:
    require_copy(target)
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('fleet', '9999_later', '2026-11-23')"
    place.rows(newer)
    with pytest.raises(TargetError, match=r"a newer felhom-hub, which made fleet\.9999_later"):
        require_room(target, tables, replace=True)
    place.rows("DELETE FROM django_migrations")
    with pytest.raises(TargetError, match="no copy of this version"):
        require_copy(target)

    with open_source(place.file) as source:
        require_this_version(source)
    place.rows_in_file(newer)
    with open_source(place.file) as source, pytest.raises(SourceError, match=r"which made fleet\.9999_later"):
        require_this_version(source)
    place.rows_in_file("DELETE FROM django_migrations WHERE name >= '0002'")
    with open_source(place.file) as source, pytest.raises(SourceError, match=r"\(\d+ pending migrations\)"):
        require_this_version(source)
