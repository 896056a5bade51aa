"""The reports that are stored and whose apps wait to be read.

What the apps of a report used is needed by pages a minute later, not by its sender. So the intake only notes which
reports came, and the room `telemetry` reads them when there is time (docs/decisions/0013-apps-are-read-later.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from felhom_hub.base.db import Db
from felhom_hub.reports.body import unpack_each
from felhom_hub.reports.models import Report, Waiting

ROW = 32  # reports to a row at most
_COLUMNS = ("id", "customer_id", "received_at", "reported_at", "body")

_encode = msgspec.msgpack.Encoder().encode
_read_numbers = msgspec.msgpack.Decoder(list[int]).decode


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One report that waits, its body as it came; times in milliseconds."""

    pk: int
    customer_pk: int
    received_at: int
    reported_at: int | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Backlog:
    """Some rows of those that wait, and their reports in the order in which they were stored."""

    rows: tuple[int, ...]
    reports: list[StoredReport]


def add_to_backlog(db: Db, pks: Sequence[int]) -> None:
    """The reports of these numbers wait, when the transaction commits."""
    rows = [(_encode(pks[start : start + ROW]),) for start in range(0, len(pks), ROW)]
    db.insert(Waiting, ("reports",), rows)


def is_backlog_empty() -> bool:
    """True when the apps of every stored report have been read."""
    return not Waiting.objects.exists()


def count_rows() -> int:
    """How many rows wait, each of up to `ROW` reports."""
    return Waiting.objects.count()


def read_backlog(most: int, *, newest: bool = False) -> Backlog:
    """The oldest of the reports that wait, or the newest: `most` of them, and what else is in the last one's row."""
    rows: list[int] = []
    pks: list[int] = []
    # A row has one report at least: under little load it has just one.
    for row, packed in Waiting.objects.order_by("-pk" if newest else "pk").values_list("pk", "reports")[:most]:
        rows.append(row)
        pks += _read_numbers(bytes(packed))
        if len(pks) >= most:
            break
    stored = sorted(Db().select(Report, _COLUMNS, key="id", values=pks))
    bodies = unpack_each([bytes(row[-1]) for row in stored])
    reports = [
        StoredReport(pk, customer, received, reported, body)
        for (pk, customer, received, reported, _), body in zip(stored, bodies, strict=True)
    ]
    return Backlog(tuple(sorted(rows)), reports)


def take_from_backlog(backlog: Backlog) -> bool:
    """Its rows are gone when the transaction commits; False where somebody else has taken one of them meanwhile."""
    deleted, _ = Waiting.objects.filter(pk__in=backlog.rows).delete()
    return deleted == len(backlog.rows)
