"""Queries that Django puts together once and that are executed again and again, with other values in them.

Beside them the expressions that Django lacks: many keys as one value, into a statement and out of it, and texts in the
order that Python gives them.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models.expressions import Combinable

from felhom_hub.base.db import Row


@dataclass(frozen=True, slots=True)
class Statement:
    """A query as Django has put it together, to be executed again and again with other values in it.

    Putting a query with many expressions together takes Django longer than it takes a database to answer it.
    """

    sql: str
    parameters: tuple[Any, ...]

    def rows(self, values: Mapping[Any, Any]) -> list[Row]:
        """All rows, as they are stored; each parameter that is a key of `values` is the value instead."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [values.get(parameter, parameter) for parameter in self.parameters])
            rows: list[Row] = cursor.fetchall()
        return rows


def statement_of(query: models.QuerySet[Any, Any]) -> Statement:
    """The query of `values_list`. What is to be another value each time has a value in it that is nowhere else."""
    sql, parameters = query.query.sql_with_params()
    return Statement(sql, tuple(parameters))


class Keys(models.Aggregate):
    """The keys of a group as one text, for `keys_in`.

    A database hands over row by row, and SQLite offers the interpreter to other threads at each one.
    """

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Django's hook for PostgreSQL."""
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


def keys_in(text: str | None) -> list[int]:
    """What `Keys` wrote, in no order; None is the text of no row at all."""
    found: list[int] = json.loads(f"[{text or ''}]")
    return found


class Among(models.Func):
    """True of a row whose key is one of those in a text of `keys_text`, as many as there may be."""

    template = "%(expressions)s))"
    arg_joiner = " IN (SELECT value FROM json_each("
    output_field = models.BooleanField()

    def __init__(self, expression: str, text: str) -> None:
        super().__init__(models.F(expression), models.Value(text))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Django's hook for PostgreSQL."""
        joiner = " IN (SELECT value::bigint FROM json_array_elements_text("
        return self.as_sql(compiler, connection, template="%(expressions)s::json))", arg_joiner=joiner, **context)


def keys_text(keys: Collection[int]) -> str:
    """The keys as one value."""
    return json.dumps(list(keys))


class ByCodePoint(models.Func):
    """A text that is compared as Python compares it; PostgreSQL goes by the database's language otherwise."""

    template = "%(expressions)s"
    output_field = models.TextField()

    def __init__(self, expression: Combinable) -> None:
        super().__init__(expression)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Django's hook for PostgreSQL."""
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"', **context)
