"""The assets for controllers (contract 7): what there is, and each file; with the global key or any customer's own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from felhom_hub.assets.files import Asked, file_answer
from felhom_hub.assets.manifest import manifest_document, manifest_of
from felhom_hub.base.endpoint import json_endpoint, json_response
from felhom_hub.base.errors import Unavailable
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import unavailable
from felhom_hub.customers.bearer import bearer_of


@json_endpoint("GET")
def manifest(request: HttpRequest) -> HttpResponse:
    """All assets with sizes and hashes."""
    bearer_of(request)
    try:
        found = manifest_of(settings.HUB.assets.dir, now=utc_now())
    except OSError as error:
        raise _unreadable(error) from None
    return json_response(manifest_document(found))


@json_endpoint("GET")
def file(request: HttpRequest, filename: str) -> HttpResponse:
    """One asset, or the part of it that is asked for."""
    bearer_of(request)
    is_head = request.method == "HEAD"
    asked = Asked(
        request.headers.get("If-None-Match", ""),
        "" if is_head else request.headers.get("Range", ""),  # RFC 9110, 14.2: a part is for GET only
        request.headers.get("If-Range", ""),
    )
    try:
        answer = file_answer(settings.HUB.assets.dir, filename, asked)
    except OSError as error:
        raise _unreadable(error) from None
    return HttpResponse(b"" if is_head else answer.body, status=answer.status, headers=dict(answer.headers))


def _unreadable(error: OSError) -> Unavailable:
    return unavailable(f"The assets cannot be read now ({error.strerror})")
