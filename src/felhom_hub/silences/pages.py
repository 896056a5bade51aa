"""`/silences`: those that hold, come and are over, and the form of a new one."""

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
from felhom_hub.silences.enter import Typed, read_silence
from felhom_hub.silences.form import Form, form_of, new_form
from felhom_hub.silences.listing import listing
from felhom_hub.silences.record import end_silence, make_silence
from felhom_hub.silences.recurrence import next_windows
from felhom_hub.silences.words import window_words

_PATH = "/silences"
_SHOWN_WINDOWS = 3
_A_MOMENT = timedelta(seconds=1)  # so that one which begins now is among them
_MADE = register_toast("silence_made", "The silence is made.")
_ENDED = register_toast("silence_ended", "The silence is ended.")


@require_http_methods(["GET", "HEAD", "POST"])
def show_silences(request: OperatorRequest) -> HttpResponse:
    """The lists and the form; a POST makes a silence, or with `check` shows its next windows only."""
    if request.method != "POST":
        return _page(request, new_form(request.GET.dict(), request.GET.getlist("type")))
    zone = settings.HUB.server.time_zone
    texts = {name: str(value) for name, value in request.POST.items()}
    typed = Typed(texts, request.POST.getlist("event_types"), request.POST.getlist("weekdays"))
    read = read_silence(typed, now=request.now, zone=zone)
    if read.entered is None:
        return _page(request, form_of(typed, problems=read.problems), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    schedule = read.entered.schedule
    if "check" in texts:
        windows = next_windows(schedule, request.now - _A_MOMENT, zone, count=_SHOWN_WINDOWS)
        return _page(request, form_of(typed, schedule=schedule, windows=windows))
    number = make_silence(read.entered, now=request.now, by=operator_at(request.client.address))
    response = HttpResponseRedirect(f"{_PATH}#s-{number}", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _MADE, subject=str(number))


@require_POST
def end(request: OperatorRequest, number: int) -> HttpResponse:
    """The silence holds no more; what it held back and still stands is told within a minute."""
    try:
        end_silence(number, now=request.now, by=operator_at(request.client.address))
    except NotFound as error:
        return trouble_page(request, _missing(error.sentence))
    response = HttpResponseRedirect(_PATH, status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _ENDED, subject=str(number))


def _page(request: OperatorRequest, form: Form, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    zone = settings.HUB.server.time_zone
    windows = [(window_words(window, zone), length, is_odd) for window, length, is_odd in form.windows]
    page = {"list": listing(request.now, zone), "form": form, "windows": windows, "zone_name": zone_words(zone)}
    return render(request, "silences/silences.html", page, status=status)


def _missing(sentence: str) -> Trouble:
    return Trouble(
        HTTPStatus.NOT_FOUND, "There is no such silence", f"{sentence}.", "Nothing was changed.", "Go to the silences."
    )
