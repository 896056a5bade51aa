"""`/assets`: the logos and screenshots that controllers download, with upload, deletion and the refresh."""

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

import structlog
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from felhom_hub.assets.change import delete_asset, refresh_assets, restore_asset, upload_asset
from felhom_hub.assets.names import MAX_NAME_LENGTH, NAMES_IN_WORDS
from felhom_hub.assets.queries import asset_facts
from felhom_hub.assets.sniff import MAX_UPLOAD_BYTES
from felhom_hub.base.errors import ApiError, Impossible
from felhom_hub.base.pages import Trouble, trouble_page
from felhom_hub.base.toasts import ToastKind, register_toast, show_toast
from felhom_hub.operators.access import OperatorRequest
from felhom_hub.operators.audit import Actor, operator_at

_PATH = "/assets"
_UPLOADED = register_toast("asset_uploaded", "{name}")
_DELETED = register_toast("asset_deleted", "{name} is deleted.", undo_path="/assets/{id}/restore")
_RESTORED = register_toast("asset_restored", "{name} is there again.")
_REFRESHED = register_toast("assets_refreshed", "{name}")

log = structlog.get_logger(__name__)


class Change(Protocol):
    """What is done to one asset of the directory; raises ApiError and OSError."""

    def __call__(self, directory: Path, filename: str, *, now: datetime, by: Actor) -> None: ...


@require_http_methods(["GET", "HEAD", "POST"])
def show_assets(request: OperatorRequest) -> HttpResponse:
    """The list and the form; a POST uploads a file under its own name."""
    if request.method != "POST":
        return _page(request)
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        return _page(request, problem="Choose a file.")
    filename = sent.name
    try:
        # One byte more than is taken tells that it is too large, without holding all of it twice.
        content = sent.read(MAX_UPLOAD_BYTES + 1)
        by = operator_at(request.client.address)
        done = upload_asset(settings.HUB.assets.dir, filename, content, now=request.now, by=by)
    except Impossible as error:
        return _page(request, problem=error.sentence, filename=filename[:MAX_NAME_LENGTH])
    except OSError as error:
        return _not_written(request, error)
    return show_toast(_back(), _UPLOADED, subject=filename, name=f"{filename} is {done}.")


@require_POST
def delete(request: OperatorRequest, name: str) -> HttpResponse:
    """The asset is deleted; the toast brings it back."""
    return _changed(request, name, delete_asset, _DELETED)


@require_POST
def restore(request: OperatorRequest, name: str) -> HttpResponse:
    """The asset that was deleted is there again."""
    return _changed(request, name, restore_asset, _RESTORED)


@require_POST
def refresh(request: OperatorRequest) -> HttpResponse:
    """The store has what the image has; the toast says what changed."""
    assets = settings.HUB.assets
    done = refresh_assets(assets.seed_dir, assets.dir, now=request.now, by=operator_at(request.client.address))
    if done.trouble:
        log.error("assets_not_seeded", reason=done.trouble, done=done.words)
        return trouble_page(request, _not_refreshed(done.trouble, done.words))
    response = HttpResponseRedirect("/configuration#assets", status=HTTPStatus.SEE_OTHER)
    return show_toast(response, _REFRESHED, subject="assets", name=f"Compared with the image: {done.words}.")


def _page(request: OperatorRequest, *, problem: str = "", filename: str = "") -> HttpResponse:
    assets = settings.HUB.assets
    facts = asset_facts(assets.dir, assets.seed_dir)
    page = {
        "facts": facts,
        "problem": problem,
        "filename": filename,
        "names": NAMES_IN_WORDS,
        "limit_mib": MAX_UPLOAD_BYTES // 1024**2,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "assets/assets.html", page, status=status)


def _changed(request: OperatorRequest, name: str, change: Change, toast: ToastKind) -> HttpResponse:
    """The change of one asset is made, and the list says so; or a page says why it is not."""
    try:
        change(settings.HUB.assets.dir, name, now=request.now, by=operator_at(request.client.address))
    except ApiError as error:
        return trouble_page(request, _missing(error))
    except OSError as error:
        return _not_written(request, error)
    return show_toast(_back(), toast, subject=name)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(_PATH, status=HTTPStatus.SEE_OTHER)


def _missing(error: ApiError) -> Trouble:
    status = HTTPStatus(error.status)
    sentence = f"{error.sentence}."
    return Trouble(status, "There is no such asset", sentence, "Nothing was changed.", "Go to the assets.")


def _not_written(request: OperatorRequest, error: OSError) -> HttpResponse:
    log.error("asset_cannot_be_written", reason=str(error))
    trouble = Trouble(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "This was not stored",
        f"The assets’ directory {settings.HUB.assets.dir} cannot be written: {error.strerror}.",
        "Nothing was changed. Controllers go on downloading what is there.",
        "Look at that directory and its disk, then try again.",
    )
    return trouble_page(request, trouble)


def _not_refreshed(reason: str, words: str) -> Trouble:
    return Trouble(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The assets are not refreshed",
        f"{reason[:1].upper()}{reason[1:]}.",
        f"What was done before that holds: {words}. Every file is whole.",
        "Look at that directory and its disk, then try again.",
    )
