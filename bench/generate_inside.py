"""What `generate` does with the hub's own code, in a process of its own."""

import time
from datetime import datetime
from typing import Any

from django.db import transaction

from felhom_hub.configs.documents import document
from felhom_hub.configs.generate import Generated, generate, generate_all
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.template import built_in
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE

_AT_ONCE = 500
_WITH_OVERRIDES = 3  # every third
_OVERRIDES = '# of this box\nassets:\n  sync_schedule: "03:{minute:02}"\npaths:\n  data: /mnt/hdd{number}\n'
_LINES = 150


def enter(*, count: int, now: str) -> None:
    """So many managed customers, each with its keys."""
    at = datetime.fromisoformat(now)
    for begin in range(0, count, _AT_ONCE):
        with transaction.atomic():
            for number in range(begin, min(begin + _AT_ONCE, count)):
                details = Details(f"Kovács {number}", f"box{number}.example.hu", f"k{number}@example.hu")
                add_customer(f"box-{number:05}", details, now=at, by=COMMAND_LINE)
    chosen = Customer.objects.order_by("pk")[::_WITH_OVERRIDES]
    CustomerConfig.objects.bulk_create(
        CustomerConfig(
            customer=customer,
            overrides=_OVERRIDES.format(minute=number % 60, number=number),
            log_level="debug",
            changed_at=at,
        )
        for number, customer in enumerate(chosen)
    )


def measure(*, rounds: int, alone: int) -> dict[str, Any]:
    """The quickest of the rounds for each template, and what the fleet would take a file at a time, in seconds."""
    templates = [built_in(), _longer(built_in())]
    seconds = [min(_all_files(template) for _ in range(rounds)) for template in templates]
    customers = list(Customer.objects.order_by("pk")[:alone])
    began = time.perf_counter()
    for customer in customers:
        generate(customer)
    each = (time.perf_counter() - began) / len(customers)
    return {
        "sizes": [template.count("\n") for template in templates],
        "seconds": seconds,
        "alone_seconds": each * Customer.objects.count(),
    }


def _all_files(template: str) -> float:
    began, read = time.perf_counter(), document(template)
    made = [isinstance(file, Generated) and file.sha256 != "" for _, file in generate_all(read)]
    if not all(made) or len(made) != Customer.objects.count():
        raise AssertionError("somebody got no file")
    return time.perf_counter() - began


def _longer(template: str) -> str:
    """The template with more sections, as one that a controller of many features comes with."""
    number = 0
    while template.count("\n") < _LINES:
        number += 1
        template += f"feature_{number}:\n  # What it does\n  enabled: true\n  every: 15m\n  paths:\n    - /mnt/a\n"
    return template
