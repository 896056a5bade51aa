"""One row of a Go hub's table as the hub reads it, and what became of a portion of rows. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from felhom_hub.base.tolerant import as_text
from felhom_hub.customers.identity import CUSTOMER_ID
from felhom_hub.legacy.times import is_never, read_time


@dataclass(frozen=True)
class Entry:
    """A row by the fields that were recognised; `unknown` are the columns that were not."""

    number: int
    fields: Mapping[str, Any] = field(repr=False)
    unknown: Mapping[str, Any] = field(repr=False)

    def raw(self, name: str) -> bytes:
        """The field's bytes; empty where there is nothing."""
        value = self.fields.get(name)
        if value is None:
            return b""
        return value if isinstance(value, bytes) else str(value).encode()

    def whole(self, name: str) -> str:
        """The field's text as it is, but for bytes that are no text."""
        return self.raw(name).decode("utf-8", "replace")

    def text(self, name: str, limit: int) -> str:
        """The field's text, cut and without what no database or page takes; empty where there is none."""
        return as_text(self.whole(name), limit) or ""

    def time(self, name: str) -> datetime | None:
        """The field's time."""
        return read_time(self.fields.get(name))

    def is_odd_time(self, name: str) -> bool:
        """True where something stands in the field, and it is no time."""
        return self.time(name) is None and not is_never(self.fields.get(name))

    def is_said_by(self, name: str, stored: str) -> bool:
        """True where nothing of the field is missing in the stored text; blanks and ends of lines are mere form."""
        try:
            found = self.raw(name).decode().split()
        except UnicodeDecodeError:
            return False
        return not found or found == stored.split()

    def customer(self) -> str | None:
        """Whose row it is; None for an id that cannot be."""
        customer_id = self.whole("customer_id")
        return customer_id if CUSTOMER_ID.fullmatch(customer_id) else None


@dataclass
class Outcome:
    """What became of some rows: so many stored, so many there already.

    `refused` says why by the row's number, and such a row is kept whole; `aside` are values of rows that were taken,
    and the notes are sentences for the operator, without a secret.
    """

    stored: int = 0
    present: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    aside: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False)
    notes: list[str] = field(default_factory=list)

    def put_aside(self, entry: Entry, name: str, note: str = "") -> None:
        """The field's value is kept as it was, and the operator is told where there is something to say."""
        self.aside.setdefault(entry.number, {})[name] = entry.fields.get(name)
        if note:
            self.notes.append(note)

    def put_aside_changed(self, entry: Entry, stored: Mapping[str, str]) -> None:
        """Each of these fields whose stored text does not say all of it is kept as it was."""
        for name, text in stored.items():
            if not entry.is_said_by(name, text):
                self.put_aside(entry, name)


# Takes a portion of a table's rows in, inside a transaction; `now` is when the move began.
Take = Callable[[Sequence[Entry], datetime], Outcome]

NOT_A_CUSTOMER = "its customer id cannot be one"
NO_TIME = "its time cannot be read"
