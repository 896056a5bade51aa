"""Silences of these tests, with plain defaults."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.build import NOW

from felhom_hub.operators.audit import Actor
from felhom_hub.silences.coverage import Known
from felhom_hub.silences.record import Entered, make_silence
from felhom_hub.silences.recurrence import Schedule

ZONE = ZoneInfo("Europe/Budapest")
KATA = Actor("kata", "192.0.2.7")
TWO_HOURS = Schedule(NOW, NOW + timedelta(hours=2))


def known(**members: Any) -> Known:
    """A silence for all and everything that holds from NOW on for two hours."""
    plain: dict[str, Any] = {
        "pk": 1,
        "why": "House move",
        "made_by": "kata",
        "reaches_all": True,
        "customers": frozenset(),
        "tag": "",
        "choices": frozenset(),
        "is_for_customers": True,
        "schedule": TWO_HOURS,
    }
    return Known(**{**plain, **members})


def entered(customers: Mapping[int, str] | None = None, **members: Any) -> Entered:
    """Likewise, as it comes from the form."""
    plain: dict[str, Any] = {"tag": "", "choices": (), "is_for_customers": True, "schedule": TWO_HOURS}
    return Entered(**{"why": "House move", "customers": customers or {}, **plain, **members})


def made(customers: Mapping[int, str] | None = None, *, now: datetime = NOW, **members: Any) -> int:
    """Likewise, stored; its number."""
    return make_silence(entered(customers, **members), now=now, by=KATA)
