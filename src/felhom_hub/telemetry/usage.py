"""What each app used on each box: the box's days from its hours, and the periods from its days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.customers.models import Customer
from felhom_hub.reports.app_telemetry import MAX_APPS
from felhom_hub.telemetry.models import AppUsage, CustomerDay, TelemetryHour
from felhom_hub.telemetry.pack import Hour, unpack_hours
from felhom_hub.telemetry.periods import DAY, HOURS_A_DAY, MONTH, PERIODS, Period
from felhom_hub.telemetry.spans import Span, figures_of, joined, pack_spans, spans_of_hours, unpack_spans

_DAY_KEY = ("customer_id", "day")
_KEY = ("app_name", "period", "customer_id")
_NAMES = (
    *_KEY, "display_name", "memory_request_mb", "memory_limit_mb", "log_errors_24h", "log_warnings_24h",
    "last_hour", "samples", "average_mb", "p95_mb", "peak_mb", "summed_at_hour",
)  # fmt: skip

_Hours = list[tuple[int, Hour]]
_Days = dict[int, dict[str, Span]]


def sum_up_customers(changed: Mapping[int, set[int]], now_hour: int) -> None:
    """The rows of these customers' `changed` days and of all their apps are what their hours say, in one transaction.

    Customers that have been deleted meanwhile are left out.
    """
    first_day = MONTH.first_hour(now_hour) // HOURS_A_DAY
    days_of = {customer: {day for day in days if day >= first_day} for customer, days in changed.items()}
    first_changed = min((day for days in days_of.values() for day in days), default=now_hour) * HOURS_A_DAY
    hours = _read_hours(changed, min(first_changed, DAY.first_hour(now_hour)))
    days = _read_days(changed, first_day)
    fresh_days: list[tuple[object, ...]] = []
    fresh_usage: list[tuple[object, ...]] = []
    for customer in sorted(changed):
        for day in sorted(days_of[customer]):
            spans = spans_of_hours(each for each in hours[customer] if each[0] // HOURS_A_DAY == day)
            days[customer][day] = spans
            fresh_days.append((customer, day, pack_spans(spans)))
        for period in PERIODS:
            spans = _spans_of(period, hours[customer], days[customer], now_hour)
            fresh_usage += [_row(name, period, customer, spans[name], now_hour) for name in _most_used(spans)]
    with transaction.atomic():
        there = set(Customer.objects.filter(pk__in=changed).values_list("pk", flat=True))
        db = Db()
        kept_days = [row for row in fresh_days if row[0] in there]
        db.insert(CustomerDay, (*_DAY_KEY, "packed"), kept_days, on_conflict="update", key=_DAY_KEY)
        kept_usage = [row for row in fresh_usage if row[2] in there]
        db.insert(AppUsage, _NAMES, kept_usage, on_conflict="update", key=_KEY)
        AppUsage.objects.filter(customer_id__in=changed, summed_at_hour__lt=now_hour).delete()


def _read_hours(customers: Iterable[int], first: int) -> dict[int, _Hours]:
    stored = TelemetryHour.objects.filter(customer_id__in=list(customers), hour__gte=first)
    rows = list(stored.order_by("customer_id", "hour").values_list("customer_id", "hour", "packed"))
    found: dict[int, _Hours] = defaultdict(list)
    for (customer, hour, _), whole in zip(rows, unpack_hours([bytes(row[2]) for row in rows]), strict=True):
        found[customer].append((hour, whole))
    return found


def _read_days(customers: Iterable[int], first: int) -> dict[int, _Days]:
    stored = CustomerDay.objects.filter(customer_id__in=list(customers), day__gte=first)
    found: dict[int, _Days] = defaultdict(dict)
    for customer, day, packed in stored.values_list("customer_id", "day", "packed"):
        found[customer][day] = unpack_spans(bytes(packed))
    return found


def _spans_of(period: Period, hours: _Hours, days: _Days, now_hour: int) -> dict[str, Span]:
    first = period.first_hour(now_hour)
    if period is DAY:
        return spans_of_hours(each for each in hours if each[0] >= first)
    return joined(spans for day, spans in days.items() if day >= first // HOURS_A_DAY)


def _most_used(spans: dict[str, Span]) -> list[str]:
    """A box may name its apps as it likes, but not fill the hub's tables with them."""
    return sorted(spans, key=lambda name: (-spans[name].samples, name))[:MAX_APPS]


def _row(name: str, period: Period, customer: int, span: Span, now_hour: int) -> tuple[object, ...]:
    figures, said = figures_of(span), span.said
    assert said is not None
    return (
        name,
        period.key,
        customer,
        said.display_name,
        said.memory_request_mb,
        said.memory_limit_mb,
        said.log_errors_24h,
        said.log_warnings_24h,
        said.hour,
        figures.samples,
        figures.average_mb,
        figures.p95_mb,
        figures.peak_mb,
        now_hour,
    )
