"""The page `/api`: what openapi.json says, for people, by who may ask what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from felhom_hub.project.openapi.curl import EXAMPLE_URL, curl_of
from felhom_hub.project.openapi.document import OPERATIONS, SCHEMAS, refusals_of, size_of
from felhom_hub.project.openapi.operation import Operation, Security
from felhom_hub.project.openapi.shapes import Member, choices_of, members_of

# The groups in the order of the page, each with what opens its endpoints.
_GROUPS: tuple[tuple[str, str, tuple[Security, ...]], ...] = (
    ("Anybody", "No key is needed.", ("public",)),
    (
        "Customer’s own key or global key",
        "A customer’s own key sends and reads for that customer alone; with another customer’s id the answer is 403.",
        ("key",),
    ),
    ("Customer’s own key", "The global key does not open these: it is in many boxes.", ("own key",)),
    ("Global key", "A customer’s own key does not open these.", ("key or loopback",)),
    ("Retrieval password", "A key does not open these; the customer’s retrieval password does.", ("passphrase",)),
    ("Resend", "Opened by Resend’s signature over the body, which is no older than 5 minutes.", ("signature",)),
)


@dataclass(frozen=True)
class Parameter:
    """One row of the table of parameters."""

    name: str
    place: str
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Endpoint:
    """One operation, in texts that are ready to be printed."""

    operation: Operation
    parameters: tuple[Parameter, ...]
    limit: str  # of the body; empty without one
    body: str
    curl: str
    answer: str
    kinds: tuple[str, ...]  # content types of the answer
    refusals: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Group:
    """The endpoints that the same callers may ask."""

    title: str
    text: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True)
class Shape:
    """One schema with its members."""

    name: str
    text: str
    members: tuple[Member, ...]


@require_safe
def show_api(request: HttpRequest) -> HttpResponse:
    """The whole reference; `?show=all` has nothing folded, for the browser's own search and for paper."""
    context = {
        "groups": groups_of(settings.HUB.server.public_url or EXAMPLE_URL),
        "shapes": _shapes(),
        "count": len(OPERATIONS),
        "is_open": request.GET.get("show") == "all",
    }
    return render(request, "fleet/api.html", context)


@lru_cache(maxsize=1)
def groups_of(server_url: str) -> tuple[Group, ...]:
    """Every operation once, with commands that ask the hub at that address."""
    return tuple(
        Group(title, text, tuple(_endpoint(each, server_url) for each in OPERATIONS if each.security in opened))
        for title, text, opened in _GROUPS
    )


def _endpoint(operation: Operation, server_url: str) -> Endpoint:
    body, answer = operation.body, operation.answer
    return Endpoint(
        operation=operation,
        parameters=tuple(
            Parameter(each.name, each.place, each.text, choices_of(each.schema)) for each in operation.parameters
        ),
        limit=size_of(body.limit_bytes) if body else "",
        body=_printed(body.example) if body else "",
        curl=curl_of(operation, server_url),
        answer=_printed(answer.example),
        kinds=(answer.content_type, *answer.other_types),
        refusals=tuple((status, HTTPStatus(status).phrase, when) for status, when in refusals_of(operation).items()),
    )


def _printed(example: Mapping[str, Any] | str) -> str:
    return example.rstrip("\n") if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)


@lru_cache(maxsize=1)
def _shapes() -> tuple[Shape, ...]:
    return tuple(Shape(name, schema["description"], tuple(members_of(schema))) for name, schema in SCHEMAS.items())
