"""One hour of the whole fleet: what each app used on all boxes together."""

from collections import defaultdict

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.pace import AT_ONCE, Pace
from felhom_hub.customers.models import Customer
from felhom_hub.telemetry.models import FleetHour, TelemetryHour
from felhom_hub.telemetry.pack import unpack_hours
from felhom_hub.telemetry.sketch import pack_sketch
from felhom_hub.telemetry.spans import Span, add_app

MOST_APPS = 1_000  # of an hour; names are the boxes' own, and each is a row
_CHUNK = 100  # customers whose hour is read at a time
_NAMES = ("app_name", "hour", "installations", "samples", "total", "peak", "sketch")


def sum_up_hour(hour: int, pace: Pace = AT_ONCE) -> None:
    """The fleet's rows of the hour are what the boxes' rows of it say; apps beyond MOST_APPS have none."""
    spans: dict[str, Span] = defaultdict(Span)
    installations: dict[str, int] = defaultdict(int)
    customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(customers), _CHUNK):
        # By customer, since that is how the hours are found; an index by hour would cost every box's new hour.
        chunk = customers[start : start + _CHUNK]
        rows = Db().select(TelemetryHour, ("packed",), key="customer_id", values=chunk, also=("hour", hour))
        for whole in unpack_hours([packed for (packed,) in rows]):
            for app in whole.apps:
                add_app(spans[app.app_name], app, hour)
                installations[app.app_name] += 1
        pace.rest()
    names = sorted(spans, key=lambda name: (-installations[name], name))[:MOST_APPS]
    fresh = [_row(name, hour, installations[name], spans[name]) for name in names]
    with transaction.atomic():
        FleetHour.objects.filter(hour=hour).delete()
        Db().insert(FleetHour, _NAMES, fresh)


def _row(name: str, hour: int, installations: int, span: Span) -> tuple[object, ...]:
    return name, hour, installations, span.samples, span.total, span.peak, pack_sketch(span.sketch)
