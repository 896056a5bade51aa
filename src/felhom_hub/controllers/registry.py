"""Asks an OCI registry for an image's tags, with the operator's credentials, which go to that registry alone.

The registry is asked without credentials first; what it wants is in its refusal (OCI distribution 1.1, "Listing Tags";
Docker's token authentication). Neither a sign-in at another host nor a next page there gets anything of theirs.
"""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from felhom_hub.base.known_hosts import basic, get, header_of, is_same_place
from felhom_hub.base.outbound import Answer, OutboundError
from felhom_hub.base.targets import Target, TargetError, target_of

PAGE_TAGS = 200
MAX_PAGES = 100
_LONGEST_TAG = 128  # OCI distribution 1.1
_LONGEST_TOKEN = 16_384
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 401, 403, 404
_PARAMETER = re.compile(r'([a-zA-Z]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))')
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


class RegistryError(Exception):
    """The tags are not known; the text is a plain sentence for the operator, and holds no secret."""


@dataclass(frozen=True)
class Account:
    """Who signs in; without a token nobody does."""

    username: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class _Challenge:
    """What the registry wants to see: `scheme` is basic or bearer."""

    scheme: str
    realm: str = ""
    service: str = ""
    scope: str = ""


def tags_of(image: str, account: Account) -> list[str]:
    """The image's tags as the registry writes them, all pages. Raises RegistryError."""
    registry, name = place_of(image)
    try:
        return _listed(registry, name, account)
    except OutboundError as error:
        raise RegistryError(error.sentence) from None


def place_of(image: str) -> tuple[Target, str]:
    """The registry and the repository's name there; one on this machine is asked over http. Raises RegistryError."""
    host, _, name = image.partition("/")
    scheme = "http" if re.fullmatch(r"(localhost|127\.\d+\.\d+\.\d+)(:\d+)?", host, re.ASCII) else "https"
    try:
        return target_of(f"{scheme}://{host}"), name
    except TargetError as error:
        raise RegistryError(f"The registry of registry.image cannot be asked: {error}.") from None


def _listed(registry: Target, name: str, account: Account) -> list[str]:
    tags: list[str] = []
    authorization = ""
    path = f"/v2/{name}/tags/list?n={PAGE_TAGS}"
    for _ in range(MAX_PAGES):
        answer = get(registry, path, {"Authorization": authorization} if authorization else {})
        if answer.status == _UNAUTHORIZED and not authorization:
            authorization = _authorization(registry, name, account, header_of(answer, "WWW-Authenticate"))
            answer = get(registry, path, {"Authorization": authorization})
        tags += _tags_in(answer, registry, name)
        following = _following(answer, registry, path)
        if not following:
            return tags
        path = following
    raise RegistryError(f"{registry.place} lists more than {MAX_PAGES} pages of tags.")


def _tags_in(answer: Answer, registry: Target, name: str) -> list[str]:
    if answer.status in {_UNAUTHORIZED, _FORBIDDEN}:
        raise RegistryError(
            f"{registry.place} refuses to list the tags of {name} ({answer.status}); "
            "look at registry.username and registry.token."
        )
    if answer.status == _NOT_FOUND:
        raise RegistryError(f"{registry.place} knows no image {name}.")
    if answer.status != _OK:
        raise RegistryError(f"{registry.place} answered {answer.status} in place of the tags of {name}.")
    tags = _object_in(answer).get("tags")
    if tags is None:  # how some write that there is none
        return []
    if not isinstance(tags, list):
        raise RegistryError(f"{registry.place} answered what is no list of tags.")
    return [tag for tag in tags if isinstance(tag, str) and len(tag) <= _LONGEST_TAG]


def _following(answer: Answer, registry: Target, path: str) -> str:
    """The path of the next page, empty on the last."""
    link = _NEXT.search(header_of(answer, "Link"))
    if link is None:
        return ""
    base = f"{registry.scheme}://{registry.place}"
    is_there, following = False, ""
    try:
        parts = urlsplit(urljoin(base + path, link[1]))
        following = f"{parts.path}?{parts.query}" if parts.query else parts.path
        is_there = is_same_place(target_of(f"{parts.scheme}://{parts.netloc}"), registry)
    except (TargetError, ValueError):
        pass
    if not is_there:
        raise RegistryError(f"{registry.place} has its next page of tags at another host, which is not asked.")
    return following


def _authorization(registry: Target, name: str, account: Account, header: str) -> str:
    """The value of the header with which the registry is asked again."""
    challenge = _challenge_in(header)
    if challenge.scheme == "basic":
        if not account.token:
            raise RegistryError(f"{registry.place} wants a sign-in; set registry.username and registry.token.")
        return basic(account.username, account.token)
    if challenge.scheme != "bearer":
        raise RegistryError(f"{registry.place} wants a sign-in of a kind that the hub does not know.")
    return f"Bearer {_token(registry, name, account, challenge)}"


def _token(registry: Target, name: str, account: Account, challenge: _Challenge) -> str:
    """A token of the registry's own sign-in, or of another host's without the operator's credentials."""
    try:
        realm = urlsplit(challenge.realm)
        target = target_of(f"{realm.scheme}://{realm.netloc}{realm.path}")
    except (TargetError, ValueError):
        raise RegistryError(f"{registry.place} names a sign-in that cannot be asked.") from None
    is_own = is_same_place(target, registry)
    query = {"service": challenge.service, "scope": challenge.scope or f"repository:{name}:pull"}
    asked = {key: value for key, value in query.items() if value}
    separator = f"?{realm.query}&" if realm.query else "?"
    headers = {"Authorization": basic(account.username, account.token)} if is_own and account.token else {}
    answer = get(target, separator + urlencode(asked), headers)
    if answer.status != _OK:
        hint = "" if is_own or not account.token else ", and credentials go to the registry's own host only"
        raise RegistryError(f"The sign-in of {registry.place} at {target.place} answered {answer.status}{hint}.")
    found = _object_in(answer)
    token = found.get("token") or found.get("access_token")
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN or not re.fullmatch(r"[!-~]+", token):
        raise RegistryError(f"The sign-in of {registry.place} at {target.place} gave no token.")
    return token


def _challenge_in(header: str) -> _Challenge:
    scheme, _, rest = header.strip().partition(" ")
    values = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
    return _Challenge(scheme.lower(), values.get("realm", ""), values.get("service", ""), values.get("scope", ""))


def _object_in(answer: Answer) -> dict[str, object]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RegistryError("The registry answered what is not JSON.")
    return found
