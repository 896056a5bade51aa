"""`{% load fleet_cells %}`: the cells of the overview's rows.

A page holds two hundred rows of nine cells. Their template took three times as long as their data, most of it for
looking up variables; so these are written out here, and what a controller has written is escaped by hand.
"""

from collections.abc import Collection, Iterator
from html import escape

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from felhom_hub.base.templatetags.hub import age, icon, lasting
from felhom_hub.base.words import count_words, number_words
from felhom_hub.fleet.backups import Backup
from felhom_hub.fleet.columns import Column
from felhom_hub.fleet.meters import Meter
from felhom_hub.fleet.rows import Reported, Row
from felhom_hub.fleet.templatetags.fleet import NOT_REPORTED, config_sync, meter, strip, toned
from felhom_hub.reports.config_sync import ConfigSync

register = template.Library()

_SMALL_MARK = '<svg class="mk i" aria-hidden="true"><use href="#m-down"/></svg>'
_LOST = f'<span class="txt sync sm t-down" title="Cannot be rebuilt from the hub">{_SMALL_MARK}cannot be rebuilt</span>'
_SETTLED = (ConfigSync.IN_SYNC, ConfigSync.IN_SYNC_FORMATTING)
_TWO_LINES = '<span class="two">{}<small>{}</small></span>'


@register.simple_tag(takes_context=True)
def reported_cells(context: Context, row: Row, columns: Collection[Column]) -> SafeString:
    """The cells of a server that has reported, those of its status and name left out; `columns` are the chosen ones."""
    reported = row.reported
    if reported is None:
        return SafeString("")
    seen = age(context, reported.last_report_at)
    if reported.report_tone:
        seen = SafeString(f'<span class="txt b t-{reported.report_tone}">{seen}</span>')
    if Column.BACKUP in columns:
        lost = f'<span class="mg mg-bk">{_LOST}</span>' if row.is_lost else ""
        seen += SafeString(f'<span class="mg mg-bk">{backup_short(context, reported.backup)}</span>{lost}')
    if Column.CONFIG in columns and Column.CONTROLLER not in columns:
        seen += SafeString(_config_below(row, reported))
    strips = _cell("c-hb", "", strip(reported.strip)) if Column.REPORTS in columns else ""
    chosen = (_cell(*cell) for column, cell in _chosen_cells(context, row, reported, columns) if column in columns)
    return SafeString("".join((strips, _cell("c-seen seen", "", seen), *chosen)))


def _chosen_cells(
    context: Context, row: Row, reported: Reported, columns: Collection[Column]
) -> Iterator[tuple[Column, tuple[str, str, str]]]:
    """Class, label and content of each cell behind the last report's."""
    heat = _heat(reported.temperature) if Column.TEMPERATURE in columns else ""
    disk = f"Disk {escape(reported.disk_name)}" if reported.disk_name else "Disk"
    calm = " fine" if reported.backup.is_fine and not row.is_lost else ""
    version = _version(reported) if reported.controller_version else NOT_REPORTED
    if Column.CONFIG in columns:
        version += _config_below(row, reported)
    quiet = "" if row.errors or row.warnings else " fine"
    yield Column.CPU, ("c-cpu", "CPU", f"{meter(reported.cpu)}{heat}")
    yield Column.MEMORY, ("c-mem", "Memory", meter(reported.memory))
    yield Column.DISK, ("c-dsk", disk, meter(reported.disk))
    yield Column.TEMPERATURE, ("c-tmp", "CPU temp", meter(reported.temperature))
    yield Column.BACKUP, (f"c-bk{calm}", "Last backup", _backup(context, row, reported))
    current = "" if reported.newer_version else " fine"
    yield Column.CONTROLLER, (f"c-ver{current}", "Controller", version)
    settled = " fine" if reported.sync in _SETTLED or not reported.is_managed else ""
    yield Column.CONFIG, (f"c-cfg{settled}", "Config", _config(row, reported))
    yield Column.EVENTS, (f"c-ev{quiet}", "Events, 24 h", event_tags(row.path, row.errors, row.warnings))


def _cell(css: str, label: str, content: str) -> str:
    named = f' data-l="{label}"' if label else ""
    return f'<td role="cell" class="{css}"{named}>{content}</td>'


def _backup(context: Context, row: Row, reported: Reported) -> str:
    written = backup_cell(context, reported.backup)
    return f'<div class="two">{written}{_LOST}</div>' if row.is_lost else written


def _version(reported: Reported) -> str:
    written = escape(reported.controller_version)
    if not reported.newer_version:
        return f'<span class="mut" title="{written}">{written}</span>'
    behind = f'<span class="txt t-info b" title="{written}">{icon("up")}<bdi>{written}</bdi></span>'
    return _TWO_LINES.format(behind, f"{escape(reported.newer_version)} is out")


def _config(row: Row, reported: Reported) -> str:
    return config_sync(reported.sync, is_managed=reported.is_managed, path=row.path)


def _config_below(row: Row, reported: Reported) -> str:
    """The same below another cell, for screens that have no column for it."""
    return f'<span class="mg mg-cfg">config {_config(row, reported)}</span>'


def _heat(temperature: Meter) -> str:
    """The temperature below the CPU, for screens that have no column for it."""
    if temperature.value is None:
        return ""
    words = f"{temperature.value} {temperature.unit}"
    if temperature.tone:
        words = f'<span class="txt b t-{temperature.tone}">▲ {words}</span>'
    return f'<span class="mg mg-tmp">{words}</span>'


@register.simple_tag(takes_context=True)
def backup_cell(context: Context, backup: Backup) -> SafeString:
    """The age of the last backup; loud where it is overdue or failed."""
    if backup.at is None:
        return NOT_REPORTED
    written = age(context, backup.at)
    if backup.is_old:
        return format_html('<span class="old">{}</span>', written)
    if backup.is_failed:
        return format_html('<span class="two">{}<small>{}</small></span>', toned("warn", "x", "failed"), written)
    if backup.is_overdue:
        return format_html(
            '<span class="two">{}<small>expected nightly</small></span>', toned("warn", "clock", written)
        )
    return written


@register.simple_tag(takes_context=True)
def backup_short(context: Context, backup: Backup) -> SafeString | str:
    """The same in one line, for narrow screens."""
    if backup.at is None:
        return "backup n/a"
    written = format_html("backup {}", lasting(context, backup.at))
    if backup.tone:
        return toned("warn", "clock", written) if not backup.is_failed else toned("warn", "x", "backup failed")
    return written


@register.simple_tag
def event_tags(path: str, errors: int, warnings: int) -> SafeString:
    """The day's errors and warnings, each leading to those events; `path` is our own."""
    if not errors and not warnings:
        return SafeString('<span class="none">none</span>')
    return SafeString(f'<span class="ev">{"".join(_event_tags(path, errors, warnings))}</span>')


def _event_tags(path: str, errors: int, warnings: int) -> Iterator[str]:
    for tone, severity, count in (("down", "error", errors), ("warn", "warning", warnings)):
        if count:
            words = count_words(count, f"{severity} event")
            yield (
                f'<a class="tag t-{tone}" href="{path}?severity={severity}#events" title="{words} in the last 24 h">'
                f'<svg class="mk i" aria-hidden="true"><use href="#m-{tone}"/></svg>{number_words(count)}'
                f'<span class="vh"> {severity}{"" if count == 1 else "s"}</span></a>'
            )
