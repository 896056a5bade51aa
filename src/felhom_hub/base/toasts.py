"""The note that says once, on the next page, that something worked; it may offer to undo it.

A toast travels in a cookie of its own from the answer to a POST to the page that the browser goes on to. The cookie
names a kind that a room registered, an id, and what undoing needs to know: whoever could plant one can choose between
our own sentences, no more. The name of something that is gone by then travels sealed, so that it is ours as well.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from felhom_hub.base.secrets import SecretsError, open_text, seal

TOAST_COOKIE = "hub_toast"
# The script takes the cookie away when it shows the toast; without scripts it is gone before a second page.
TOAST_COOKIE_SECONDS = 8

_VALUE = re.compile(
    r"([a-z_]{1,40}):([A-Za-z0-9._-]{1,128})(?::([0-9]{1,20}))?(?:~([A-Za-z0-9:._-]{1,2000}))?", re.ASCII
)


@dataclass(frozen=True)
class ToastKind:
    """`sentence` holds `{name}`, `undo_path` `{id}` and `{before}`; an empty path offers nothing.

    `name_of` tells the name of an id, as it is when the toast is shown.
    """

    name: str
    sentence: str
    undo_path: str = ""
    name_of: Callable[[str], str] = str


@dataclass(frozen=True)
class Toast:
    """What the page shows."""

    sentence: str
    undo_path: str


_KINDS: dict[str, ToastKind] = {}


def register_toast(name: str, sentence: str, *, undo_path: str = "", name_of: Callable[[str], str] = str) -> ToastKind:
    """A kind of toast; `undo_path` takes a POST that restores what was before."""
    kind = _KINDS[name] = ToastKind(name, sentence, undo_path, name_of)
    return kind


def show_toast(
    response: HttpResponse, kind: ToastKind, *, subject: str, before: int | None = None, name: str = ""
) -> HttpResponse:
    """The page after `response` says that it worked for `subject`, an id; `before` is a number that undoing needs.

    A `name` is for what cannot be asked for its name any more.
    """
    value = f"{kind.name}:{subject}" if before is None else f"{kind.name}:{subject}:{before}"
    if name:
        value += f"~{seal(name, purpose=_purpose(kind.name, subject))}"
    # Not HttpOnly: base/scripts/toasts.js removes it.
    response.set_cookie(TOAST_COOKIE, value, max_age=TOAST_COOKIE_SECONDS, samesite="Lax")
    return response


def toast_of(request: HttpRequest) -> Toast | None:
    """The toast that the request's cookie names, if it is one of ours."""
    found = _VALUE.fullmatch(request.COOKIES.get(TOAST_COOKIE, ""))
    kind = _KINDS.get(found[1]) if found else None
    if found is None or kind is None:
        return None
    try:
        name = open_text(found[4], purpose=_purpose(kind.name, found[2])) if found[4] else kind.name_of(found[2])
    except SecretsError:
        return None
    return Toast(kind.sentence.format(name=name), kind.undo_path.format(id=found[2], before=found[3] or ""))


def _purpose(kind: str, subject: str) -> str:
    return f"toast:{kind}:{subject}"
