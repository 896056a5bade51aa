"""The log issues of an app, those with one fingerprint joined over all boxes and containers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Sum, Value, When

from felhom_hub.base.instants import from_milliseconds
from felhom_hub.telemetry.models import LogIssue

SHOWN, MOST_SHOWN = 20, 500
_ERRORS = ("error", "critical", "fatal", "panic", "emergency", "alert")
_WARNINGS = ("warning", "warn")
_TONES = ("down", "warn", "info")


@dataclass(frozen=True, slots=True)
class Issue:
    """A kind of message; `count` is what the boxes said last, all together."""

    severity: str
    tone: str
    message: str
    count: int
    customers: int
    first_seen_at: datetime
    last_seen_at: datetime


def read_issues(name: str, *, since: datetime, most: int) -> tuple[list[Issue], int]:
    """The app's issues seen since then, errors first, then those of most customers; and how many there are in all."""
    place = Case(
        When(severity__in=_ERRORS, then=Value(0)),
        When(severity__in=_WARNINGS, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    groups = (
        LogIssue.objects.filter(app_name=name, last_seen_at__gte=since)
        .values("fingerprint", "severity")
        .annotate(
            place=place,
            text=Max("message"),
            times=Sum("count"),
            customers=Count("customer", distinct=True),
            first=Min("first_seen_at"),
            last=Max("last_seen_at"),
        )
        .order_by("place", "-customers", "-times", "fingerprint")
    )
    rows: list[Any] = list(groups[: MOST_SHOWN + 1])
    return [_issue(row) for row in rows[:most]], len(rows)


def _issue(row: dict[str, Any]) -> Issue:
    return Issue(
        row["severity"].capitalize(),
        _TONES[row["place"]],
        row["text"] or row["fingerprint"],
        row["times"],
        row["customers"],
        _instant(row["first"]),
        _instant(row["last"]),
    )


def _instant(value: datetime | int) -> datetime:
    return value if isinstance(value, datetime) else from_milliseconds(value)
