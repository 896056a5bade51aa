"""Stores reports: the body as it came and the node's newest state, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import astuple, replace

from felhom_hub.base.db import Db, Row
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.confirm import still_valid
from felhom_hub.customers.models import Customer
from felhom_hub.customers.reporting import Reporting, customers_reporting
from felhom_hub.reports.backlog import add_to_backlog
from felhom_hub.reports.body import digest_of, pack_each
from felhom_hub.reports.history import health_since
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.payload import read_report
from felhom_hub.reports.pending import Pending, Wish, pending_of
from felhom_hub.reports.state import STATE_COLUMNS, Incoming, State, advanced, is_newer
from felhom_hub.reports.wanted import note_done

_REPORT_COLUMNS = (
    "customer_id", "position_at", "received_at", "reported_at", "digest", "health", "cpu_percent", "memory_percent",
    "disk_percent", "temperature_celsius", "controller_version", "body",
)  # fmt: skip
Identity = tuple[int, int | None, int]
_IDENTITY = ("customer_id", "reported_at", "digest")
_WISH_COLUMNS = ("push_wanted_at", "update_to", "expected_hash")
_STATE, _WISH = slice(len(STATE_COLUMNS)), slice(len(STATE_COLUMNS), None)  # of a row with both


@dataclass(frozen=True)
class Recorded:
    """What the sender is told of a stored report; a repeated one is told the same."""

    is_blocked: bool
    pending: Pending | None = None


def incoming_report(body: bytes, received_at: datetime, *, key_digest: str | None) -> Incoming:
    """The report in `body`, read; raises what `read_report` raises."""
    return Incoming(read_report(body), received_at, digest_of(body), body, key_digest)


def record_reports(db: Db, incoming: Sequence[Incoming]) -> list[Any]:
    """The reports are stored when the transaction commits.

    Each one's result is `Recorded`, or the ApiError that refuses it (a key that was revoked meanwhile). A report of
    an unknown customer makes a manual customer; one that is stored already changes nothing.
    """
    refused = still_valid(incoming)
    kept = [report for report, error in zip(incoming, refused, strict=True) if error is None]
    known: dict[str, Reporting] = {}
    pending: dict[int, Pending] = {}
    if kept:
        names = {report.facts.customer_id: report.facts.customer_name or "" for report in kept}
        by_global_key = {report.facts.customer_id for report in kept if report.key_digest is None}
        now_ms = to_milliseconds(kept[0].received_at)
        known = customers_reporting(db, names, by_global_key=by_global_key, now_ms=now_ms)
        pending = _store(db, [(known[report.facts.customer_id].pk, report) for report in kept])
    return [
        _recorded(known[report.facts.customer_id], pending) if error is None else error
        for report, error in zip(incoming, refused, strict=True)
    ]


def _recorded(customer: Reporting, pending: dict[int, Pending]) -> Recorded:
    return Recorded(customer.is_blocked, None if customer.is_blocked else pending.get(customer.pk))


def _store(db: Db, reports: Sequence[tuple[int, Incoming]]) -> dict[int, Pending]:
    """Stores the reports; what is still to be done by whom of those that sent them."""
    customers = {pk for pk, _ in reports}
    rows = _locked_rows(db, customers)
    states = {row[0]: State(*row[_STATE]) for row in rows}
    new = _insert_new(db, reports)
    late: set[int] = set()
    for pk, report in new:
        before = states.get(pk)
        if before is not None and not is_newer(before, report):
            late.add(pk)
        states[pk] = advanced(before, report, customer_id=pk)
    for pk in late:
        states[pk] = replace(states[pk], health_since_at=health_since(pk, states[pk].health))
    changed = sorted({pk for pk, _ in new})
    db.insert(
        NodeState, STATE_COLUMNS, [astuple(states[pk]) for pk in changed], on_conflict="update", key=("customer_id",)
    )
    wishes = {
        row[0]: Wish(push_wanted_at is not None, expected_hash, update_to)
        for row in rows
        for push_wanted_at, update_to, expected_hash in (row[_WISH],)
        if push_wanted_at is not None or update_to is not None
    }
    return _still_pending(wishes, states) if wishes else {}


def _still_pending(wishes: Mapping[int, Wish], states: Mapping[int, State]) -> dict[int, Pending]:
    """What the states do not show to be done; a wish that they do is fulfilled."""
    note_done(
        configs=[pk for pk, wish in wishes.items() if wish.is_config_done(states[pk].config_hash)],
        updates=[pk for pk, wish in wishes.items() if wish.is_update_done(states[pk].controller_version)],
    )
    pending = {
        pk: pending_of(wish, config_hash=states[pk].config_hash, version=states[pk].controller_version)
        for pk, wish in wishes.items()
    }
    return {pk: each for pk, each in pending.items() if each is not None}


def _locked_rows(db: Db, customers: set[int]) -> list[Row]:
    """The customers' states, with what is wanted of them, as no other hub can change them now.

    One that never reported has none.
    """
    columns = (*STATE_COLUMNS, *_WISH_COLUMNS)
    rows = db.select(NodeState, columns, key="customer_id", values=customers, lock=True)
    missing = customers - {row[0] for row in rows}
    if missing:
        # A row that is not there cannot be locked; the customer's own keeps another hub from making it just now.
        db.select(Customer, ("id",), key="id", values=missing, lock=True)
        rows += db.select(NodeState, columns, key="customer_id", values=missing, lock=True)
    return rows


def _insert_new(db: Db, reports: Sequence[tuple[int, Incoming]]) -> list[tuple[int, Incoming]]:
    """Stores those of `reports` that are not stored yet, each once, and returns them; their apps are to be read.

    No column tells that a report is new: the clock of a box may jump, and a report whose clock was ahead finds another
    place when it comes again. So the unique index decides it.
    """
    once: list[tuple[Identity, tuple[int, Incoming]]] = []
    seen: set[Identity] = set()
    for pk, report in reports:
        identity = _identity(pk, report)
        # One without a time of its own cannot be recognised, and is kept each time.
        if report.facts.reported_at is None or identity not in seen:
            once.append((identity, (pk, report)))
            seen.add(identity)
    rows = _rows([each for _, each in once])
    stored = db.insert(Report, _REPORT_COLUMNS, rows, on_conflict="ignore", returning=("id", *_IDENTITY))
    add_to_backlog(db, [row[0] for row in stored])
    new = {row[1:] for row in stored}
    return [each for identity, each in once if identity in new]


def _identity(pk: int, report: Incoming) -> Identity:
    """What a report is recognised by when it comes again; its time in milliseconds."""
    reported_at = report.facts.reported_at
    return pk, None if reported_at is None else to_milliseconds(reported_at), report.digest


def _rows(reports: Sequence[tuple[int, Incoming]]) -> list[tuple[Any, ...]]:
    packed = pack_each([report.body for _, report in reports])
    return [_row(pk, report, body) for (pk, report), body in zip(reports, packed, strict=True)]


def _row(pk: int, report: Incoming, packed: bytes) -> tuple[Any, ...]:
    facts = report.facts
    return (
        pk,
        report.position_ms,
        to_milliseconds(report.received_at),
        None if facts.reported_at is None else to_milliseconds(facts.reported_at),
        report.digest,
        facts.health,
        facts.cpu_percent,
        facts.memory_percent,
        facts.disk_percent,
        facts.temperature_celsius,
        facts.controller_version,
        packed,
    )
