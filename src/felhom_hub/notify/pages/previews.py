"""`/mail-preview`: every message as it goes out, in a frame that may do nothing."""

from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.base.pages import NOT_FOUND, trouble_page
from felhom_hub.notify.ledger import masked
from felhom_hub.notify.preview import Specimen, entries_for, specimen_of
from felhom_hub.operators.access import OperatorRequest

_FIRST = "/mail-preview/operator/node_down"
_LANGUAGES = {"operator": "English", "customer": "Hungarian"}
# Mail programs need styles in the text itself, so the frame allows them and nothing else: the page's policy stays.
_FRAME = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


@require_safe
def show_first(_request: OperatorRequest) -> HttpResponse:
    """Goes on to the message that matters most."""
    return HttpResponseRedirect(_FIRST)


@require_safe
def show_preview(request: OperatorRequest, audience: str, event_type: str) -> HttpResponse:
    """One message with all that goes with it, and the list of all."""
    specimen = _specimen(request, audience, event_type)
    if specimen is None:
        return trouble_page(request, NOT_FOUND)
    options, zone = settings.HUB.notifications, settings.HUB.server.time_zone
    hub_url = settings.HUB.server.public_url
    lists = [
        (name, language, entries_for(name, now=request.now, zone=zone, hub_url=hub_url))  # type: ignore[arg-type]
        for name, language in _LANGUAGES.items()
    ]
    page = {
        "specimen": specimen,
        "language": _LANGUAGES[specimen.audience],
        "lists": lists,
        "sender": options.from_email,
        "recipient": masked(options.operator_email) if audience == "operator" else "p…@example.hu",
        "frame": f"/mail-preview/{quote(audience)}/{quote(event_type)}/html",
    }
    return render(request, "notify/mail-preview.html", page)


@require_safe
def show_html(request: OperatorRequest, audience: str, event_type: str) -> HttpResponse:
    """The HTML part alone, for the frame."""
    specimen = _specimen(request, audience, event_type)
    if specimen is None:
        return HttpResponse("There is no such message\n", status=HTTPStatus.NOT_FOUND, content_type="text/plain")
    return HttpResponse(specimen.html, headers=_FRAME)


def _specimen(request: OperatorRequest, audience: str, event_type: str) -> Specimen | None:
    zone, hub_url = settings.HUB.server.time_zone, settings.HUB.server.public_url
    return specimen_of(audience, event_type, now=request.now, zone=zone, hub_url=hub_url)
