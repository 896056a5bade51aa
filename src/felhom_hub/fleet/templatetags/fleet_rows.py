"""`{% load fleet_rows %}`: the servers in the overview's list, written out for the same reason as its cells.

As templates the rows took twice as long, and a page has up to two hundred of them.
"""

from collections.abc import Collection, Iterable
from html import escape

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from felhom_hub.base.templatetags.hub import age, lasting
from felhom_hub.fleet.acknowledged import Acknowledgement
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.rows import Row
from felhom_hub.fleet.templatetags.fleet import badge
from felhom_hub.fleet.templatetags.fleet_cells import reported_cells

register = template.Library()


@register.simple_tag(takes_context=True)
def server_rows(context: Context, rows: Iterable[Row], columns: Collection[Column], width: int) -> SafeString:
    """One row after the other; a loop of the template would look all of these up for each of them."""
    # A line break behind each, as templates leave: without it a refresh that moves a row loses the page's scroll.
    return SafeString("".join(f"{server_row(context, row, columns, width)}\n" for row in rows))


def server_row(context: Context, row: Row, columns: Collection[Column], width: int) -> SafeString:
    """The row; a second line with the reason where somebody has to look at it. `width` counts all columns."""
    shape = f' class="att t-{row.look.tone}"' if row.needs_attention else ""
    state = "" if row.needs_attention else f' data-st="{row.look.mark}"'
    rows = ' rowspan="2"' if row.needs_attention else ""
    return SafeString(
        f'<tbody id="{row.anchor}" role="rowgroup" data-row{shape}><tr role="row"{state}>'
        f'<td role="cell" class="c-st"{rows}>{badge(row.status, "quiet" if row.look.mark == "ok" else "")}</td>'
        f"{_who(row)}{reported_cells(context, row, columns) if row.reported else _waiting(row, width)}</tr>"
        f"{_why(context, row, width) if row.needs_attention else ''}</tbody>"
    )


def _who(row: Row) -> str:
    paused = '<span class="id">Monitoring paused</span>' if row.look.mark == "paused" else ""
    return (
        f'<th role="rowheader" scope="row" class="who"><a href="{row.path}">{escape(row.name)}</a> '
        f'<span class="id">{escape(row.id_line)}</span>{paused}</th>'
    )


def _waiting(row: Row, width: int) -> str:
    return (
        f'<td role="cell" class="c-hb c-full" colspan="{width - 2}"><span class="none sm">'
        f'{escape(row.verdict.reason)}</span> <a class="sm" href="{row.path}">See what to do</a></td>'
    )


def _why(context: Context, row: Row, width: int) -> str:
    """What is wrong, since when, and where to look."""
    since = f", for {lasting(context, row.since)}" if row.since else ""
    place, words = (f"#{row.section}", f"See {row.section}") if row.section else ("", "See details")
    if row.verdict.is_silent:
        place, words = "#system", "Last known state"
    taken = "".join(_taken(context, each) for each in row.acknowledged)
    return (
        f'<tr role="row"><td role="cell" class="why" colspan="{width - 1}"><span><span>'
        f'<b>{escape(row.verdict.headline)}</b> <bdi dir="ltr">{escape(row.verdict.detail)}</bdi>{since}</span>'
        f'<a href="{row.path}{place}">{words}</a>{taken}</span></td></tr>'
    )


def _taken(context: Context, each: Acknowledgement) -> str:
    """Who has taken it, when, and what was noted."""
    what = f"{escape(each.what)} acknowledged" if each.what else "acknowledged"
    note = f": “<bdi>{escape(each.note)}</bdi>”" if each.note else ""
    by = f"<bdi>{escape(each.by)}</bdi> {age(context, each.at)}"
    return f'<span class="tag line ack"><span>{what} by {by}{note}</span></span>'
