"""The audit at `/audit`, and the same rows as a file at `/audit.csv`."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.words import near_day_words
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.actions import KIND_ICONS, KIND_LABELS, ActionKind, action_words
from felhom_hub.operators.models import AuditEntry
from felhom_hub.operators.subjects import names_now
from felhom_hub.operators.trail import PERIODS, View, counts_by_kind, csv_lines, entries_page, view_of

_PERIOD_LABELS = {"24h": "24 h", "7d": "7 d", "90d": "90 d", "all": "All"}


@require_safe
def audit(request: OperatorRequest) -> HttpResponse:
    """Who did what, newest first, by day."""
    view = view_of(request.GET.dict())
    now, zone = request.now, settings.HUB.server.time_zone
    entries, following = entries_page(view, now=now)
    counts = counts_by_kind(view, now=now)
    page = {
        "view": view,
        "days": _by_day(entries, now=now, zone=zone),
        "shown": len(entries),
        "total": counts[view.kind],
        "chips": _chips(view, counts),
        "periods": [(_PERIOD_LABELS[name], view.query(period=name), name == view.period) for name in PERIODS],
        "narrowings": _narrowings(view),
        "older": view.older_query(following) if following else "",
        "file_query": view.query(),
        "cleared": View(period=view.period).query(),
    }
    return render(request, "operators/audit.html", page)


@require_safe
def audit_csv(request: OperatorRequest) -> HttpResponseBase:
    """All rows of the view as a CSV file."""
    view = view_of(request.GET.dict())
    name = f"audit-{request.now:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    lines = csv_lines(view, now=request.now)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8; header=present", headers=headers)


def _chips(view: View, counts: Mapping[ActionKind | None, int]) -> list[tuple[str, str, int, str, bool]]:
    """Icon, label, count, address, whether it is the current one."""
    kinds: list[tuple[ActionKind | None, str, str]] = [(None, "", "All")]
    kinds += [(kind, KIND_ICONS[kind], label) for kind, label in KIND_LABELS.items()]
    return [(icon, label, counts[kind], view.query(kind=kind), view.kind is kind) for kind, icon, label in kinds]


def _narrowings(view: View) -> list[tuple[str, str]]:
    """What narrows the list beside text and kind, in words, each with the address without it."""
    found = (
        ("customer", view.customer, view.customer),
        ("person", view.person, view.person),
        ("action", view.action, action_words(view.action)),
    )
    return [(f"Only {name} {words}", view.query(**{name: ""})) for name, wanted, words in found if wanted]


def _by_day(
    entries: list[AuditEntry], *, now: datetime, zone: ZoneInfo
) -> list[tuple[str, list[tuple[AuditEntry, str, str]]]]:
    """The entries below the local day of each, with the action in words and the customer's name, if it is there."""
    names = names_now({entry.customer_id for entry in entries if entry.customer_id})
    days = groupby(entries, key=lambda entry: entry.at.astimezone(zone).date())
    listed = []
    for _, of_day in days:
        rows = [(entry, action_words(entry.action), names.get(entry.customer_id, "")) for entry in of_day]
        listed.append((near_day_words(rows[0][0].at, now, zone), rows))
    return listed
