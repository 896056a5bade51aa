"""An app that was reported a moment ago and is in no figures yet: what its first hours say, exactly."""

from dataclasses import dataclass

import msgspec

from felhom_hub.base.db import Db
from felhom_hub.reports.backlog import is_backlog_empty, read_backlog
from felhom_hub.telemetry.models import ChangedHour, TelemetryHour
from felhom_hub.telemetry.pack import unpack_hours
from felhom_hub.telemetry.unread import reported_apps

_MARKS = 200  # newest marks that are looked through; the job takes them every minute
_UNREAD = 500  # newest reports of the backlog: more than a fleet of 5,000 sends in a minute
_CUSTOMERS = 500

_read_customers = msgspec.msgpack.Decoder(list[int]).decode


@dataclass(frozen=True, slots=True)
class Fresh:
    """An app that waits for its first figures."""

    app_name: str
    name: str
    installations: int


def is_waiting() -> bool:
    """True while something was reported that no figure holds yet."""
    return not is_backlog_empty() or ChangedHour.objects.exists()


def read_fresh(name: str) -> Fresh | None:
    """The app as the hours say that wait to be summed up; None where none of them has it."""
    marks = ChangedHour.objects.order_by("-pk").values_list("hour", "customers")[:_MARKS]
    by_hour: dict[int, set[int]] = {}
    for hour, packed in marks:
        by_hour.setdefault(hour, set()).update(_read_customers(bytes(packed)))
    shown, boxes = _unread(name)
    for hour, customers in by_hour.items():
        wanted = sorted(customers)[:_CUSTOMERS]
        names = ("customer_id", "packed")
        rows = Db().select(TelemetryHour, names, key="customer_id", values=wanted, also=("hour", hour))
        for (customer, _), whole in zip(rows, unpack_hours([row[1] for row in rows]), strict=True):
            for app in whole.apps:
                if app.app_name == name:
                    shown = shown or app.display_name
                    boxes.add(customer)
    return Fresh(name, shown or name, len(boxes)) if boxes else None


def _unread(name: str) -> tuple[str, set[int]]:
    """The app's title and its boxes, as the newest of the reports say that wait to be read."""
    shown, boxes = "", set()
    for report in read_backlog(_UNREAD, newest=True).reports:
        for app in reported_apps(report).apps:
            if app.app_name == name:
                shown = shown or app.display_name
                boxes.add(report.customer_pk)
    return shown, boxes
