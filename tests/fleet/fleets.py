"""Fleets by chance, with all that makes an order hard: equal values, missing ones, equal names, every status."""

import random
from datetime import timedelta

from tests.build import NOW, make_customer, make_node
from tests.recovery.checked import make_check

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import EventCount
from felhom_hub.fleet.changes import Then, Trouble
from felhom_hub.reports.arrivals import CELLS, Arrivals, to_bytes

_NAMES = ("Kovács", "kovacs", "KOVÁCS", "", "Ő", "ö", "Nagy Anna", "nagy-anna", "Straße", "\U0001f600", "z")
_READINGS = (None, 0.0, 41.5, 79.5, 80.5, 84.5, 85.0, 90.49, 95.0, 100.0)
# Around the edges of stale and down, and of one report and the next.
_HASHES = (None, "a" * 64, "b" * 64)
_SILENCES = (0, 4, 5, 15, 29.999, 30, 30.001, 59.999, 60, 60.001, 134, 1500)


def a_random_fleet(seed: int, servers: int) -> None:
    """So many customers, the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(servers):
        customer = make_customer(
            f"{chance.choice('Kkza')}{number}",
            name=chance.choice(_NAMES),
            is_managed=chance.random() < 0.6,
            town=chance.choice(("", "Győr", "GYOR", "Vác")),
            created_at=NOW - timedelta(minutes=chance.choice((1, 2, 900))),
            blocked_at=NOW if chance.random() < 0.1 else None,
            deleted_at=NOW if chance.random() < 0.05 else None,
        )
        if chance.random() < 0.5:
            make_check(customer, chance.choice(("yyyyy", "yygyy", "nuuuy")))
        if chance.random() < 0.15:
            continue
        _report(customer, chance)
        if chance.random() < 0.3:
            CustomerConfig.objects.create(
                customer=customer, thresholds={"disk_high": 40.0, "disk_critical": 79.0}, changed_at=NOW
            )
        if chance.random() < 0.4:
            errors, warnings = chance.choice((0, 1, 2)), chance.choice((0, 3))
            EventCount.objects.create(customer=customer, errors=errors, warnings=warnings)


def _report(customer: Customer, chance: random.Random) -> None:
    last = NOW - timedelta(minutes=chance.choice(_SILENCES))
    first = last - timedelta(minutes=chance.choice((0, 10, 61, 9000)))
    newest = int(last.timestamp() * 1000) // 300_000
    bits = chance.choice((1, 0b1001001, chance.getrandbits(CELLS) | 1))
    backup = chance.choice((None, 1, 25.9, 26, 26.001, 90))
    make_node(
        customer,
        first_received_at=first,
        last_received_at=last,
        arrivals=to_bytes(Arrivals(bits, newest)),
        arrivals_cell=newest,
        allowance_ms=chance.choice((0, 0, 0, 600_000, 2_700_000)),
        health=chance.choice((None, "ok", "ok", "warn", "fail")),
        health_since_at=chance.choice((None, NOW - timedelta(hours=1), NOW - timedelta(hours=2))),
        health_messages=chance.choice(("[]", '["drive hdd1 is 91 % full"]', '["forró", "two"]')),
        monitoring_paused=chance.choice((None, False, False, True)),
        cpu_percent=chance.choice(_READINGS),
        memory_percent=chance.choice(_READINGS),
        disk_percent=chance.choice(_READINGS),
        temperature_celsius=chance.choice(_READINGS),
        controller_version=chance.choice((None, "v0.30.0", "0.30.0", "v0.9.1", "latest")),
        last_backup_at=None if backup is None else NOW - timedelta(hours=backup),
        last_backup_ok=chance.choice((None, True, True, False)),
        config_hash=chance.choice(_HASHES),
        expected_hash=chance.choice(_HASHES),
        same_hash=chance.choice(_HASHES),
    )


def a_look_before(seed: int) -> Then:
    """What an operator may have seen of them."""
    chance, pks = random.Random(seed), list(Customer.everyone.order_by("pk").values_list("pk", flat=True))
    seen = chance.sample(pks, len(pks) // 2)
    return Then(NOW - timedelta(hours=6), Trouble(frozenset(seen[::2]), frozenset(seen[1::2])))
