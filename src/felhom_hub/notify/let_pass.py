"""Ends the alarms that no event ends (passing.py), which tells nobody: the next one is told as ever."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from felhom_hub.base.db import Db
from felhom_hub.notify.basis import read_basis
from felhom_hub.notify.later import BATCH
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.passing import PASSING, Passing
from felhom_hub.notify.policy import AUDIENCES
from felhom_hub.notify.standing import ended_by


def passing_alarms(now: datetime) -> list[Passing]:
    """Those that stand."""
    rows = Alarm.objects.filter(event_type__in=PASSING).order_by("subject", "pk")
    found = rows.values_list("pk", "subject", "event_type", "event_id", "event__created_at", "since_at")
    return [
        # After a clock that was ahead the event lies ahead as well; since when it stands was set right (set_back.py).
        Passing(pk, subject, event_type, event_pk, at if at <= now else since)
        for pk, subject, event_type, event_pk, at, since in found
    ]


def let_pass(over: Sequence[Passing], *, now: datetime) -> int:
    """These stand no more, but for one that has come again meanwhile; returns how many."""
    return sum(_let_pass(over[begin : begin + BATCH], now) for begin in range(0, len(over), BATCH))


def _let_pass(over: Sequence[Passing], now: datetime) -> int:
    count = 0
    with transaction.atomic():
        db = Db()
        basis = read_basis(db, {each.subject for each in over}, at=now)
        for each in over:
            key = (each.subject, each.event_type, "")
            standing = basis.alarms.get(key)
            if standing is None or standing.event_pk != each.event_pk:
                continue
            del basis.alarms[key]
            count += 1
            for audience in AUDIENCES:
                for name in (each.event_type, *ended_by(each.event_type)):
                    told = basis.told.get((each.subject, audience, name))
                    if told is not None:
                        basis.told[each.subject, audience, name] = replace(told, is_alarmed=False)
        basis.store_told(db)
        basis.store_alarms(db)
    return count
