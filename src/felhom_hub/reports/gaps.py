"""When a box was silent for longer than a while, found by the database among any number of reports."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Window
from django.db.models.functions import Cast, Lag

from felhom_hub.reports.models import Report

Gap = tuple[datetime, datetime]  # the reports before and after it
_MS = timedelta(milliseconds=1)


def report_gaps(customer_pk: int, *, since: datetime, longer_than: timedelta) -> list[Gap]:
    """The silences between two reports that both came after `since`, in the order of time.

    There are never more of them than fit into the time since then.
    """
    received = Cast("received_at", models.BigIntegerField())
    before = Window(Lag(received), order_by=[F("received_at").asc()])
    reports = Report.objects.filter(customer_id=customer_pk, position_at__gte=since, received_at__gte=since)
    silent = reports.annotate(silent_ms=received - before).filter(silent_ms__gt=longer_than // _MS)
    found = silent.order_by("received_at").values_list("received_at", "silent_ms")
    return [(after - silence * _MS, after) for after, silence in found]
