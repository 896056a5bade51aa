"""Our model fields."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from felhom_hub.base.instants import from_milliseconds, to_milliseconds

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
