"""The simulated fleet's customers, made by the reports that they sent before the hub began."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds, rfc3339
from felhom_hub.customers.models import Customer
from felhom_hub.notify.payload import PreferencesFacts
from felhom_hub.notify.record import IncomingPreferences, set_preferences
from felhom_hub.reports.record import incoming_report, record_reports
from felhom_hub.reports.state import Incoming

# One customer of so many wants to be told of its own outages.
CUSTOMERS_TOLD_ONE_OF = 20
_WISHES = ("node_down", "node_recovered", "node_unsteady", "node_steady")
_VERSIONS = 5


def customer_id_of(number: int) -> str:
    """What a node calls itself."""
    return f"node-{number:05}"


def number_of(customer_id: str) -> int:
    """The number of the node that calls itself so."""
    return int(customer_id.removeprefix("node-"))


def report_of(number: int, *, made_at: datetime, received_at: datetime) -> Incoming:
    """A node's report, as small as one can be; `made_at` is by its own clock."""
    body = {
        "customer_id": customer_id_of(number),
        "timestamp": rfc3339(made_at),
        "controller_version": f"0.30.{number % _VERSIONS}",
        "health": {"status": "ok", "issues": [], "warnings": []},
    }
    return incoming_report(json.dumps(body).encode(), received_at, key_digest=None)


def make_fleet(last_heard: Sequence[int]) -> list[int]:
    """There is a customer for each node, heard last at these milliseconds; returns their keys in the nodes' order."""
    times = [from_milliseconds(at) for at in last_heard]
    reports = [report_of(number, made_at=at, received_at=at) for number, at in enumerate(times)]
    with transaction.atomic():
        for begin in range(0, len(reports), 250):
            record_reports(Db(), reports[begin : begin + 250])
    by_name = dict(Customer.objects.values_list("customer_id", "pk"))
    _set_wishes(len(times), min(times, default=None))
    return [by_name[customer_id_of(number)] for number in range(len(times))]


def _set_wishes(nodes: int, at: datetime | None) -> None:
    if at is None:
        return
    told = [customer_id_of(number) for number in range(0, nodes, CUSTOMERS_TOLD_ONE_OF)]
    wishes = [PreferencesFacts(each, f"{each}@example.hu", _WISHES, None) for each in told]
    with transaction.atomic():
        set_preferences(Db(), [IncomingPreferences(each, at - timedelta(days=1), None) for each in wishes])
