"""Reminds the operator of alarms that stand, again and again, until they are over or acknowledged."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from felhom_hub.notify.later import Telling, tell_later
from felhom_hub.notify.models import Alarm, Told
from felhom_hub.notify.passing import METERED, PASSES_AFTER, PASSING
from felhom_hub.notify.policy import NEVER_TOLD, Inputs


def remind(now: datetime, *, every: timedelta) -> int:
    """Who was told nothing of an alarm for so long has been told that it stands; returns of how many.

    An event of it that was told meanwhile is a reminder as well. Each once: whoever moves the time on its row tells.
    """
    edge = now - every
    is_due = Q(reminded_at=None) | Q(reminded_at__lte=edge)
    standing = Alarm.objects.filter(is_due, since_at__lte=edge, acknowledged_at=None, operator_waits=False)
    # What nothing measures, and has not come again for so long, has passed, though its row may stand for a moment.
    passed = Q(event_type__in=PASSING - METERED.keys(), event__created_at__lte=now - PASSES_AFTER)
    standing = standing.exclude(passed)
    told = Told.objects.filter(audience="operator", told_at__gt=edge, told_at__lte=now)
    lately = set(told.filter(subject__in=standing.values("subject")).values_list("subject", "event_type"))
    tellings = [
        Telling(alarm, "operator", "reminder", partial(_claim, alarm, now), _without_cooldown)
        for alarm in standing.select_related("event")
        if (alarm.subject, alarm.event_type) not in lately
    ]
    return tell_later(tellings, now=now) if tellings else 0


def _claim(alarm: Alarm, now: datetime) -> bool:
    unchanged = Alarm.objects.filter(pk=alarm.pk, reminded_at=alarm.reminded_at, acknowledged_at=None)
    return unchanged.update(reminded_at=now) == 1


def _without_cooldown(inputs: Inputs) -> Inputs:
    """A reminder has its own: what was told last holds nothing back, and what was held back is counted still."""
    return replace(inputs, told=replace(NEVER_TOLD, held_back=inputs.told.held_back))
