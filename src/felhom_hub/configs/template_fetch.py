"""Fetches `controller.yaml.example` over HTTP, again only when it has changed.

The registry's credentials go along where the template lies on the registry's own server, and nowhere else; redirects
are not followed.
"""

from dataclasses import dataclass, field

from felhom_hub.base.known_hosts import basic, get, header_of, is_same_place
from felhom_hub.base.outbound import Answer, OutboundError
from felhom_hub.base.targets import Target, TargetError, target_of
from felhom_hub.controllers.registry import Account, RegistryError, place_of

MAX_BYTES = 256 * 1024
_LONGEST_TAG = 200
_OK, _NOT_MODIFIED, _NOT_FOUND = 200, 304, 404
_MOVED, _REFUSED = {301, 302, 303, 307, 308}, {401, 403}


class FetchError(Exception):
    """There is no template; the text is a plain sentence for the operator, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what the server tells whether the template has changed; empty is none."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The template as it lies there, not looked at yet."""

    text: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class Source:
    """Where the template is, and which registry the credentials are for."""

    url: str
    image: str = ""
    account: Account = field(default_factory=Account)


def fetch_template(source: Source, known: Marks) -> Fetched | None:
    """The template, or None where it is still the one with the known marks. Raises FetchError."""
    try:
        target = target_of(source.url)
    except TargetError as error:
        raise FetchError(f"registry.template_url cannot be asked: {error}.") from None
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    headers = {name: value for name, value in asked.items() if value} | _signed(target, source)
    try:
        answer = get(target, "", headers)
    except OutboundError as error:
        raise FetchError(error.sentence) from None
    if answer.status == _NOT_MODIFIED and known != Marks():
        return None
    return Fetched(_text_in(answer, target), Marks(_mark(answer, "ETag"), _mark(answer, "Last-Modified")))


def _signed(target: Target, source: Source) -> dict[str, str]:
    """The registry's credentials, for the registry's own server."""
    if not source.image or not source.account.token:
        return {}
    try:
        registry, _ = place_of(source.image)
    except RegistryError:
        return {}
    account = source.account
    return {"Authorization": basic(account.username, account.token)} if is_same_place(target, registry) else {}


def _text_in(answer: Answer, target: Target) -> str:
    if answer.status in _MOVED:
        raise FetchError(
            f"{target.place} leads to another address ({answer.status}), which is not followed; "
            "write that one into registry.template_url."
        )
    if answer.status in _REFUSED:
        raise FetchError(f"{target.place} refuses to give the template ({answer.status}).")
    if answer.status == _NOT_FOUND:
        raise FetchError(f"{target.place} has no template at that address (404).")
    if answer.status != _OK:
        raise FetchError(f"{target.place} answered {answer.status} in place of the template.")
    if len(answer.body) > MAX_BYTES:
        raise FetchError(f"What {target.place} gives is larger than {MAX_BYTES // 1024} KiB.")
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FetchError(f"What {target.place} gives is no text in UTF-8.") from None
    if "\0" in text:
        raise FetchError(f"What {target.place} gives is no text.")
    if not text.strip():
        raise FetchError(f"What {target.place} gives is empty.")
    return text.replace("\r\n", "\n")


def _mark(answer: Answer, name: str) -> str:
    value = header_of(answer, name)
    return value if len(value) <= _LONGEST_TAG and value.isascii() and value.isprintable() else ""
