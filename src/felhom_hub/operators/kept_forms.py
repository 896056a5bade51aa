"""What was typed into a form whose sign-in had ended meanwhile: carried through the sign-in and back to the form.

The pages on the way carry the entries as hidden fields, so nothing has to be remembered here. A room says which fields
of a form come back (`register_kept_form`); secrets are left out and only named, for no page may hold one. Nothing is
stored on the way: the form comes back filled, and its own button saves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import Resolver404, resolve

# Marks a form that comes back, among its fields; the names of the secrets that it lost follow it.
RETURNED = "returned"
LOST = "lost_secrets"
_MOST_CHARACTERS = 100_000  # overrides may have 16,384, and nothing else in a form is long
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class KeptForm:
    """Which of a form's fields come back, and which are only named."""

    fields: frozenset[str]
    secrets: frozenset[str]


@dataclass(frozen=True)
class Entries:
    """What was typed: the form's path, name and value of each field, and the names of secrets that were left out."""

    path: str
    fields: list[tuple[str, str]]


_FORMS: dict[str, KeptForm] = {}


def register_kept_form(url_name: str, *, fields: Collection[str], secrets: Collection[str]) -> None:
    """The form that is sent to the route of that name comes back after a sign-in."""
    _FORMS[url_name] = KeptForm(frozenset(fields), frozenset(secrets))


def entries_of(request: HttpRequest, path: str) -> Entries | None:
    """What the request brings for the form at the path; None where there is nothing to bring back.

    Whoever asks has made sure that one of the hub's own pages sent it: a foreign one would fill the form in.
    """
    kept = _form_at(path) if request.method == "POST" and request.content_type == _FORM else None
    if kept is None:
        return None
    typed = [(name, str(value)) for name, value in request.POST.items() if value]
    fields = [(name, value) for name, value in typed if name in kept.fields]
    named = [name for name, _ in typed if name in kept.secrets]
    named += [name for name in request.POST.get(LOST, "").split() if name in kept.secrets]
    if not fields or sum(len(value) for _, value in fields) > _MOST_CHARACTERS:
        return None
    return Entries(path, [*fields, (LOST, " ".join(sorted(set(named))))])


def lost_secrets(form: Mapping[str, str]) -> list[str]:
    """The names of the secrets that a form which has come back must ask for again."""
    return form.get(LOST, "").split()


def _form_at(path: str) -> KeptForm | None:
    try:
        return _FORMS.get(resolve(path).url_name or "")
    except Resolver404:
        return None
