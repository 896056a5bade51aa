"""`/notifications`: the log of messages, the channels with their tests, and the proof of the alarm path."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from felhom_hub.base.errors import ApiError
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.paths import local_path
from felhom_hub.base.toasts import register_toast, show_toast
from felhom_hub.notify.again import send_again
from felhom_hub.notify.channel_list import channel_rows
from felhom_hub.notify.chips import chips_of, finding_of
from felhom_hub.notify.heartbeat import heartbeat_now
from felhom_hub.notify.message_log import PERIODS, View, counts_of, messages_page, view_of
from felhom_hub.notify.proof import next_proof_at, proof_of, prove_now
from felhom_hub.notify.trial import trial_of, try_channel, wait_for
from felhom_hub.notify.wording import line_of, lines_by_day
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import operator_at

_PATH = "/notifications"
_PERIOD_LABELS = {"24h": "24 h", "7d": "7 d", "90d": "90 d"}
_QUEUED_AGAIN = register_toast("message_queued_again", "The message is on its way again.")


@require_safe
def show_log(request: OperatorRequest) -> HttpResponse:
    """The messages of the address's view, newest first, by day; `?tested=` names a test message just asked for."""
    view = view_of(request.GET.dict())
    now, zone = request.now, settings.HUB.server.time_zone
    messages, following = messages_page(view, now=now)
    counts = counts_of(view, now=now)
    trial = trial_of(request.GET.get("tested", ""))
    page = {
        "view": view,
        "finding": finding_of(view, counts),
        "days": lines_by_day(messages, now=now, zone=zone),
        "shown": len(messages),
        "chips": chips_of(view, counts),
        "periods": [(_PERIOD_LABELS[name], view.path(period=name), name == view.period) for name in PERIODS],
        "older": view.older_path(following) if following else "",
        "cleared": View(period=view.period).own_path,
        "without_customer": view.path(customer="", result=""),
        "channels": channel_rows(now=now),
        "proof": proof_of(now=now),
        "next_proof_at": next_proof_at(),
        "heartbeat": heartbeat_now(),
        "operator_is_told": settings.HUB.notifications.operator_enabled,
        "trial": line_of(trial, now=now, zone=zone) if trial else None,
    }
    return render(request, "notify/notifications.html", page)


@require_POST
def repeat_message(request: OperatorRequest, number: int) -> HttpResponse:
    """The failed message is on its way again, as a new one."""
    try:
        again = send_again(number, now=request.now, by=operator_at(request.client.address))
    except ApiError as error:
        return trouble_page(request, _refused(error))
    wait_for([again], now=request.now)
    back = local_path(request.POST.get("next", ""), _PATH)
    response = HttpResponseRedirect(back, status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _QUEUED_AGAIN, subject=str(again))


@require_POST
def send_test(request: OperatorRequest, kind: str) -> HttpResponse:
    """A test message has gone out, or is on its way; the page says what the provider answered."""
    try:
        trial = try_channel(kind, now=request.now, by=operator_at(request.client.address))
    except ApiError as error:
        return trouble_page(request, _refused(error))
    wait_for([trial], now=request.now)
    return HttpResponseRedirect(f"{_PATH}?{urlencode({'tested': trial})}#channels", status=HTTPStatus.SEE_OTHER)


@require_POST
def prove(request: OperatorRequest) -> HttpResponse:
    """The made-up alarm of every day has gone out now, or is on its way; the page says how it went."""
    messages = prove_now(now=request.now, by=operator_at(request.client.address))
    if messages:
        wait_for(messages, now=request.now)
    return HttpResponseRedirect(f"{_PATH}#proof", status=HTTPStatus.SEE_OTHER)


def _refused(error: ApiError) -> Trouble:
    return Trouble(
        HTTPStatus(error.status),
        "Nothing was sent",
        f"{error.sentence}.",
        "Nothing was changed.",
        "Go back to the notifications.",
    )
