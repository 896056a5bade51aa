"""Takes in `customer_configs`: who the customers are, their keys and passphrases, and what their boxes are to have."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from felhom_hub.base.errors import Impossible
from felhom_hub.base.tolerant import BadJsonError, as_bool, as_line, decode_json
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
_DIGITS: Final = {"0": False, "1": True}  # a truth value in a TEXT column
_NO_TEXT: Final = "It is no text."
_STATES: Final = {"": False, "active": False, "blocked": True}


def take_customers(entries: Sequence[Entry], now: datetime) -> Outcome:
    """Each is a managed customer with the secrets that it had; who is managed here already stays as it is.

    What cannot be taken of a row is said each time, so that a move that is repeated keeps and tells it again.
    """
    outcome = Outcome()
    for entry in entries:
        customer_id = entry.customer()
        if customer_id is None:
            outcome.refused[entry.number] = NOT_A_CUSTOMER
            continue
        is_new = move_config_in(
            customer_id,
            _details(entry, customer_id, outcome),
            _settings(entry, customer_id, outcome),
            _secrets(entry, customer_id, outcome),
            created_at=entry.time("created_at") or now,
            blocked_at=_blocked_at(entry, customer_id, outcome, now),
            now=now,
            by=COMMAND_LINE,
        )
        for name in ("created_at", "updated_at"):
            if entry.is_odd_time(name):
                _keep(entry, name, customer_id, outcome, "It is no time.")
        outcome.stored += is_new
        outcome.present += not is_new
    return outcome


def _keep(entry: Entry, name: str, customer_id: str, outcome: Outcome, why: str) -> None:
    outcome.put_aside(entry, name, f"{customer_id}: {name} was kept aside. {why}")


def _details(entry: Entry, customer_id: str, outcome: Outcome) -> Details:
    names = [each.name for each in fields(Details) if each.name != "tags"]
    found = {name: entry.text(name, _LONGEST) for name in names}
    found |= {name: as_line(found[name], _LONGEST) for name in names if name != "note"}
    problems = problems_of(Details(**found))
    for name in names:
        is_whole = entry.is_said_by(name, found[name])
        if found[name] and name in problems:
            _keep(entry, name, customer_id, outcome, problems[name])
        elif not is_whole:
            _keep(entry, name, customer_id, outcome, "It has signs that cannot be stored.")
        if name in problems:
            found[name] = ""
    return Details(**found)


def _settings(entry: Entry, customer_id: str, outcome: Outcome) -> Settings:
    monitored, word = entry.fields.get("is_monitored"), entry.whole("is_monitored").strip().lower()
    is_monitored = _DIGITS.get(word, as_bool(word if isinstance(monitored, bytes) else monitored))
    if word and is_monitored is None:
        _keep(entry, "is_monitored", customer_id, outcome, "It is neither yes nor no.")
    written = {
        "is_monitored": _MONITORED[is_monitored],
        "log_level": entry.whole("log_level").strip().lower(),
        "overrides": _overrides(entry, customer_id, outcome),
        **_pings(entry, customer_id, outcome),
    }
    settings, problems = read_settings(written)
    for name, problem in problems.items():
        # A UUID that stands in the column with all of them was looked at there.
        if name == "overrides" or entry.whole(name).strip():
            _keep(entry, name, customer_id, outcome, problem)
        written[name] = ""
    return read_settings(written)[0] if problems else settings


def _pings(entry: Entry, customer_id: str, outcome: Outcome) -> dict[str, str]:
    """The deprecated UUIDs, from a column each or from one with JSON, which is kept aside if not all of it is taken."""
    found = {f"ping_{name}": entry.whole(f"ping_{name}").strip() for name in PINGS}
    try:
        document = decode_json(entry.raw("ping_uuids").strip() or b"null")
    except BadJsonError:
        document = ()
    if document is None:
        return found
    if not isinstance(document, Mapping):
        _keep(entry, "ping_uuids", customer_id, outcome, "It is no JSON object.")
        return found
    said = {f"ping_{name}": value for name, value in document.items() if value not in (None, "")}
    taken = {name: value.strip() for name, value in said.items() if name in found and isinstance(value, str)}
    problems = read_settings(taken)[1]
    if problems or taken.keys() != said.keys():
        _keep(entry, "ping_uuids", customer_id, outcome, "It says more than the UUIDs that are known here.")
    taken = {name: value for name, value in taken.items() if name not in problems}
    for name, value in taken.items():
        if found[name] not in ("", value):
            _keep(entry, name, customer_id, outcome, "ping_uuids says another one.")
    return found | taken


def _overrides(entry: Entry, customer_id: str, outcome: Outcome) -> str:
    """The overrides without the keys that the hub writes itself; what cannot be read is kept aside."""
    text = entry.whole("overrides").replace("\r\n", "\n")
    if not text.strip() or text.strip() in {"null", "{}"}:
        return ""
    if not entry.is_said_by("overrides", text):
        _keep(entry, "overrides", customer_id, outcome, _NO_TEXT)
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
        secret = entry.whole(name).strip()
        if not entry.is_said_by(name, secret):
            note = f"{customer_id}: {name} is no text, so it was kept aside and a new one was made."
            outcome.put_aside(entry, name, note)
        elif secret:
            found[kind] = secret
    if Kind.API_KEY in found and is_key_taken(found[Kind.API_KEY], for_customer=customer_id):
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
