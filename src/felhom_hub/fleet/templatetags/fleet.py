"""`{% load fleet %}`: status badges, report strips, meters and bars as inline SVG; geometry is in attributes only."""

from datetime import datetime
from functools import lru_cache
from html import escape

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from felhom_hub.base.instants import rfc3339
from felhom_hub.base.templatetags.hub import icon, mark
from felhom_hub.base.words import absolute_words, age_words
from felhom_hub.fleet.config_state import sync_word
from felhom_hub.fleet.looks import LOOKS
from felhom_hub.fleet.meters import Meter
from felhom_hub.fleet.strip import Strip
from felhom_hub.reports.config_sync import ConfigSync
from felhom_hub.reports.status import Status

register = template.Library()

NOT_REPORTED = SafeString('<span class="none" title="Not reported">n/a</span>')
_METER_BAR = 'class="mb" viewBox="0 0 60 5" preserveAspectRatio="none" aria-hidden="true"'
_STRIP = 'class="hb" viewBox="0 0 192 20" preserveAspectRatio="none" role="img"'
_STRIP_HOURS = '<path class="h" d="M48 0v20M96 0v20M144 0v20"/>'


@register.simple_tag
@lru_cache
def badge(status: Status, kind: str = "") -> SafeString:
    """The status as shape, word and tone; `quiet` leaves the ground away, as lists do for OK."""
    look = LOOKS[status]
    shape = " dash" if status is Status.PENDING else f" {kind}" if kind else ""
    return format_html('<span class="st t-{}{}">{}{}</span>', look.tone, shape, mark(look.mark), status.value)


# A page holds hundreds of meters and strips. Escaping each number of them would take most of its time, so only what
# a controller has written is escaped.
@register.simple_tag
def meter(reading: Meter) -> SafeString:
    """Number, unit and bar; `n/a` where it is not reported."""
    if reading.value is None:
        return NOT_REPORTED
    classes = " old" if reading.is_old else f" hot t-{reading.tone}" if reading.tone else ""
    title = f' title="{escape(reading.title)}"' if reading.title else ""
    spoken = f'<b class="vh">, {reading.spoken}</b>' if reading.spoken else ""
    return SafeString(
        f'<div class="m{classes}"{title}><span>{reading.value} <i>{reading.unit}</i>{spoken}</span><svg {_METER_BAR}>'
        f'<path d="M0 2.5H60"/><path class="f" d="M0 2.5H{reading.length}"/><path class="k" d="{reading.notches}"/>'
        "</svg></div>"
    )


@register.simple_tag
def strip(drawing: Strip) -> SafeString:
    """The report strip with its summary."""
    paths = "".join(f'<path class="{kind}" d="{data}"/>' for kind, data in drawing.paths)
    spoken = drawing.spoken
    return SafeString(f'<svg {_STRIP} aria-label="{spoken}"><title>{spoken}</title>{_STRIP_HOURS}{paths}</svg>')


@register.simple_tag
def bar(percent: float, tone: str = "") -> SafeString:
    """A thin bar, filled to `percent`."""
    return format_html(
        '<svg class="bar{}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><path class="t" '
        'd="M0 4H100"/><path class="f" d="M0 4H{}"/></svg>',
        f" hot t-{tone}" if tone else "",
        min(max(round(percent, 1), 0), 100),
    )


@register.simple_tag
def toned(tone: str, name: str, word: str) -> SafeString:
    """An icon and a word in a tone: `{% toned "warn" "clock" "failed" %}`."""
    return SafeString(f'<span class="txt b t-{tone}">{icon(name)}{conditional_escape(word)}</span>')


@register.simple_tag
def config_sync(sync: str, *, is_managed: bool, path: str = "") -> SafeString:
    """Whether a box runs the hub's configuration, as shape and word.

    `sync` is a word of ConfigSync; `path` is the customer's page, where what differs shall lead to its keys.
    """
    word = sync_word(sync, is_managed=is_managed)
    if sync == ConfigSync.UNKNOWN:
        return SafeString(f'<span class="none">{word}</span>')
    if sync != ConfigSync.MISMATCH:
        return SafeString(f'<span class="txt calm sync">{icon("check")}{word}</span>')
    start, end = (f'<a href="{path}/diff"', "a") if path else ("<span", "span")
    return SafeString(f'{start} class="txt b t-warn sync">{icon("diff")}{word}</{end}>')


@register.filter
def hour_minute(instant: datetime) -> str:
    """The local hour and minute, `14:32`."""
    return f"{instant.astimezone(settings.HUB.server.time_zone):%H:%M}"


@register.filter
def weekday(instant: datetime) -> str:
    """The local day of the week, `Wed`."""
    return f"{instant.astimezone(settings.HUB.server.time_zone):%a}"


@register.simple_tag(takes_context=True)
def moment(context: Context, instant: datetime) -> SafeString:
    """The local hour and minute of something on a time line; its title tells the whole time and the age."""
    whole = absolute_words(instant, settings.HUB.server.time_zone)
    title = f"{whole}, {age_words(instant, context['now'])}"
    return format_html('<time datetime="{}" title="{}">{}</time>', rfc3339(instant), title, hour_minute(instant))
