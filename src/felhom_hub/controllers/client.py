"""What the hub asks of a controller (contract 8): its live configuration, to apply another, to update itself.

Whom it may ask is decided before, by `target_for` in queries.py; a `TrustedTarget` cannot be had otherwise.
"""

import re
from dataclasses import dataclass

from django.conf import settings

from felhom_hub.base.outbound import AddressRefused, Answer, OutboundError, Policy, Request, call
from felhom_hub.controllers.hosts import TrustedTarget

SHOWN_BYTES = 2048  # of an answer (contract 8)
_KEY = re.compile(r"[!-~]+")
# What was sent and comes back in an answer is not shown: any piece of it that is long enough to be a secret,
# but for the names of keys, which tell the operator what is wrong.
_SECRET = re.compile(rb"[^\s\"':,\[\]{}]{12,}+(?![\"']?\s*:)")
_MASK = b"[masked]"
_REDIRECTS = {301, 302, 303, 307, 308}


class CallFailed(Exception):
    """The controller did not do it; the text is a plain sentence for the operator.

    `status` and `said` are of its answer, `said` shortened and without secrets; 0 and empty where there was none.
    `is_uncertain` where it may have been done all the same.
    """

    def __init__(self, sentence: str, *, status: int = 0, said: str = "", is_uncertain: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.said = said
        self.is_uncertain = is_uncertain


@dataclass(frozen=True, slots=True)
class Done:
    """The controller has answered 2xx; `said` is the answer, shortened and without secrets."""

    status: int
    said: str


@dataclass(frozen=True, slots=True)
class LiveConfig:
    """The configuration as the controller has it, byte for byte. It holds secrets."""

    yaml: bytes


def apply_config(target: TrustedTarget, key: str, yaml: bytes) -> Done:
    """The controller has taken the configuration. Raises CallFailed."""
    headers = {"Content-Type": "application/x-yaml; charset=utf-8"}
    answer = _asked(target, key, "POST", "/api/config/apply", headers=headers, body=yaml)
    return Done(answer.status, _shown(answer.body, key, yaml))


def read_config(target: TrustedTarget, key: str) -> LiveConfig:
    """The live configuration. Raises CallFailed."""
    return LiveConfig(_asked(target, key, "GET", "/api/config", headers={}).body)


def start_update(target: TrustedTarget, key: str) -> Done:
    """The controller has begun to update itself. Raises CallFailed."""
    headers = {"Content-Type": "application/json"}
    answer = _asked(target, key, "POST", "/api/selfupdate/update", headers=headers, body=b"{}")
    return Done(answer.status, _shown(answer.body, key))


def _asked(
    target: TrustedTarget, key: str, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None
) -> Answer:
    """An answer with 2xx."""
    if not _KEY.fullmatch(key):
        raise CallFailed("There is no key for this controller, so it was not called.")
    request = Request(method, path, {**headers, "Authorization": f"Bearer {key}"}, body)
    options = settings.HUB.controllers
    try:
        answer = call(target, request, Policy(options.allowed_networks, options.allow_http))
    except AddressRefused as error:
        way_out = "If it is right, list its network in controllers.allowed_networks."
        raise CallFailed(f"{error.sentence} {way_out}") from None
    except OutboundError as error:
        rest = " Whether it was done is not known." if error.is_uncertain and method != "GET" else ""
        raise CallFailed(f"{error.sentence}{rest}", is_uncertain=bool(rest)) from None
    if 200 <= answer.status < 300:  # noqa: PLR2004 - success
        return answer
    sentence = f"{target.place} answered {answer.status}"
    if answer.status in _REDIRECTS:
        sentence += ", a redirect, which the hub does not follow"
    raise CallFailed(f"{sentence}.", status=answer.status, said=_shown(answer.body, key, body or b""))


def _shown(answer: bytes, key: str, sent: bytes = b"") -> str:
    """The answer's first 2 KB in one line, with what was sent masked before it is cut, so that no half is left."""
    secrets = {key.encode(), *_SECRET.findall(sent)}
    for secret in sorted(secrets, key=len, reverse=True):
        answer = answer.replace(secret, _MASK)
    text = answer[:SHOWN_BYTES].decode("utf-8", "replace")
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
