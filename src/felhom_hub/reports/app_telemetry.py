"""Reads a report's `app_telemetry`: entries of whatever shape → `AppFacts`, tolerant of the aliases. Pure.

`PATHS` is the one table of where a fact may stand; a new alias is one more name in it. The intake does not come here:
what the apps use is read from the stored report, by the room `telemetry`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec.structs import astuple

from felhom_hub.base.tolerant import LARGEST_NUMBER, as_count, as_instant, as_items, as_number, as_text
from felhom_hub.customers.identity import read_object

Read = TypeVar("Read")

MAX_APPS = 200  # of one report; more than any box can run
MAX_ISSUES = 10  # of one container (contract 2)
MAX_ISSUES_OF_REPORT = 1000  # each is a row, and the containers' names are the sender's
NAME_LENGTH = 200
_FINGERPRINT, _MESSAGE, _SEVERITY = 128, 1000, 16

PATHS: dict[str, tuple[str, ...]] = {
    "app_name": ("app_name", "name", "app"),
    "display_name": ("display_name", "title"),
    "memory_current_mb": ("memory_current_mb", "mem_current_mb", "memory_mb"),
    "memory_avg_mb": ("memory_avg_mb", "mem_avg_mb"),
    "memory_peak_mb": ("memory_peak_mb", "mem_peak_mb"),
    "cpu_avg_percent": ("cpu_avg_percent", "cpu_percent"),
    "memory_request_mb": ("catalog_memory_request_mb", "catalog_mem_request_mb", "mem_request"),
    "memory_limit_mb": ("catalog_memory_limit_mb", "catalog_mem_limit_mb", "mem_limit"),
    "log_errors_24h": ("log_errors_24h", "log_error_count", "error_count"),
    "log_warnings_24h": ("log_warnings_24h", "log_warning_count", "warning_count"),
    "issues": ("top_issues", "recent_issues", "issues"),
    # Of one issue:
    "fingerprint": ("fingerprint", "hash"),
    "message": ("message", "text"),
    "severity": ("severity", "level"),
    "container_name": ("container_name", "container"),
    "count": ("count", "occurrences"),
    "first_seen_at": ("first_seen", "first_seen_at"),
    "last_seen_at": ("last_seen", "last_seen_at"),
}
_LONG_NUMBER = re.compile(r"\d{6,}", re.ASCII)  # contract 2

_NUMBERS = tuple(
    (fact, PATHS[fact][0])
    for fact in (
        "memory_current_mb", "memory_avg_mb", "memory_peak_mb", "cpu_avg_percent", "memory_request_mb",
        "memory_limit_mb", "log_errors_24h", "log_warnings_24h",
    )
)  # fmt: skip
_CANONICAL = ("app_name", "display_name", "top_issues", *(first for _, first in _NUMBERS))
_OF_APP = ("app_name", "display_name", "issues", *(fact for fact, _ in _NUMBERS))
_ALIASES = sorted({name for fact in _OF_APP for name in PATHS[fact]} - set(_CANONICAL))
_NO_ALIASES = (None,) * len(_ALIASES)
_Number = Annotated[float, msgspec.Meta(ge=0, le=LARGEST_NUMBER)] | None
# An entry in the canonical wording. The decoder fills it without building what nobody reads, in a third of the time
# that dicts take; the aliases are there only to see that none is used.
AppEntry = msgspec.defstruct(
    "AppEntry",
    [
        ("app_name", str | None, None),
        ("display_name", str | None, None),
        ("top_issues", Any, None),
        *((first, _Number, None) for _, first in _NUMBERS),
        *((name, Any, None) for name in _ALIASES),
    ],
    gc=False,
)
_NUMBER_TYPES = (float, int)


# msgspec's structs are made four times as fast as frozen dataclasses, and every report makes ten and more of them.
class IssueFacts(msgspec.Struct, frozen=True, gc=False):
    """One kind of message in an app's log."""

    container_name: str
    fingerprint: str
    severity: str
    message: str
    count: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None


class AppFacts(msgspec.Struct, frozen=True):
    """What one app used since the report before."""

    app_name: str
    display_name: str
    memory_mb: float | None  # the average, else the current use
    memory_peak_mb: float | None
    cpu_avg_percent: float | None
    memory_request_mb: float | None
    memory_limit_mb: float | None
    log_errors_24h: int | None
    log_warnings_24h: int | None
    issues: tuple[IssueFacts, ...]


def _decoder_of(app_telemetry: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(msgspec.defstruct("_Members", [("app_telemetry", app_telemetry, None)]))


_canonical_decoder = _decoder_of(list[AppEntry] | None)  # type: ignore[valid-type]  # made at run time
_decoder = _decoder_of(Any)


def read_apps_of(body: bytes) -> tuple[AppFacts, ...]:
    """The apps in a stored report's body. Raises BadRequest where it is no JSON object, which no stored one is."""
    try:
        if not body.isascii():
            body.decode()  # msgspec looks at the texts that it builds, and no others
        try:
            apps = read_canonical_apps(_canonical_decoder.decode(body).app_telemetry or ())
        except msgspec.ValidationError:
            apps = None
        return read_apps(as_items(_decoder.decode(body).app_telemetry)) if apps is None else apps
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return read_apps(as_items(read_object(body).get("app_telemetry")))


def read_apps(entries: Iterable[Any]) -> tuple[AppFacts, ...]:
    """The readable ones of a report's `app_telemetry` entries, each app once, at most MAX_APPS."""
    apps: dict[str, AppFacts] = {}
    issues = 0
    for entry in entries:
        name = _find(entry, "app_name", _name) if isinstance(entry, dict) else None
        if name is not None and name not in apps:
            apps[name] = _read_app(entry, name, most_issues=MAX_ISSUES_OF_REPORT - issues)
            issues += len(apps[name].issues)
            if len(apps) == MAX_APPS:
                break
    return tuple(apps.values())


def read_canonical_apps(entries: Iterable[Any]) -> tuple[AppFacts, ...] | None:
    """What `read_apps` reads of the same entries, here given as AppEntry; None where one is worded otherwise."""
    apps: dict[str, AppFacts] = {}
    issues = 0
    for entry in entries:
        written, title, top_issues, current, average, peak, cpu, request, limit, errors, warnings, *aliases = astuple(
            entry
        )
        if tuple(aliases) != _NO_ALIASES:
            return None
        name = _name(written)
        if name is None or name in apps or len(apps) == MAX_APPS:
            continue
        apps[name] = AppFacts(
            name,
            _name(title) or name,
            current if average is None else average,
            peak,
            cpu,
            request,
            limit,
            None if errors is None else int(errors),
            None if warnings is None else int(warnings),
            _read_issues(as_items(top_issues), MAX_ISSUES_OF_REPORT - issues) if top_issues else (),
        )
        issues += len(apps[name].issues)
    return tuple(apps.values())


def _read_app(entry: Mapping[str, Any], name: str, *, most_issues: int) -> AppFacts:
    get: Any = entry.get
    current, average, peak, cpu, request, limit, errors, warnings = [
        # The first name almost always holds a plain number: a report with ten apps has eighty of them.
        value
        if type(value := get(first)) in _NUMBER_TYPES and 0 <= value <= LARGEST_NUMBER
        else _find(entry, fact, _not_negative)
        for fact, first in _NUMBERS
    ]
    return AppFacts(
        name,
        _find(entry, "display_name", _name) or name,
        current if average is None else average,
        peak,
        cpu,
        request,
        limit,
        None if errors is None else int(errors),
        None if warnings is None else int(warnings),
        _read_issues(_find(entry, "issues", as_items) or (), most_issues),
    )


def _read_issues(entries: Iterable[Any], most: int) -> tuple[IssueFacts, ...]:
    issues: dict[tuple[str, str], IssueFacts] = {}
    of_container: Counter[str] = Counter()
    for entry in entries:
        if len(issues) >= most:
            break
        if not isinstance(entry, dict):
            continue
        message = _find(entry, "message", _message) or ""
        fingerprint = _find(entry, "fingerprint", _fingerprint) or _kind_of(message)[:_FINGERPRINT]
        container = _find(entry, "container_name", _name) or ""
        key = container, fingerprint
        if fingerprint and key not in issues and of_container[container] < MAX_ISSUES:
            of_container[container] += 1
            issues[key] = _read_issue(entry, container, fingerprint, message)
    return tuple(issues.values())


def _kind_of(text: str) -> str:
    """The text without what differs from one message of its kind to the next; HTTP codes and ports survive."""
    return _LONG_NUMBER.sub("#", text)


def _read_issue(entry: Mapping[str, Any], container: str, fingerprint: str, message: str) -> IssueFacts:
    return IssueFacts(
        container_name=container,
        fingerprint=fingerprint,
        severity=_find(entry, "severity", _severity) or "error",
        message=message,
        count=_find(entry, "count", as_count) or 1,
        first_seen_at=_find(entry, "first_seen_at", as_instant),
        last_seen_at=_find(entry, "last_seen_at", as_instant),
    )


def _find(entry: Mapping[str, Any], fact: str, read: Callable[[object], Read | None]) -> Read | None:
    """The first of the fact's names that holds something readable."""
    for name in PATHS[fact]:
        value = entry.get(name)
        if value is not None:
            found = read(value)
            if found is not None:
                return found
    return None


_name = partial(as_text, limit=NAME_LENGTH)
_message = partial(as_text, limit=_MESSAGE)
_severity = partial(as_text, limit=_SEVERITY)


def _fingerprint(value: object) -> str | None:
    text = as_text(value, _FINGERPRINT)
    # A sentence is treated as a message is; a hash has no spaces, and its digits tell one kind from another.
    return _kind_of(text) if text and " " in text else text


def _not_negative(value: object) -> float | None:
    number = as_number(value)
    return number if number is not None and number >= 0 else None
