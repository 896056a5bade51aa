"""Checks whether servers could be rebuilt, and tells when one that could be cannot any more.

What a check comes to is decided in `examine.py`. Here is read what it rests on, and the verdict is stored with its
event in one transaction, for a row that is still as it was read: so each fall is told once.
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from felhom_hub.base.db import Db
from felhom_hub.base.errors import Conflict
from felhom_hub.base.folding import folded
from felhom_hub.base.secrets import SecretsError
from felhom_hub.base.words import date_words
from felhom_hub.customers.credentials import check_retrieval_password, passphrase_for_drill
from felhom_hub.customers.models import Customer
from felhom_hub.events.record import HubEvent, record_hub_events
from felhom_hub.recovery.bundle import bundle_of
from felhom_hub.recovery.checks import Examination, State, Verdict, failed_examination, held_verdict
from felhom_hub.recovery.contents import read_contents
from felhom_hub.recovery.envelope import open_version
from felhom_hub.recovery.examine import (
    Known,
    Opening,
    Reported,
    ReportedDrive,
    Snapshot,
    examine,
    is_good,
)
from felhom_hub.recovery.measures import Measures, measures_of, with_smaller
from felhom_hub.recovery.models import DrillTry, InfraBackup, RecoveryCheck
from felhom_hub.recovery.queries import newest_number
from felhom_hub.reports.detail import Drive, read_detail
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.queries import newest_report
from felhom_hub.watch.deadlines import day_of, in_hub_time, instant_of, number_of

AT: Final = time(4, 50)  # in the hub's time zone; before the operator's morning, after the night's backups
RANKS: Final = {Verdict.NO: 0, Verdict.WITH_GAPS: 1, Verdict.YES: 2}
_MAX_REASON = 300


def due_customers(now: datetime, zone: ZoneInfo, *, limit: int) -> list[Customer]:
    """Who was not checked since the last AT, or has sent a new version since, or never was; longest ago first.

    Nobody who is blocked, and nobody before its first report or snapshot.
    """
    newest = InfraBackup.objects.filter(customer=OuterRef("pk")).order_by("-version").values("version")[:1]
    rows = Customer.objects.filter(blocked_at=None).annotate(newest=Coalesce(Subquery(newest), Value(0)))
    is_there = Q(node__isnull=False) | Q(newest__gt=0)
    stale = Q(recovery_check=None) | Q(recovery_check__checked_at__lt=last_due(now, zone))
    # One that is noted ahead of now was noted by a clock that has been set right since.
    ahead = Q(recovery_check__checked_at__gt=now)
    due = rows.filter(is_there, stale | ahead | ~Q(recovery_check__version=F("newest")))
    return list(due.order_by(F("recovery_check__checked_at").asc(nulls_first=True), "pk")[:limit])


def last_due(now: datetime, zone: ZoneInfo) -> datetime:
    """The newest moment at which everybody was due."""
    today = now.astimezone(zone).date()
    at = instant_of(today, AT, zone)
    return at if at <= now else instant_of(day_of(number_of(today) - 1), AT, zone)


def check_customer(customer: Customer, *, now: datetime, zone: ZoneInfo) -> Examination:
    """The customer's recovery is checked, and a fall of the verdict, or its end, is told."""
    before = RecoveryCheck.objects.filter(customer=customer).first()
    known = _known(customer, before, now=now)
    found = examine(known, now=now)
    good = _good_after(known, before, now=now, zone=zone)
    _keep(customer, before, found, version=known.snapshot.number if known.snapshot else 0, good=good, now=now)
    return found


def note_failed_check(customer: Customer, *, now: datetime) -> None:
    """The customer counts as checked, with a gap that says that the check itself failed; a fall is told.

    Who could not be rebuilt before still cannot: a check that failed is no reason to think better of it.
    """
    before = RecoveryCheck.objects.filter(customer=customer).first()
    is_lost = before is not None and before.rank == RANKS[Verdict.NO]
    found = failed_examination(State.BROKEN if is_lost else State.GAP)
    good = "" if before is None else before.good
    _keep(customer, before, found, version=newest_number(customer.pk) or 0, good=good, now=now)


def _keep(
    customer: Customer, before: RecoveryCheck | None, found: Examination, *, version: int, good: str, now: datetime
) -> None:
    rank = RANKS[found.verdict]
    values = {
        "checked_at": now,
        "version": version,
        "states": found.states,
        "rank": rank,
        "since_at": now if before is None or before.rank != rank else before.since_at,
        "rank_before": rank if before is None else before.rank if before.rank != rank else before.rank_before,
        "reason": found.reason[:_MAX_REASON],
        "folded_reason": folded(found.reason)[:_MAX_REASON],
        "examination": msgspec.json.encode(found).decode(),
        "good": good,
    }
    with transaction.atomic():
        if before is None:
            # At first sight a verdict is what it is: whoever is new here has not fallen.
            RecoveryCheck.objects.get_or_create(customer=customer, defaults=values)
            return
        same = RecoveryCheck.objects.filter(customer=customer, checked_at=before.checked_at, states=before.states)
        if same.update(**values):
            _tell(customer, before.states, found, now=now)


def forget_customer(customer_pk: int) -> None:
    """Nothing is kept of the customer's check, and of a drill that was tried in vain; in the caller's transaction."""
    DrillTry.objects.filter(customer_id=customer_pk).delete()
    RecoveryCheck.objects.filter(customer_id=customer_pk).delete()


def _tell(customer: Customer, states_before: str, found: Examination, *, now: datetime) -> None:
    was, held = held_verdict(states_before), held_verdict(found.states)
    if RANKS[held] < RANKS[was]:
        is_lost = held is Verdict.NO
        words = "cannot be rebuilt from the hub" if is_lost else "could be rebuilt only with a gap"
        reason = _held_reason(found)
        event = HubEvent(
            customer.pk, "recovery_degraded", "error" if is_lost else "warning", f"The server {words}: {reason}."
        )
        record_hub_events(Db(), [event], now=now)
    elif held is Verdict.YES and was is not Verdict.YES:
        words = "The server could be rebuilt from the hub again."
        record_hub_events(Db(), [HubEvent(customer.pk, "recovery_restored", "info", words)], now=now)


def _held_reason(found: Examination) -> str:
    """The reason without the app backup, which is not what has fallen."""
    return Examination(tuple(check for check in found.checks if check.name != "backup")).reason


def _known(customer: Customer, before: RecoveryCheck | None, *, now: datetime) -> Known:
    return Known(
        customer_id=customer.customer_id,
        domain=customer.domain,
        snapshot=_snapshot(customer),
        reported=_reported(customer, now=now),
        opening=_opening(customer),
        good=msgspec.json.decode(before.good, type=Measures) if before is not None and before.good else None,
    )


def _good_after(known: Known, before: RecoveryCheck | None, *, now: datetime, zone: ZoneInfo) -> str:
    snapshot, good = known.snapshot, known.good
    if snapshot is None or snapshot.contents is None:
        return "" if before is None else before.good
    contents, at, day = snapshot.contents, snapshot.received_at, date_words(snapshot.received_at, zone)
    if is_good(known, now=now):
        good = measures_of(contents, snapshot.number, day)
    elif good is not None:
        good = with_smaller(good, contents, number=snapshot.number, received_on=day, received_at=at)
    return "" if good is None else msgspec.json.encode(good).decode()


def _snapshot(customer: Customer) -> Snapshot | None:
    newest = InfraBackup.objects.filter(customer=customer).order_by("-version").first()
    if newest is None:
        return None
    try:
        body = open_version(newest.envelope, customer_id=customer.customer_id, version=newest.version)
    except SecretsError:
        contents = None
    else:
        contents = read_contents(body)
    return Snapshot(newest.version, newest.received_at, newest.renewed_at, contents)


def _reported(customer: Customer, *, now: datetime) -> Reported | None:
    newest = newest_report(customer.pk)
    node = NodeState.objects.filter(customer=customer).first()
    if newest is None or node is None:
        return None
    detail = read_detail(newest[0])
    ran_at, skew = detail.backups.last_backup_at, node.clock_skew_seconds
    is_retired = [drive.state == "decommissioned" for drive in detail.drives]
    return Reported(
        at=node.last_received_at,
        stacks=tuple(stack.name for stack in detail.stacks),
        drives=_drives([each for each, gone in zip(detail.drives, is_retired, strict=True) if not gone]),
        retired=_drives([each for each, gone in zip(detail.drives, is_retired, strict=True) if gone]),
        last_backup_at=in_hub_time(ran_at, skew_seconds=skew, now=now),
        last_backup_ok=detail.backups.last_backup_ok,
    )


def _drives(drives: Sequence[Drive]) -> tuple[ReportedDrive, ...]:
    return tuple(ReportedDrive(drive.name, drive.device or "", drive.path or "") for drive in drives)


def _opening(customer: Customer) -> Opening:
    """What comes of the stored passphrase at the same comparison as a box meets, and of the answer behind it."""
    if not customer.is_managed:
        return Opening.NOT_MANAGED
    try:
        passphrase = passphrase_for_drill(customer)
        if passphrase is None:
            return Opening.NO_PASSPHRASE
        if not check_retrieval_password(customer.customer_id, passphrase):
            return Opening.WRONG
    except SecretsError:
        return Opening.WRONG
    try:
        bundle_of(customer)
    except (Conflict, SecretsError):
        return Opening.NOT_MADE
    return Opening.OPENS
