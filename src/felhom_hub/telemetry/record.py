"""Stores what the apps of a batch of reports used: one row a customer and hour, and the log issues that changed."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from felhom_hub.base.db import Db
from felhom_hub.base.instants import to_milliseconds
from felhom_hub.reports.app_telemetry import AppFacts, IssueFacts
from felhom_hub.telemetry.models import ChangedHour, LogIssue, TelemetryHour
from felhom_hub.telemetry.pack import Hour, pack_hours, unpack_hours, with_apps

_HOUR_MS = 3_600_000
_HOUR_NAMES = ("customer_id", "hour", "packed")
_MARK_NAMES = ("hour", "customers")
_ISSUE_KEY = ("customer_id", "app_name", "container_name", "fingerprint")
_ISSUE_NAMES = (*_ISSUE_KEY, "severity", "message", "count", "first_seen_at", "last_seen_at")
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True)
class ReportedApps:
    """One report's telemetry; `at` is the time that it counts for."""

    customer_pk: int
    at: datetime
    apps: tuple[AppFacts, ...]


# One log issue as its row will be, without the customer: app, container, fingerprint; severity, message, count; first
# and last time seen.
_Issue = tuple[str, str, str, str, str, int, int, int]


def record_telemetry(db: Db, reports: Sequence[ReportedApps]) -> None:
    """The hours and log issues hold the reports when the transaction commits; a report without apps adds nothing.

    In whichever order the reports come, what they leave is the same.
    """
    by_hour: dict[int, list[tuple[int, tuple[AppFacts, ...], int]]] = {}
    for report in reports:
        if report.apps:
            at = to_milliseconds(report.at)
            by_hour.setdefault(at // _HOUR_MS, []).append((report.customer_pk, report.apps, at))
    rows: list[tuple[int, int, bytes]] = []
    changed: dict[int, list[_Issue]] = {}
    marks: list[tuple[int, bytes]] = []
    for hour, entries in sorted(by_hour.items()):
        hours = _stored_hours(db, hour, {customer for customer, _, _ in entries})
        for customer, apps, at in entries:
            whole = with_apps(hours.get(customer), apps, second=at % _HOUR_MS // 1000)
            issues = [_issue(app.app_name, issue, at) for app in apps for issue in app.issues]
            # The same issues as a moment ago would leave the same rows, and most reports bring just them.
            digest = zlib.crc32(_encode(issues)) if issues else 0
            if digest != whole.issues_digest:
                whole.issues_digest = digest
                changed.setdefault(customer, []).extend(issues)
            hours[customer] = whole
        written = sorted({customer for customer, _, _ in entries})
        packed = pack_hours([hours[customer] for customer in written])
        rows.extend((customer, hour, each) for customer, each in zip(written, packed, strict=True))
        marks.append((hour, _encode(written)))
    db.insert(TelemetryHour, _HOUR_NAMES, rows, on_conflict="update", key=("customer_id", "hour"))
    # A row of its own for each batch: nothing to look up, nothing that two hubs wait for (telemetry/summarise.py).
    db.insert(ChangedHour, _MARK_NAMES, marks)
    _record_issues(db, changed)


def record_past_issues(db: Db, issues: Sequence[tuple[int, str, IssueFacts, datetime]]) -> None:
    """Log issues that another hub knew, as (customer, app, issue, last seen), are there beside those known here."""
    found: dict[int, list[_Issue]] = {}
    for customer, app_name, issue, at in issues:
        found.setdefault(customer, []).append(_issue(app_name, issue, to_milliseconds(at)))
    _record_issues(db, found)


def _stored_hours(db: Db, hour: int, customers: set[int]) -> dict[int, Hour]:
    rows = db.select(TelemetryHour, _HOUR_NAMES, key="customer_id", values=customers, also=("hour", hour), lock=True)
    hours = unpack_hours([packed for _, _, packed in rows])
    return {row[0]: hour for row, hour in zip(rows, hours, strict=True)}


def _issue(app_name: str, issue: IssueFacts, at: int) -> _Issue:
    first = to_milliseconds(issue.first_seen_at) if issue.first_seen_at else at
    last = to_milliseconds(issue.last_seen_at) if issue.last_seen_at else at
    return (
        app_name,
        issue.container_name,
        issue.fingerprint,
        issue.severity,
        issue.message,
        issue.count,
        first,
        last,
    )


def _record_issues(db: Db, changed: Mapping[int, Sequence[_Issue]]) -> None:
    """Each issue's row holds the newest count and text, the first and the last time that it was seen."""
    if not changed:
        return
    stored = db.select(LogIssue, _ISSUE_NAMES, key="customer_id", values=changed, lock=True)
    rows = {row[:4]: row for row in stored}
    touched: set[tuple[Any, ...]] = set()
    for customer, issues in changed.items():
        for issue in issues:
            key = (customer, *issue[:3])
            before = rows.get(key)
            rows[key] = (customer, *issue) if before is None else _joined(before, (customer, *issue))
            touched.add(key)
    ordered = [rows[key] for key in sorted(touched)]
    db.insert(LogIssue, _ISSUE_NAMES, ordered, on_conflict="update", key=_ISSUE_KEY)


def _joined(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
    """Two rows of one issue: what was seen last counts, at the same time the larger count."""

    def order(row: tuple[Any, ...]) -> tuple[Any, ...]:
        _, _, _, _, severity, message, count, _, last = row
        return last, count, severity, message

    newest = max(before, after, key=order)
    return *newest[:7], min(before[7], after[7]), newest[8]
