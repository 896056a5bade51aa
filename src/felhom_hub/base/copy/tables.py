"""The hub's tables as Django's models have them, each after those that it refers to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models

from felhom_hub.base.copy.values import Column, Kind

_KINDS: Final = {
    "AutoField": Kind.INTEGER,
    "BigAutoField": Kind.BIG,
    "BigIntegerField": Kind.BIG,
    "BinaryField": Kind.BYTES,
    "BooleanField": Kind.BOOLEAN,
    "CharField": Kind.TEXT,
    "DateField": Kind.DATE,
    "FloatField": Kind.REAL,
    "IntegerField": Kind.INTEGER,
    "JSONField": Kind.JSON,
    "PositiveBigIntegerField": Kind.BIG,
    "PositiveIntegerField": Kind.INTEGER,
    "PositiveSmallIntegerField": Kind.SMALL,
    "TextField": Kind.TEXT,
}


@dataclass(frozen=True)
class Table:
    """`key` is the place of the primary key among the columns; `counts` says that the database itself numbers rows."""

    name: str
    columns: tuple[Column, ...]
    key: int
    counts: bool
    refers_to: frozenset[str]

    @property
    def refers_to_itself(self) -> bool:
        return self.name in self.refers_to


def tables_of_the_hub() -> list[Table]:
    """Every table of every room, each after those that it refers to; raises KeyError for a kind of field not known."""
    found = [
        table_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return ordered(found)


def table_of(model: type[models.Model]) -> Table:
    """One model's table."""
    options = model._meta
    fields: Sequence[Any] = options.concrete_fields
    assert options.pk is not None
    return Table(
        name=options.db_table,
        columns=tuple(_column(field) for field in fields),
        key=fields.index(options.pk),
        counts=options.auto_field is not None,
        refers_to=frozenset(field.related_model._meta.db_table for field in fields if field.is_relation),
    )


def ordered(tables: Iterable[Table]) -> list[Table]:
    """Each after those that it refers to; raises ValueError where two refer to each other."""
    waiting, done = list(tables), dict[str, Table]()
    while waiting:
        ready = [each for each in waiting if each.refers_to <= {*done, each.name}]
        if not ready:
            raise ValueError(f"these tables refer to each other: {', '.join(each.name for each in waiting)}")
        done |= {each.name: each for each in ready}
        waiting = [each for each in waiting if each.name not in done]
    return list(done.values())


def _column(field: Any) -> Column:
    assert field.column is not None
    stored = field
    while stored.is_relation:
        stored = stored.target_field
    return Column(field.column, _KINDS[stored.get_internal_type()], is_nullable=field.null, most=stored.max_length)
