"""What `recovery` does with the hub's own code, in a process of its own."""

import time
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.db import transaction

from felhom_controller.blueprint import build_fleet
from felhom_controller.synthetic import snapshot_at
from felhom_hub.base.db import Db
from felhom_hub.base.schedule import Unfinished
from felhom_hub.configs.documents import read_plain
from felhom_hub.configs.generate import generate
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.recovery import contents
from felhom_hub.recovery.jobs import check_recovery
from felhom_hub.recovery.models import RecoveryCheck
from felhom_hub.recovery.prove import check_customer
from felhom_hub.recovery.record import Arrival, incoming_backup, record_backups

_AT_ONCE = 500
_ZONE = ZoneInfo("Europe/Budapest")
_DAY = timedelta(days=1)


def enter(*, count: int, now: str) -> None:
    """The machines of a simulated fleet are managed, and each has sent a snapshot with the file that the hub makes."""
    at, machines = datetime.fromisoformat(now), build_fleet(7, count)
    for begin in range(0, count, _AT_ONCE):
        with transaction.atomic():
            arrivals = []
            for machine in machines[begin : begin + _AT_ONCE]:
                name = machine.customer_id
                details = Details(machine.persona.customer_name, machine.persona.domain, f"{name}@example.hu")
                add_customer(name, details, now=at, by=COMMAND_LINE)
                body = snapshot_at(machine, at, generate(customer_of(name)).content)
                arrivals.append(Arrival(incoming_backup(body), at, None))
            record_backups(Db(), arrivals)


def measure(*, rounds: int, some: int, now: str) -> dict[str, Any]:
    """Milliseconds of a check, as it is and with the reader of YAML that minds everything, and the seconds of a round.

    The two ways take turns with the same customers. The round is the job's own, with its rests.
    """
    at = datetime.fromisoformat(now)
    customers = list(Customer.objects.order_by("pk")[:some])
    taken: dict[str, list[float]] = {"check_ms": [], "careful_ms": []}
    for _ in range(rounds):
        taken["check_ms"].append(_check_ms(customers, at))
        with patch.object(contents, "read_quickly", read_plain):
            taken["careful_ms"].append(_check_ms(customers, at))
    began, worked, day = time.perf_counter(), time.process_time(), at + _DAY
    while _is_unfinished(day):
        pass
    round_seconds, work_seconds = time.perf_counter() - began, time.process_time() - worked
    checked = RecoveryCheck.objects.filter(checked_at=day).exclude(version=0).count()
    return {**taken, "round_seconds": round_seconds, "work_seconds": work_seconds, "checked": checked}


def _check_ms(customers: list[Customer], at: datetime) -> float:
    began = time.perf_counter()
    for customer in customers:
        check_customer(customer, now=at, zone=_ZONE)
    return (time.perf_counter() - began) / len(customers) * 1000


def _is_unfinished(now: datetime) -> bool:
    try:
        check_recovery(now)
    except Unfinished:
        return True
    return False
