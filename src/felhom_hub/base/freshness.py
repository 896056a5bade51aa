"""Answers a page's refresh with 304 when nothing but the clock has moved; the script base/scripts/refresh.js asks."""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import cast

from django.http import HttpRequest, HttpResponse

from felhom_hub.base.arrival import HubRequest

# What the browser counts on by itself is left out of the tag: ages and spans (their text), the time of the data (all).
_AGE = re.compile(rb"(<time\b[^>]* data-(?:age|span)>)[^<]*")
_DATA_TIME = re.compile(rb"<time\b[^>]* data-now>[^<]*</time>")
DATA_TIME_HEADER = "Hub-Data-Time"


def refresh_tag(page: bytes) -> str:
    """A weak entity tag that stays the same as long as the page says the same."""
    lasting = _DATA_TIME.sub(b"", _AGE.sub(rb"\1", page))
    return f'W/"{sha256(lasting).hexdigest()[:32]}"'


class FreshnessMiddleware:
    """A refresh (a GET by htmx) carries the data's time and a tag, and gets 304 when it already has the same page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refresh = request.method == "GET" and "HX-Request" in request.headers
        if not is_refresh or response.status_code != 200 or response.streaming:  # noqa: PLR2004 - OK
            return response
        tag = refresh_tag(response.content)
        if request.headers.get("If-None-Match") == tag:
            response = HttpResponse(status=304)
        response["ETag"] = tag
        response[DATA_TIME_HEADER] = cast("HubRequest", request).now.isoformat()
        return response
