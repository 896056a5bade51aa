"""Tells of alarms that were held back by a silence or an incident, once nothing holds them and they still stand."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from django.db.models import Q

from felhom_hub.notify.later import Telling, tell_later
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.policy import AUDIENCES, Audience, Inputs


def tell_held(now: datetime) -> int:
    """Whoever was not told of an alarm that stands has been told, where nothing holds it back; returns how many were.

    Each once, whatever restarts and whoever else looks: who takes the mark off the alarm's row tells.
    """
    waiting = Alarm.objects.filter(Q(operator_waits=True) | Q(customer_waits=True)).select_related("event")
    tellings = [
        Telling(alarm, audience, "held", partial(_claim, alarm.pk, audience), partial(_without_itself, alarm))
        for alarm in waiting
        for audience in AUDIENCES
        if getattr(alarm, _column(audience))
    ]
    return tell_later(tellings, now=now) if tellings else 0


def _column(audience: Audience) -> str:
    return f"{audience}_waits"


def _claim(pk: int, audience: Audience) -> bool:
    column = _column(audience)
    return Alarm.objects.filter(pk=pk, **{column: True}).update(**{column: False}) == 1


def _without_itself(alarm: Alarm, inputs: Inputs) -> Inputs:
    """What was held back beside the event that is told now; an incident's nodes were not counted."""
    if alarm.incident or not inputs.told.held_back:
        return inputs
    return replace(inputs, told=replace(inputs.told, held_back=inputs.told.held_back - 1))
