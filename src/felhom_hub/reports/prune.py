"""Deletes old reports, but never a customer's newest one, however long ago it came.

What waits to be read of a report that goes (backlog.py) is passed over when its turn comes.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from felhom_hub.base.db import Db
from felhom_hub.base.portions import remove_found
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState, Report

_CUSTOMERS = 250  # whose old reports are looked up with one query


def prune_reports(before: datetime) -> Iterator[int]:
    """Reports whose place in their node's history lies before `before` are gone, those of deleted customers too.

    Yields after each short transaction how many it removed.
    """
    customers = list(Customer.everyone.order_by("pk").values_list("pk", flat=True))
    batches = (customers[begin : begin + _CUSTOMERS] for begin in range(0, len(customers), _CUSTOMERS))
    return remove_found((_old(batch, before) for batch in batches), _remove)


def _old(customers: Sequence[int], before: datetime) -> QuerySet[Report]:
    # By customer, since that is the index that holds positions; it alone answers the question.
    old = Report.objects.filter(customer_id__in=customers, position_at__lt=before)
    return old.exclude(pk__in=_newest_of_silent(customers, before))


def _newest_of_silent(customers: Sequence[int], before: datetime) -> list[int]:
    """The newest report of each that has none since `before`: the one that `newest_report` shows."""
    recent = NodeState.objects.filter(customer_id__in=customers, position_at__gte=before)
    silent = set(customers).difference(recent.values_list("customer_id", flat=True))
    newest = (
        Report.objects.filter(customer_id=pk).order_by("-position_at", "-digest").values_list("pk", flat=True).first()
        for pk in sorted(silent)
    )
    return [pk for pk in newest if pk is not None]


def _remove(db: Db, pks: Sequence[int]) -> int:
    return db.delete(Report, pks)
