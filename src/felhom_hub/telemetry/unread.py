"""Reads the apps of the reports that wait, into the hours and the log issues: each report once, whatever ends a run."""

from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.pace import Pace
from felhom_hub.base.writer import is_away
from felhom_hub.reports.app_telemetry import read_apps_of
from felhom_hub.reports.backlog import Backlog, StoredReport, read_backlog, take_from_backlog
from felhom_hub.telemetry.record import ReportedApps, record_telemetry

log = structlog.get_logger(__name__)

_PORTION = 32  # reports to a transaction: a few milliseconds' work
# Telemetry counts for the hour of the report's own clock where that is within a day of the hub's (contract 2).
_BELIEVED_MS = timedelta(hours=24) // timedelta(milliseconds=1)


def read_unread(most: int, pace: Pace) -> int:
    """The apps of the reports that wait are in the hours, of about `most` reports if there are more; their number.

    Each transaction is short, and takes its reports off the backlog: one that fails leaves them waiting.
    """
    done = 0
    while done < most:
        backlog = read_backlog(_PORTION)
        if not backlog.rows:
            break
        _take_in(backlog)
        done += len(backlog.reports)
        pace.rest()
    return done


def reported_apps(report: StoredReport) -> ReportedApps:
    """What the report says of its apps, and the time that it counts for."""
    reported, received = report.reported_at, report.received_at
    at = reported if reported is not None and abs(reported - received) <= _BELIEVED_MS else received
    return ReportedApps(report.customer_pk, datetime.fromtimestamp(at / 1000, UTC), read_apps_of(report.body))


def _take_in(backlog: Backlog) -> None:
    try:
        _store(backlog)
    except Exception as error:
        if is_away(error):
            raise
        _store_each(backlog)


def _store(backlog: Backlog) -> None:
    apps = [reported_apps(report) for report in backlog.reports]
    with transaction.atomic():
        if take_from_backlog(backlog):
            record_telemetry(Db(), apps)


def _store_each(backlog: Backlog) -> None:
    """One report that cannot be stored does not take its neighbours along: its apps stay in its body alone."""
    with transaction.atomic():
        if not take_from_backlog(backlog):
            return
        for report in backlog.reports:
            try:
                with transaction.atomic():
                    record_telemetry(Db(), [reported_apps(report)])
            except Exception as error:
                if is_away(error):
                    raise
                log.exception("apps_of_report_left_out", report=report.pk)
