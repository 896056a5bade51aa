"""Takes in `reports`, `infra_backups` with their versions, `app_telemetry` and `app_log_issues`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError
from felhom_hub.base.instants import rfc3339, to_milliseconds
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
            incoming.append(incoming_report(entry.raw("body"), at, key_digest=None))
        except ApiError as error:
            outcome.refused[entry.number] = error.sentence
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
        if has_bytes(backup.customer_id, backup.sha256):
            outcome.present += 1
            continue
        (kept,) = record_backups(Db(), [Arrival(backup, at, None)])
        if isinstance(kept, Kept):
            outcome.stored += 1
        else:
            outcome.refused[entry.number] = kept.sentence
    return outcome


def take_telemetry(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each counts in its hour, unless the customer's stored reports go back so far: these tell the same."""
    outcome, found = Outcome(), []
    for entry in entries:
        apps, at, customer_id = _apps(entry), entry.time("at"), entry.customer()
        if customer_id is None or at is None or not apps:
            outcome.refused[entry.number] = _problem(customer_id, at)
            continue
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
        found.append((customer_id, apps[0], at))
    pks = _customers({customer_id for customer_id, _, _ in found}, now)
    record_past_issues(Db(), [(pks[customer_id], app.app_name, app.issues[0], at) for customer_id, app, at in found])
    outcome.stored = len(found)
    return outcome


def _apps(entry: Entry, *, with_issue: bool = False) -> tuple[AppFacts, ...]:
    """The row read as the same facts of a report are."""
    values: dict[str, Any] = {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        for name, value in entry.fields.items()
        if value is not None
    }
    if with_issue:
        values["top_issues"] = [values | {name: rfc3339(entry.time(name)) for name in _TIMES}]
    return read_apps([values])


def _customers(ids: set[str], now: datetime) -> dict[str, int]:
    known = customers_reporting(Db(), dict.fromkeys(ids, ""), by_global_key=(), now_ms=to_milliseconds(now))
    return {customer_id: customer.pk for customer_id, customer in known.items()}


def _hour(at: datetime) -> int:
    return to_milliseconds(at) // _HOUR_MS


def _problem(customer_id: str | None, at: datetime | None) -> str:
    return NOT_A_CUSTOMER if customer_id is None else NO_TIME if at is None else _NO_NAME
