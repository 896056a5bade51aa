"""Our model fields."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from felhom_hub.base.folding import folded
from felhom_hub.base.instants import from_milliseconds, to_milliseconds

M_co = TypeVar("M_co", bound=models.Model, covariant=True)

if TYPE_CHECKING:
    _Set = TypeVar("_Set")
    _Get = TypeVar("_Get")

    class _Milliseconds(models.Field[_Set, _Get]):
        """What the type checker sees: a field of times, not of integers."""

        _pyi_private_set_type: datetime | int
        _pyi_private_get_type: datetime
        _pyi_lookup_exact_type: datetime | int

else:
    _Milliseconds = models.BigIntegerField


class InstantField(_Milliseconds):  # type: ignore[type-arg]  # the plugin fills them in from null=
    """An aware datetime in Python, milliseconds since 1970 in the database.

    Milliseconds in an integer take 6 bytes in a row where SQLite's text form of a time takes 26, and there are two
    of them in each stored report and one in each of its indexes.
    """

    def from_db_value(self, value: int | None, _expression: object, _connection: object) -> datetime | None:
        """The stored milliseconds as a time."""
        return None if value is None else from_milliseconds(value)

    def to_python(self, value: Any) -> Any:
        """A time, from a time or from its milliseconds."""
        return from_milliseconds(value) if isinstance(value, int) else value

    def get_prep_value(self, value: Any) -> Any:
        """The milliseconds that a query compares with."""
        return to_milliseconds(value) if isinstance(value, datetime) else value


def in_milliseconds(column: str | Combinable) -> Cast:
    """A column of times as the number that it is in the database, to reckon with."""
    return Cast(column, models.BigIntegerField())


class FoldedField(models.TextField):  # type: ignore[type-arg]  # likewise
    """The text of the field `of` as a search and an order by name see it, since no database folds accents by itself.

    Saving a row writes it along, and so does `update` of a `FoldingQuerySet`; whoever writes by `base/db.py` folds.
    """

    def __init__(self, *args: Any, of: str, **options: Any) -> None:
        options |= {"default": "", "db_default": "", "editable": False}
        super().__init__(*args, **options)
        self.of = of

    def deconstruct(self) -> Any:
        """What a migration writes down."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002 - Django's signature
        """Django's hook for what is written of a row."""
        text = folded(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, text)
        return text


class FoldingQuerySet(models.QuerySet[M_co]):
    """Keeps each FoldedField true."""

    def update(self, **columns: Any) -> int:
        """The same as Django's; a text is written with its folded one."""
        fields = [field for field in self.model._meta.concrete_fields if isinstance(field, FoldedField)]
        return super().update(
            **{each.attname: folded(columns[each.of]) for each in fields if each.of in columns}, **columns
        )
