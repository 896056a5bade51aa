"""A hub of two pages, to try frame, sign-in and protection on beside the real pages, and its known password."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template import RequestContext, Template
from django.urls import URLPattern, URLResolver, include, path
from pytest_django import Settings

from felhom_hub.base import pages

PAGE = Template(Path(__file__).with_suffix(".html").read_text("utf-8"))


@dataclass
class Site:
    """What the pages show; tests change it between two refreshes."""

    headline: str = "All 3 servers are well"
    every_seconds: int = 60
    rows: list[tuple[str, str]] = field(
        default_factory=lambda: [("kiss", "3 min"), ("papp", "4 min"), ("szabo", "5 min")]
    )
    since: datetime = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
    changes: int = 0
    is_down: bool = False
    stream: str = "retry: 600000\n\n"
    stream_seconds: float = 0
    is_stream_refused: bool = False


site = Site()


def with_auth(settings: Settings, **changes: Any) -> None:
    settings.HUB = replace(settings.HUB, auth=replace(settings.HUB.auth, **changes))


def with_server(settings: Settings, **changes: Any) -> None:
    settings.HUB = replace(settings.HUB, server=replace(settings.HUB.server, **changes))


def overview(request: HttpRequest) -> HttpResponse:
    if site.is_down:
        return HttpResponse(status=503)
    wanted = request.GET.get("q", "")
    rows = [row for row in site.rows if wanted in row[0]]
    context = RequestContext(request)
    context.push({"site": site, "rows": rows, "badges": ()})  # above what the frame asks the database for
    return HttpResponse(PAGE.render(context))


def change(_request: HttpRequest) -> HttpResponse:
    site.changes += 1
    return JsonResponse({"ok": True})


def boom(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def live(_request: HttpRequest) -> HttpResponseBase:
    if site.is_stream_refused:
        return HttpResponse(status=503)
    return StreamingHttpResponse(stream(), content_type="text/event-stream")


def stream() -> Iterator[str]:
    yield site.stream
    time.sleep(site.stream_seconds)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview),
    path("change", change),
    path("api/v1/change", change),
    path("boom", boom),
    path("api/v1/boom", boom),
    path("live", live),
    path("theme", pages.choose_theme, name="theme"),
    path("browser", pages.choose_browser, name="browser"),
    path("", include("felhom_hub.operators.urls")),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
