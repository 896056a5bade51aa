"""Takes in `reports`, `infra_backups` with their versions, `app_telemetry` and `app_log_issues`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError
from felhom_hub.base.instants import rfc3339, to_milliseconds
from felhom_hub.base.tolerant import as_number
from felhom_hub.customers.reporting import customers_reporting
from felhom_hub.legacy.entry import NO_TIME, NOT_A_CUSTOMER, Entry, Outcome
from felhom_hub.recovery.queries import has_bytes
from felhom_hub.recovery.record import Arrival, Kept, incoming_backup, record_backups
from felhom_hub.reports.app_telemetry import AppFacts, read_apps
from felhom_hub.reports.past import oldest_receipts, store_past_reports
from felhom_hub.reports.record import incoming_report
from felhom_hub.telemetry.record import ReportedApps, record_past_issues, record_telemetry

_NO_NAME: Final = "it names no app"
_HOUR_MS: Final = 3_600_000
_COUNTS: Final = ("log_errors_24h", "log_warnings_24h")
_NUMBERS: Final = (
    "memory_current_mb", "memory_avg_mb", "memory_peak_mb", "cpu_avg_percent", "catalog_memory_request_mb",
    "catalog_memory_limit_mb", *_COUNTS,
)  # fmt: skip
_TIMES: Final = ("first_seen", "last_seen")


def take_reports(entries: Sequence[Entry], now: datetime) -> Outcome:  # noqa: ARG001 - as every taking has it
    """Each is stored byte for byte at its place in the history; its apps are read later."""
    outcome, incoming = Outcome(), []
    for entry in entries:
        at = entry.time("received_at")
        if at is None:
            outcome.refused[entry.number] = NO_TIME
            continue
        try:
            report = incoming_report(entry.raw("body"), at, key_digest=None)
        except ApiError as error:
            outcome.refused[entry.number] = error.sentence
            continue
        outcome.put_aside_changed(entry, {"customer_id": report.facts.customer_id})
        incoming.append(report)
    if incoming:
        outcome.stored = store_past_reports(incoming)
    outcome.present = len(incoming) - outcome.stored
    return outcome


def take_backups(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each is a version, sealed; one whose bytes a version of the customer's has already is there."""
    outcome = Outcome()
    for entry in sorted(entries, key=lambda each: each.time("received_at") or now):
        at = entry.time("received_at")
        if at is None:
            outcome.refused[entry.number] = NO_TIME
            continue
        try:
            backup = incoming_backup(entry.raw("body"))
        except ApiError as error:
            outcome.refused[entry.number] = error.sentence
            continue
        outcome.put_aside_changed(entry, {"customer_id": backup.customer_id})
        if has_bytes(backup.customer_id, backup.sha256):
            outcome.present += 1
            continue
        (kept,) = record_backups(Db(), [Arrival(backup, at, None)])
        if isinstance(kept, Kept):
            outcome.stored += 1
        else:
            outcome.refused[entry.number] = kept.sentence  # and with it the whole row is kept
    return outcome


def take_telemetry(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each counts in its hour, unless the customer's stored reports go back so far: these tell the same."""
    outcome, found = Outcome(), []
    for entry in entries:
        apps, at, customer_id = _apps(entry), entry.time("at"), entry.customer()
        if customer_id is None or at is None or not apps:
            outcome.refused[entry.number] = _problem(customer_id, at)
            continue
        _put_unread_aside(entry, apps[0], outcome)
        found.append((customer_id, at, apps))
    pks = _customers({customer_id for customer_id, _, _ in found}, now)
    oldest = oldest_receipts(pks.values())
    new = [
        ReportedApps(pks[customer_id], at, apps)
        for customer_id, at, apps in found
        if pks[customer_id] not in oldest or _hour(at) < _hour(oldest[pks[customer_id]])
    ]
    record_telemetry(Db(), new)
    outcome.stored, outcome.present = len(new), len(found) - len(new)
    return outcome


def take_issues(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each is known with its first and last time, beside what reports tell of it."""
    outcome, found = Outcome(), []
    for entry in entries:
        apps, at, customer_id = _apps(entry, with_issue=True), entry.time("last_seen"), entry.customer()
        if customer_id is None or at is None or not apps or not apps[0].issues:
            outcome.refused[entry.number] = _problem(customer_id, at)
            continue
        _put_changed_issue_aside(entry, apps[0], outcome)
        found.append((customer_id, apps[0], at))
    pks = _customers({customer_id for customer_id, _, _ in found}, now)
    record_past_issues(Db(), [(pks[customer_id], app.app_name, app.issues[0], at) for customer_id, app, at in found])
    outcome.stored = len(found)
    return outcome


def _apps(entry: Entry, *, with_issue: bool = False) -> tuple[AppFacts, ...]:
    """The row read as the same facts of a report are."""
    values = {name: value for name in entry.fields if (value := _value(entry, name)) is not None}
    if with_issue:
        values["top_issues"] = [values | {name: rfc3339(entry.time(name)) for name in _TIMES}]
    return read_apps([values])


def _put_unread_aside(entry: Entry, app: AppFacts, outcome: Outcome) -> None:
    """What is no name or number of the kind that is stored is kept as it was."""
    outcome.put_aside_changed(entry, {"app_name": app.app_name, "display_name": app.display_name})
    for name in _NUMBERS:
        number = as_number(_value(entry, name))
        is_stored = number is not None and number >= 0 and (name not in _COUNTS or number.is_integer())
        if not is_stored and entry.whole(name).strip():
            outcome.put_aside(entry, name)


def _put_changed_issue_aside(entry: Entry, app: AppFacts, outcome: Outcome) -> None:
    issue = app.issues[0]
    outcome.put_aside_changed(
        entry,
        {
            "app_name": app.app_name,
            "container_name": issue.container_name,
            "fingerprint": issue.fingerprint,
            "severity": issue.severity,
            "message": issue.message,
        },
    )
    if as_number(_value(entry, "count")) != issue.count and entry.whole("count").strip():
        outcome.put_aside(entry, "count")
    if entry.is_odd_time("first_seen"):
        outcome.put_aside(entry, "first_seen")


def _value(entry: Entry, name: str) -> Any:
    """The field's value as a report has one: a text is no bytes."""
    value = entry.fields.get(name)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _customers(ids: set[str], now: datetime) -> dict[str, int]:
    known = customers_reporting(Db(), dict.fromkeys(ids, ""), by_global_key=(), now_ms=to_milliseconds(now))
    return {customer_id: customer.pk for customer_id, customer in known.items()}


def _hour(at: datetime) -> int:
    return to_milliseconds(at) // _HOUR_MS


def _problem(customer_id: str | None, at: datetime | None) -> str:
    return NOT_A_CUSTOMER if customer_id is None else NO_TIME if at is None else _NO_NAME
