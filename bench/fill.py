"""Fills databases before they are measured. Runs by `inside.call`.

What has to be exact goes through the same code as the API's reports. A long past, which has only to be there, is
written straight into the tables: real rows of a small stock, taken in turn, with other customers and times.
"""

from collections.abc import Sequence as Rows
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from bench.reports import INTERVAL, MACHINES, SPAN, STEPS, end_of_live, make_sequence
from felhom_controller.blueprint import SimulatedMachine, build_fleet
from felhom_controller.happenings import past_events
from felhom_controller.synthetic import body_at
from felhom_controller.troubles import is_silent
from felhom_hub.base.db import Db
from felhom_hub.base.pace import AT_ONCE
from felhom_hub.customers.models import Customer
from felhom_hub.events.counts import move_window
from felhom_hub.reports.models import Report
from felhom_hub.reports.past import record_past_events, record_past_reports
from felhom_hub.telemetry.models import TelemetryHour
from felhom_hub.telemetry.summarise import summarise_all
from felhom_hub.telemetry.unread import read_unread

DAYS = 89  # with the day that the sequence itself lies in, the 90 that reports are kept by default
_HOUR_MS, _QUARTER_MS = 3_600_000, 900_000
_AN_HOUR = 4  # reports of one customer in an hour
_ON_THE_WAY_MS = 40  # between a report's own time and its receipt
_PLACE = ("customer_id", "position_at", "received_at", "reported_at", "digest")
_REST = tuple(field.attname for field in Report._meta.concrete_fields if field.attname not in ("id", *_PLACE))
_STOCK_AGE = timedelta(days=2)  # away from all that is stored
_SILENT_FOR = timedelta(hours=2)


def nothing() -> None:
    """The tables are there."""


def seed(*, customers: int, now: str) -> None:
    """Every customer of the sequence has sent its first report."""
    sequence = make_sequence(customers=customers, now=datetime.fromisoformat(now))
    for _ in record_past_reports(sequence.first_round()):
        pass
    summarise_all(datetime.fromisoformat(now))


def seed_until(*, customers: int, now: str) -> None:
    """Every customer has reported within the last 15 minutes, at equal distances; none of the apps are read yet."""
    sequence = make_sequence(customers=customers, now=end_of_live(datetime.fromisoformat(now)))
    for _ in record_past_reports(sequence.first_round()):
        pass


def seed_fleet(*, count: int, now: str) -> None:
    """A simulated fleet has reported within the last 15 minutes, but for its silent ones, and sent a day's events."""
    at = datetime.fromisoformat(now)
    fleet = build_fleet(7, count)
    newest = sorted(_newest_of(machine, at - INTERVAL * (number / count)) for number, machine in enumerate(fleet))
    for _ in record_past_reports(newest):
        pass
    summarise_all(at)
    record_past_events(past_events(fleet, since=at - timedelta(hours=24), until=at))
    move_window(at)


def _newest_of(machine: SimulatedMachine, at: datetime) -> tuple[datetime, bytes]:
    sent_at = at - _SILENT_FOR if is_silent(machine.seed, machine.index, at.timestamp()) else at
    return sent_at, body_at(machine, sent_at)


def store_past(*, reports: int, now: str) -> int:
    """So many older reports are stored, about, the same number of each customer; returns how many.

    Over 89 days each customer has hours with four reports, at equal distances. They come in the order of their times,
    so that the indexes grow as they would.
    """
    at = datetime.fromisoformat(now)
    pks = sorted(Customer.objects.values_list("pk", flat=True))
    stock, packed_hours = _stock(at)
    last_hour = int((at - SPAN).timestamp() * 1000) // _HOUR_MS - 1
    hours = max(1, reports // (_AN_HOUR * len(pks)))
    with connection.cursor() as cursor:  # for the filling only: the measured hub opens connections of its own
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-1048576")
    for number in range(hours):
        hour = last_hour - DAYS * 24 * (hours - 1 - number) // hours
        with transaction.atomic():
            db = Db()
            db.insert(Report, (*_PLACE, *_REST), _hour_of_reports(pks, stock, hour, number))
            rows = [(pk, hour, packed_hours[(index + number) % len(packed_hours)]) for index, pk in enumerate(pks)]
            db.insert(TelemetryHour, ("customer_id", "hour", "packed"), rows)
    return hours * _AN_HOUR * len(pks)


def _hour_of_reports(pks: Rows[int], stock: Rows[tuple[Any, ...]], hour: int, number: int) -> list[tuple[Any, ...]]:
    rows = []
    for quarter in range(_AN_HOUR):
        begin = hour * _HOUR_MS + quarter * _QUARTER_MS
        for index, pk in enumerate(pks):
            at = begin + _QUARTER_MS * index // len(pks)
            digest, *rest = stock[(index * 7 + number * _AN_HOUR + quarter) % len(stock)]
            rows.append((pk, at, at + _ON_THE_WAY_MS, at, digest, *rest))
    return rows


def _stock(now: datetime) -> tuple[list[tuple[Any, ...]], list[bytes]]:
    """Digest and remaining columns of real reports, and packed hours of four reports each.

    The hub's own code stores them; they are read, and then it is undone.
    """
    begin = (now - _STOCK_AGE).replace(minute=0, second=0, microsecond=0)
    sequence = make_sequence(customers=MACHINES, now=begin + SPAN)
    reports = [(sequence.received_at(number), sequence.body(number)) for number in range(MACHINES * STEPS)]
    with transaction.atomic():
        newest = Report.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for _ in record_past_reports(reports):
            pass
        read_unread(len(reports), AT_ONCE)
        stored: list[tuple[Any, ...]] = [*Report.objects.filter(pk__gt=newest).values_list("digest", *_REST)]
        since = int(begin.timestamp()) // 3600
        hours = TelemetryHour.objects.filter(hour__gte=since, hour__lt=since + STEPS // _AN_HOUR)
        packed = [bytes(each) for each in hours.values_list("packed", flat=True)]
        transaction.set_rollback(True)
    return stored, packed
