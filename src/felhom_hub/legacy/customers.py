"""Takes in `customer_configs`: who the customers are, their keys and passphrases, and what their boxes are to have."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from felhom_hub.base.errors import Impossible
from felhom_hub.base.tolerant import as_bool, as_line
from felhom_hub.boxes.overrides_text import rewritten
from felhom_hub.configs.documents import DocumentError, read_plain
from felhom_hub.configs.merge import Plain
from felhom_hub.configs.move_in import move_config_in
from felhom_hub.configs.overrides import OWNED, has_values, problem_of
from felhom_hub.configs.settings import PINGS, Settings, read_settings
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details, problems_of
from felhom_hub.customers.move_in import is_key_taken
from felhom_hub.customers.tokens import checked_token
from felhom_hub.legacy.entry import NOT_A_CUSTOMER, Entry, Outcome
from felhom_hub.operators.audit import COMMAND_LINE

_SECRETS: Final = {
    Kind.API_KEY: "api_key",
    Kind.RETRIEVAL_PASSWORD: "retrieval_password",
    Kind.SESSION_SECRET: "session_secret",
}
_TOKENS: Final = {Kind.CF_TUNNEL_TOKEN: "cf_tunnel_token", Kind.CF_API_TOKEN: "cf_api_token"}
_LONGEST: Final = 10_000
_MONITORED: Final = {True: "yes", False: "no", None: ""}
_STATES: Final = {"": False, "active": False, "blocked": True}


def take_customers(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each is a managed customer with the secrets that it had; who is managed here already stays as it is."""
    outcome = Outcome()
    for entry in entries:
        customer_id = entry.customer()
        if customer_id is None:
            outcome.refused[entry.number] = NOT_A_CUSTOMER
            continue
        draft = Outcome()
        is_new = move_config_in(
            customer_id,
            _details(entry, customer_id, draft),
            _settings(entry, customer_id, draft),
            _secrets(entry, customer_id, draft),
            created_at=entry.time("created_at") or now,
            blocked_at=_blocked_at(entry, customer_id, draft, now),
            now=now,
            by=COMMAND_LINE,
        )
        if is_new:
            outcome.stored += 1
            outcome.aside |= draft.aside
            outcome.notes += draft.notes
        else:
            outcome.present += 1
    return outcome


def _details(entry: Entry, customer_id: str, outcome: Outcome) -> Details:
    names = [each.name for each in fields(Details) if each.name != "tags"]
    found = {name: entry.text(name, _LONGEST) for name in names}
    found |= {name: as_line(found[name], _LONGEST) for name in names if name != "note"}
    problems = problems_of(Details(**found))
    for name, problem in problems.items():
        if found.get(name):
            outcome.put_aside(entry, name, f"{customer_id}: {name} was kept aside. {problem}")
        found[name] = ""
    return Details(**found)


def _settings(entry: Entry, customer_id: str, outcome: Outcome) -> Settings:
    monitored = entry.whole("is_monitored")
    written = {
        "is_monitored": _MONITORED[as_bool(int(monitored) if monitored.isdecimal() else monitored)],
        "log_level": entry.whole("log_level").strip().lower(),
        "overrides": _overrides(entry, customer_id, outcome),
        **_pings(entry, customer_id, outcome),
    }
    settings, problems = read_settings(written)
    for name, problem in problems.items():
        outcome.put_aside(entry, name, f"{customer_id}: {name} was kept aside. {problem}")
        written[name] = ""
    return read_settings(written)[0] if problems else settings


def _pings(entry: Entry, customer_id: str, outcome: Outcome) -> dict[str, str]:
    """The deprecated UUIDs, from a column each or from one with JSON."""
    found = {f"ping_{name}": entry.whole(f"ping_{name}").strip() for name in PINGS}
    text = entry.whole("ping_uuids").strip()
    if text:
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        if isinstance(document, Mapping):
            found |= {f"ping_{name}": str(document[name]) for name in PINGS if document.get(name)}
        else:
            outcome.put_aside(entry, "ping_uuids", f"{customer_id}: ping_uuids was kept aside. It is no JSON object.")
    return found


def _overrides(entry: Entry, customer_id: str, outcome: Outcome) -> str:
    """The overrides without the keys that the hub writes itself; what cannot be read is kept aside."""
    text = entry.whole("overrides").replace("\r\n", "\n")
    if not text.strip() or text.strip() in {"null", "{}"}:
        return ""
    problem = problem_of(text)
    if not problem:
        return text
    try:
        values = read_plain(text) if has_values(text) else {}
        left = _without_owned(values, ())
        stripped = rewritten(text, left)
    except DocumentError:
        stripped = None
    if stripped is None or problem_of(stripped):
        outcome.put_aside(entry, "overrides", f"{customer_id}: its overrides were kept aside. {problem}")
        return ""
    note = f"{customer_id}: of its overrides the keys that the hub writes itself were kept aside. {problem}"
    outcome.put_aside(entry, "overrides", note)
    return stripped


def _without_owned(values: Mapping[str, Plain], path: tuple[str, ...]) -> dict[str, Plain]:
    left: dict[str, Plain] = {}
    for key, value in values.items():
        here = (*path, key)
        is_above = any(owned[: len(here)] == here for owned in OWNED)
        if here in OWNED or (is_above and not isinstance(value, Mapping)):
            continue
        inner: Any = _without_owned(value, here) if is_above and isinstance(value, Mapping) else value
        if inner != {} or not is_above:
            left[key] = inner
    return left


def _secrets(entry: Entry, customer_id: str, outcome: Outcome) -> dict[Kind, str]:
    found = {}
    for kind, name in _SECRETS.items():
        if secret := entry.whole(name).strip():
            found[kind] = secret
    if Kind.API_KEY in found and is_key_taken(found[Kind.API_KEY]):
        del found[Kind.API_KEY]
        note = f"{customer_id}: its API key is another customer's as well, so it was kept aside and a new one was made."
        outcome.put_aside(entry, "api_key", note)
    for kind, name in _TOKENS.items():
        if token := entry.whole(name).strip():
            try:
                found[kind] = checked_token(token)
            except Impossible as error:
                outcome.put_aside(entry, name, f"{customer_id}: {name} was kept aside. {error.sentence}.")
    return found


def _blocked_at(entry: Entry, customer_id: str, outcome: Outcome, now: datetime) -> datetime | None:
    status = entry.whole("status").strip().lower()
    if status not in _STATES:
        outcome.put_aside(entry, "status", f"{customer_id}: its status is not known here, so it is active.")
    return (entry.time("updated_at") or now) if _STATES.get(status) else None
