"""`{% load hub %}`: times as `<time>`, numbers in the words of words.py, icons, form tokens, built files."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from felhom_hub.base import assets, words
from felhom_hub.base.instants import rfc3339

register = template.Library()

# Behind what parts a path, an address or the name of a setting.
_PARTS = re.compile(r"(?<=[/_.:-])(?=[^/_.:-])")

register.filter("number", words.number_words)
register.filter("size", words.size_words)


@register.simple_tag
def asset(name: str) -> str:
    """The path of a built front-end file."""
    return assets.asset_path(name)


@register.simple_tag
@lru_cache
def icon(name: str) -> SafeString:
    """An icon of the sprite, unspoken: the word beside it says the same."""
    return format_html('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
@lru_cache
def mark(name: str) -> SafeString:
    """A status mark of the sprite; its tone comes from the `t-…` class around it."""
    return format_html('<svg class="mk" aria-hidden="true"><use href="#m-{}"/></svg>', name)


@register.simple_tag(takes_context=True)
def age(context: Context, instant: datetime) -> SafeString:
    """`4 min ago`, kept true by the browser, with the absolute time as its title."""
    return _time(instant, "data-age", words.age_words(instant, context["now"]))


@register.simple_tag(takes_context=True)
def lasting(context: Context, since: datetime) -> SafeString:
    """`2 h 14 min`, the time since then, kept true by the browser."""
    return _time(since, "data-span", words.span_words(context["now"] - since))


@register.simple_tag
def clock(instant: datetime) -> SafeString:
    """The local time of day, `14:32:10`."""
    return _time(instant, "data-clock", words.clock_words(instant, settings.HUB.server.time_zone))


@register.simple_tag
def day(instant: datetime) -> SafeString:
    """The local date, `12 Mar 2026`."""
    return _time(instant, "data-day", words.date_words(instant, settings.HUB.server.time_zone))


@register.simple_tag
def moment(instant: datetime) -> SafeString:
    """The local date and time, `12 Mar 2026, 14:18`."""
    return _time(instant, "data-moment", words.moment_words(instant, settings.HUB.server.time_zone))


@register.simple_tag(takes_context=True)
def data_time(context: Context) -> SafeString:
    """The time of the page's data."""
    return _time(context["now"], "data-now", words.clock_words(context["now"], settings.HUB.server.time_zone))


def _time(instant: datetime, kind: str, text: str) -> SafeString:
    # The kind comes last: freshness.py leaves what the browser counts on by itself out of a page's tag.
    # All of it is our own writing; a list prints so many times that escaping them would take half of its time.
    return SafeString(f"<time {_lasting_attributes(instant, settings.HUB.server.time_zone)} {kind}>{text}</time>")


# A page that refreshes prints the same times again and again, and only their ages are new.
@lru_cache(maxsize=4096)
def _lasting_attributes(instant: datetime, zone: ZoneInfo) -> str:
    return f'datetime="{rfc3339(instant)}" title="{words.absolute_words(instant, zone)}"'


@register.filter
def breakable(text: str) -> SafeString:
    """A path or a key that may go on in a new line behind each of its parts."""
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in _PARTS.split(text)))


@register.filter
def coded(text: str) -> SafeString:
    """A sentence of ours in which what stands between backticks is code."""
    parts = text.split("`")
    return format_html_join("", "{}{}", zip(parts[::2], map(_code, [*parts[1::2], ""]), strict=False))


def _code(text: str) -> SafeString:
    return format_html("<code>{}</code>", text) if text else SafeString("")


@register.filter
def percent(number: float) -> str:
    """`91 %`."""
    return words.unit_words(number, "%")


@register.filter
def celsius(number: float) -> str:
    """`62 °C`."""
    return words.unit_words(number, "°C")


@register.filter
def megabytes(number: float) -> str:
    """`1,024 MB`."""
    return words.unit_words(number, "MB")


@register.filter
def span(length: timedelta) -> str:
    """`2 h 14 min`."""
    return words.span_words(length)


@register.filter
def counted(count: int, noun: str) -> str:
    """`3 servers`; an irregular plural follows a comma: `{{ n|counted:"box,boxes" }}`."""
    one, _, many = noun.partition(",")
    return words.count_words(count, one, many)


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString:
    """The hidden field that every POST form carries."""
    operator: Any = context.get("operator")
    return format_html('<input type="hidden" name="_csrf" value="{}">', operator.csrf_token if operator else "")
