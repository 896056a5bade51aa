"""`/silences`: those that hold, come and are over, and the form of a new one; and the page that changes one."""

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from felhom_hub.base.errors import NotFound
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.base.words import zone_words
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at
from felhom_hub.silences.badge import silences_badge
from felhom_hub.silences.change import change_silence
from felhom_hub.silences.enter import Typed, read_change, read_silence
from felhom_hub.silences.form import Form, form_of, new_form, typed_of
from felhom_hub.silences.listing import listing, reach_of
from felhom_hub.silences.queries import Listed, lasting_silence
from felhom_hub.silences.record import end_silence, make_silence
from felhom_hub.silences.recurrence import Schedule, next_windows
from felhom_hub.silences.words import window_words

_PATH = "/silences"
_SHOWN_WINDOWS = 3
_A_MOMENT = timedelta(seconds=1)  # so that one which begins now is among them
_MADE = register_toast("silence_made", "The silence is made.")
_CHANGED = register_toast("silence_changed", "The silence is changed.")
_ENDED = register_toast("silence_ended", "The silence is ended.")


@require_http_methods(["GET", "HEAD", "POST"])
def show_silences(request: OperatorRequest) -> HttpResponse:
    """The lists and the form; a POST makes a silence, or with `check` shows its next windows only."""
    if request.method != "POST":
        return _page(request, new_form(request.GET.dict(), request.GET.getlist("type")))
    zone = settings.HUB.server.time_zone
    typed = _typed(request)
    read = read_silence(typed, now=request.now, zone=zone)
    if read.entered is None:
        return _page(request, form_of(typed, problems=read.problems), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "check" in typed.texts:
        return _page(request, _checked(typed, read.entered.schedule, request))
    number = make_silence(read.entered, now=request.now, by=operator_at(request.client.address))
    response = HttpResponseRedirect(f"{_PATH}#s-{number}", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _MADE, subject=str(number))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OperatorRequest, number: int) -> HttpResponse:
    """The form of a silence that is not over; a POST changes it, or with `check` shows its next windows only."""
    zone = settings.HUB.server.time_zone
    found = lasting_silence(number, request.now, zone)
    if found is None:
        return trouble_page(request, _missing(f"There is no silence {number}, or it has ended"))
    if request.method != "POST":
        return _edit_page(request, found, form_of(typed_of(found.known, zone)))
    typed = _typed(request)
    read = read_change(typed, found.known.schedule, now=request.now, zone=zone)
    if read.changed is None:
        form = form_of(typed, problems=read.problems)
        return _edit_page(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "check" in typed.texts:
        return _edit_page(request, found, _checked(typed, read.changed.schedule, request))
    try:
        by = operator_at(request.client.address)
        is_another = change_silence(number, read.changed, now=request.now, by=by, zone=zone)
    except NotFound as error:
        return trouble_page(request, _missing(error.sentence))
    response = HttpResponseRedirect(f"{_PATH}#s-{number}", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _CHANGED, subject=str(number)) if is_another else response


@require_POST
def end(request: OperatorRequest, number: int) -> HttpResponse:
    """The silence holds no more; what it held back and still stands is told within a minute."""
    try:
        end_silence(number, now=request.now, by=operator_at(request.client.address))
    except NotFound as error:
        return trouble_page(request, _missing(error.sentence))
    response = HttpResponseRedirect(_PATH, status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _ENDED, subject=str(number))


def _typed(request: OperatorRequest) -> Typed:
    texts = {name: str(value) for name, value in request.POST.items()}
    return Typed(texts, request.POST.getlist("event_types"), request.POST.getlist("weekdays"))


def _checked(typed: Typed, schedule: Schedule, request: OperatorRequest) -> Form:
    """The form as it was typed, with the windows that come next."""
    zone = settings.HUB.server.time_zone
    windows = next_windows(schedule, request.now - _A_MOMENT, zone, count=_SHOWN_WINDOWS)
    return form_of(typed, schedule=schedule, windows=windows)


def _edit_page(
    request: OperatorRequest, found: Listed, form: Form, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    page = {"silence": found.known, "reach": reach_of(found), **_form_values(form)}
    return render(request, "silences/edit.html", page, status=status)


def _form_values(form: Form) -> dict[str, object]:
    zone = settings.HUB.server.time_zone
    windows = [(window_words(window, zone), length, is_odd) for window, length, is_odd in form.windows]
    return {"form": form, "windows": windows, "zone_name": zone_words(zone)}


def _page(request: OperatorRequest, form: Form, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    zone = settings.HUB.server.time_zone
    found = listing(request.now, zone)
    page = {"list": found, "tab_badge": silences_badge(found.now.active), **_form_values(form)}
    return render(request, "silences/silences.html", page, status=status)


def _missing(sentence: str) -> Trouble:
    return Trouble(
        HTTPStatus.NOT_FOUND, "There is no such silence", f"{sentence}.", "Nothing was changed.", "Go to the silences."
    )
