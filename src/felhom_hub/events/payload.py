"""Reads an event: document → `EventFacts`; refuses only what has no customer or an impossible type. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from felhom_hub.base.errors import BadRequest, Impossible
from felhom_hub.base.tolerant import as_sent, as_text
from felhom_hub.events.catalogue import (
    CATALOGUE,
    SEVERITIES,
    TYPE_FORM,
    Severity,
    default_severity_of,
    is_of_the_hub,
)

_MESSAGE, _SOURCE = 4000, 64


@dataclass(frozen=True)
class EventFacts:
    """One event as it will be stored."""

    customer_id: str
    event_type: str
    severity: Severity
    message: str
    details_json: str
    source: str


def read_event(
    document: Mapping[str, Any], *, customer_id: str, strict_types: bool, default_type: str = ""
) -> EventFacts:
    """The facts of an event from a controller.

    Raises BadRequest without an event_type, unless there is a default one; Impossible for a type that breaks the form
    or belongs to the hub, an uncatalogued type where `strict_types` holds, or a severity that there is not.
    """
    # Go writes a member that was not set as an empty text.
    event_type = default_type if default_type and document.get("event_type") in (None, "") else ""
    event_type = event_type or _event_type(document, strict_types=strict_types, taken=default_type)
    return EventFacts(
        customer_id=customer_id,
        event_type=event_type,
        severity=_severity(document.get("severity"), default_severity_of(event_type)),
        message=_message(document.get("message")),
        details_json=_details(document),
        source=as_text(document.get("source"), _SOURCE) or "controller",
    )


def _event_type(document: Mapping[str, Any], *, strict_types: bool, taken: str) -> str:
    """The type that is named; `taken` is taken although it is in no catalogue."""
    event_type = document.get("event_type")
    if event_type is None:
        raise BadRequest("event_type is missing")
    if not isinstance(event_type, str) or not TYPE_FORM.fullmatch(event_type):
        raise Impossible("event_type must be 3 to 64 lower-case letters, digits and underscores, a letter first")
    if is_of_the_hub(event_type):
        raise Impossible(f"event_type {event_type} is the hub's own and not taken from a controller")
    if strict_types and event_type not in CATALOGUE and event_type != taken:
        raise Impossible(f"event_type {event_type} is not in the catalogue, and api.strict_event_types is on")
    return event_type


def _severity(value: object, default: Severity) -> Severity:
    if value is None or value == "":
        return default
    for severity in SEVERITIES:
        if value == severity:
            return severity
    raise Impossible("severity must be info, warning or error")


def _message(value: object) -> str:
    """The sentence; something else than text is kept as JSON rather than lost."""
    if value is None or isinstance(value, str):
        return as_text(value, _MESSAGE) or ""
    return json.dumps(value)[:_MESSAGE]


def _details(document: Mapping[str, Any]) -> str:
    """The details as JSON text: sent as an object, under either name, or as text that is kept as it is."""
    text = as_sent(document.get("details_json"), 256 * 1024)
    if text is not None:
        return text
    details = document.get("details")
    if details is None:
        details = document.get("details_json")
    if details is None or (isinstance(details, str) and not details.strip()):
        return ""
    # Lone surrogates leave as \\u escapes, NULs as well: both databases store ASCII.
    return json.dumps(details, ensure_ascii=True)
