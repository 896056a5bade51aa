"""The columns of the fleet's list, and which of them an operator has chosen to see. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class Column(StrEnum):
    """A column, by the word that stands for it in addresses; the list can be sorted by each."""

    STATUS = "status"
    CUSTOMER = "customer"
    REPORTS = "reports"
    REPORT = "report"
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    TEMPERATURE = "temperature"
    BACKUP = "backup"
    CONTROLLER = "controller"
    CONFIG = "config"
    EVENTS = "events"


# Who it is, how it is and when it was last heard of are what the list is for, so those are always there.
CHOOSABLE = tuple(column for column in Column if column not in {Column.STATUS, Column.CUSTOMER, Column.REPORT})
NO_COLUMN = "-"  # in an address: none of them, which an empty value could not be told from "not said"


def columns_of(written: Iterable[str]) -> tuple[Column, ...] | None:
    """The columns that the values name, in the list's order; None where they say nothing of any."""
    names = {name for value in written for name in value.split(",")}
    chosen = tuple(column for column in CHOOSABLE if column in names)
    return chosen if chosen or NO_COLUMN in names else None


def columns_word(columns: Iterable[Column]) -> str:
    """The same as one value of an address or a cookie."""
    return ",".join(columns) or NO_COLUMN
