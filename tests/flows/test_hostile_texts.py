"""What strangers and operators write is text on every page: no element, attribute or address comes of it.

Each payload of `hostile.py` stands in every text of a report and of events, in the audit and in what was entered, and
each page must be made of the same elements as with plain texts. What Chromium makes of it: `test_hostile_browser.py`.
"""

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from tests.build import NOW
from tests.flows.elements import Elements, is_ours, strangers
from tests.flows.hostile import (
    KINDS,
    PAYLOADS,
    ROTATIONS,
    TWINS,
    document_of,
    key_of,
    numbers_of,
    plant,
    silence_of,
    turned,
)
from tests.structure.routes import page_paths

from felhom_hub.base.tolerant import as_text
from felhom_hub.project.openapi.intake import SCHEMAS
from felhom_hub.telemetry.address import app_path
from felhom_hub.telemetry.models import AppFigures

MAX_PAGE_BYTES = 1_500_000
NO_PAGES = {  # a change that goes on to one, a file, a stream; a version's page is in tests/configs/pages
    "/audit.csv", "/browser", "/configs/check", "/configuration/jobs/{name}/run", "/live", "/logout", "/mail-preview",
    "/configuration/sessions/{reference}/revoke", "/notifications/mail-again", "/theme", "/silences/{number}/end",
    "/mail-preview/{audience}/{event_type}/html", "/notifications/channels/{kind}/test", "/notifications/prove",
    "/notifications/{number}/again", "/alarms/{number}/acknowledge", "/alarms/{number}/take-back", "/assets/refresh",
    "/assets/{name}/delete", "/assets/{name}/restore", "/configuration/template/fetch",
    *(f"/customers/{{customer_id}}/{name}" for name in (
        "create-config", "report.json", "snapshots/{version}/download", "reveal", "unblock", "unlock", "compare",
        "check-recovery", "pull", "calls/{number}/withdraw", "confirm-host", "withdraw-host",
        "versions/{number}", "versions/{number}/restore")),
}  # fmt: skip
PREVIEW, PREVIEWED = "/mail-preview/{audience}/{event_type}", "/mail-preview/operator/node_down"
PAGES = (
    "/", "/api", "/configs", "/apps", "/audit", "/configuration", "/setup", "/configs/new", "/configuration/sign-out",
    "/search", "/events", "/notifications", "/silences", "/assets", "/recovery", "/configuration/template", PREVIEWED,
)  # fmt: skip
MORE = (
    "/events?period=90d&events=500", "/notifications?customer=shown-0&result=unasked", "/search?q=-1",
    "/apps?all=1&period=30d", "/audit?period=all", "/configs?page=2",
)  # fmt: skip
# How many customers are on which page depends on their names: those of all pages are looked at together.
PAGED = "/configs"
CUSTOMER = "/customers/{customer_id}"
PARTS = ("history", "block", "delete", "preferences", "snapshots", "diff", "push", "update")
# The pages of one customer, and of which customers.
OF_CUSTOMERS = {
    CUSTOMER: KINDS,
    **{f"{CUSTOMER}/{page}": ("shown",) for page in PARTS},
    f"{CUSTOMER}/report": ("shown", "odd"),
    **{f"{CUSTOMER}/{page}": ("quiet",) for page in ("config", "versions", "rotate-key")},
    "/configs/{customer_id}/edit": ("quiet",),
}
APP, WHY = "/apps/{app_name}", "/why/{number}"
INCIDENT, SILENCE = "/incidents/{number}", "/silences/{number}/edit"
REVOKE = f"{CUSTOMER}/keys/{{number}}/revoke"
# What the addresses of lists understand.
QUERIES = {
    "/": ("q", "status", "show", "sort", "cols", "page"),
    "/apps": ("q", "period", "show", "sort", "all"),
    "/events": ("q", "type", "severity", "period", "events", "before"),
    "/audit": ("q", "kind", "customer", "person", "action", "period", "before"),
    "/configs": ("q", "show", "page"),
    "/customers/shown-0": ("severity", "events", "before"),
    "/customers/shown-0/history": ("period",),
    "/customers/shown-0/snapshots": ("before", "after"),
    "/customers/quiet-0/versions": ("below",),
    "/notifications": ("q", "result", "audience", "channel", "customer", "period", "before", "tested"),
    "/search": ("q",),
    "/recovery": ("q", "show", "page"),
    "/silences": ("customers", "tag", "why", "reach", "type"),
    "/apps/-": ("name", "period", "sort", "all"),
    "/login": ("next",),
}
QUESTIONS, FORMS = ("/customers/shown-0/block", "/customers/shown-0/delete"), ("/configs/new", "/configs/shown-0/edit")
FIELDS = (
    "customer_id", "name", "domain", "email", "town", "phone", "tags", "note", "cf_api_token", "cf_tunnel_token",
    "is_monitored", "log_level", "overrides", "seen", "disk_high", "disk_critical", "ping_heartbeat", "ping_backup",
)  # fmt: skip

# Rotations that make a fleet to ask things of, the others with plain texts; and how long an address may be.
FEW, OTHERS, MAX_ADDRESS = (0, 17), (1, 18), 2000
WORDS = ("nothing", "", "x", "ww", "1", "-1", "error", "ok", "cpu", "7d", "30d", "all", "shewn-0")

needs_database = pytest.mark.django_db
by_turns = pytest.mark.parametrize("turns", [ROTATIONS[::9], pytest.param(ROTATIONS, marks=pytest.mark.long)], ids=len)


@pytest.mark.parametrize("name", ["Report", "Event"])
def test_each_payload_meets_every_text_of_the_contract(name: str) -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 25
    met: dict[str, set[str]] = {}
    for by in ROTATIONS:
        for place, text in placed(document_of(SCHEMAS[name], turned(PAYLOADS, by), NOW, is_sorted=False)):
            met.setdefault(place, set()).add(text)

    assert {place: texts for place, texts in met.items() if texts != set(PAYLOADS)} == {}
    assert set(texts_of(SCHEMAS[name])) <= set(met)


@needs_database
@pytest.mark.on_one_database
@by_turns
def test_pages_have_the_elements_of_plain_texts(browser: Client, monkeypatch: Any, turns: Sequence[int]) -> None:
    usage = shutil.disk_usage("/")  # its bar moves with whatever else is written on this machine meanwhile
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    plain, hostile = (dict(pages(browser, texts, turns)) for texts in (TWINS, PAYLOADS))

    assert differences(plain, hostile) == {}
    looked_at = {*PAGES, *OF_CUSTOMERS, APP, WHY, INCIDENT, SILENCE, REVOKE, PREVIEW} - {PREVIEWED}
    assert looked_at | NO_PAGES | {"/login"} == set(page_paths())


@needs_database
@by_turns
@pytest.mark.parametrize("path", QUERIES)
def test_what_an_address_asks_for_makes_no_element(browser: Client, path: str, turns: Sequence[int]) -> None:
    plant(PAYLOADS, FEW, NOW)
    plant(TWINS, OTHERS, NOW)
    if path == "/login":
        browser.cookies.clear()
    names, few = QUERIES[path], ROTATIONS if path == "/apps/-" else FEW  # there, few names are those of an app
    together = [(names, word) for word in WORDS]
    alone = [((name,), word) for name in names for word in WORDS[::3]]
    words = [f"{path}?{urlencode(dict.fromkeys(some, word))}" for some, word in (*together, *alone)]

    def found(addresses: Iterable[str]) -> dict[str, Elements]:
        answers = ((address, browser.get(address)) for address in addresses)
        # Whether something is found depends on the text; a search for the name of one thing leads to that.
        return {address: elements_of(answer, address, 200, 302, 404) for address, answer in answers}

    plain = found([*words, *(f"{path}?{query_of(names, TWINS, by)}" for by in few)])
    assert strangers(plain.values(), found(f"{path}?{query_of(names, PAYLOADS, by)}" for by in turns)) == {}


@needs_database
@pytest.mark.parametrize("prefix", ["/", "/customers/", "/apps/", "/configs/", "/customers/a/", "/why/", "/incidents/"])
def test_an_address_of_nothing_is_shown_as_text(browser: Client, prefix: str) -> None:
    places = [
        f"{prefix}{quote(text.encode('utf-8', 'replace').replace(b'/', b'%')[:MAX_ADDRESS], safe='')}"
        for text in PAYLOADS
    ]

    plain = [looked_at(browser, f"{prefix}nothing", 404)]
    assert strangers(plain, {place: looked_at(browser, place, 404) for place in places}) == {}


@needs_database
@pytest.mark.parametrize("path", QUESTIONS)
def test_what_is_typed_into_a_question_is_shown_as_text(browser: Client, path: str) -> None:
    plant(PAYLOADS, FEW, NOW)
    plain = [sent(browser, path, {"typed": "nothing"})]
    assert strangers(plain, {text: sent(browser, path, {"typed": text}) for text in PAYLOADS}) == {}


@needs_database
@pytest.mark.parametrize("path", FORMS)
def test_what_is_typed_into_a_form_comes_back_as_text(browser: Client, path: str) -> None:
    plant(PAYLOADS, FEW, NOW)
    # With nothing but problems, and with none but one.
    plain = [sent(browser, path, dict.fromkeys(FIELDS, text)) for text in ("\x01", "-", "", "q" * 10_000)]
    forms = {by: dict(zip(FIELDS, turned(PAYLOADS, by), strict=False)) for by in ROTATIONS}
    found = {str(by): sent(browser, path, form) for by, form in forms.items()}

    assert strangers(plain, found) == {}
    for by, form in forms.items():
        assert typed(form["overrides"]) in "".join(found[str(by)].words)


@needs_database
def test_what_is_typed_at_sign_in_is_not_shown(browser: Client) -> None:
    browser.cookies.clear()

    def refused(text: str) -> Elements:
        answer = browser.post("/login", {"password": text[:72], "next": text[:72]})
        return elements_of(answer, "/login", 400, 403, 429)  # impossible, wrong, too soon

    plain = [refused(text) for text in ("wrong", "\0", *["wrong"] * 9)]
    found = {text: refused(text.replace("\ud800", "?")) for text in PAYLOADS}

    assert strangers(plain, found) == {}
    assert {place for page in found.values() for place in page.addresses} == set().union(
        *(page.addresses for page in plain)
    )


def placed(document: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """The texts of the document with their places; what the contract does not name is left out."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in {text[:200] for text in PAYLOADS}:
                yield from placed(value, f"{place}.{name}")
    elif isinstance(document, list):
        for value in document:
            yield from placed(value, f"{place}[]")
    elif isinstance(document, str):
        yield place, document


def texts_of(schema: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """The places of the schema that take a text."""
    for name, value in schema.get("properties", {}).items():
        yield from texts_of(value, f"{place}.{name}")
    if "items" in schema:
        yield from texts_of(schema["items"], f"{place}[]")
    if schema["type"] == "string":
        yield place


def pages(browser: Client, texts: Sequence[str], turns: Sequence[int]) -> Iterator[tuple[str, Elements]]:
    """Every page of a fleet that says these texts, of customers those turns; the database is as before."""
    with transaction.atomic():
        plant(texts, ROTATIONS, NOW)
        for path in (*PAGES, *MORE):
            yield path, looked_at(browser, path)
        for route, kinds in OF_CUSTOMERS.items():
            some = turns if texts is PAYLOADS or route == CUSTOMER else turns[:1]
            for path in (route.format(customer_id=f"{kind}-{by}") for kind in kinds for by in some):
                yield path, looked_at(browser, path)
        for by in turns:
            told, incident = numbers_of(by)
            numbered = [*((WHY, number) for number in told), (INCIDENT, incident), (SILENCE, silence_of(by))]
            revoked = REVOKE.format(customer_id=f"shown-{by}", number=key_of(by))
            yield f"revoke of rotation-{by}", looked_at(browser, revoked)
            for place, (route, number) in enumerate(numbered):
                yield f"{route} {place} of rotation-{by}", looked_at(browser, route.format(number=number))
        for by, name in enumerate(names_of_apps(texts)):
            yield f"app {by}", looked_at(browser, app_path(name))
        transaction.set_rollback(True)


def names_of_apps(texts: Sequence[str]) -> list[str]:
    """The names that the apps go by, one of each text."""
    names = set(AppFigures.objects.values_list("app_name", flat=True)) - {""}  # all apps together
    wanted = [as_text(text, 10_000) or "" for text in texts]
    found = [next(name for name in names if text.startswith(name)) for text in wanted]
    assert len(set(found)) == len(texts) == len(names)
    return found


def looked_at(browser: Client, path: str, status: int = 200) -> Elements:
    """What the page is made of that the address answers."""
    return elements_of(browser.get(path), path, status)


def elements_of(answer: Any, path: str, *statuses: int) -> Elements:
    """What the page is made of; it is no larger than a page may be, and names no place but the hub's own."""
    assert answer.status_code in statuses, path[:90]
    assert is_ours(answer.get("Location", "/"))
    assert len(answer.content) < MAX_PAGE_BYTES, path[:90]
    found = Elements(answer.content.decode())
    assert {place for place in found.addresses if not is_ours(place)} == set(), path[:90]
    assert not any("<" in text for text in found.data), path[:90]
    return found


def differences(plain: dict[str, Elements], hostile: dict[str, Elements]) -> dict[str, Counter[str]]:
    """By path, the elements of which there are more or fewer than on the same page with plain texts."""
    found: dict[str, Counter[str]] = {}
    for path, each in hostile.items():
        counted = found.setdefault(PAGED if path.startswith(PAGED) else path, Counter())
        counted.update(each.counted)
        counted.subtract(plain[path if path in plain else re.sub(r"-\d+", "-0", path)].counted)
    changed = {path: Counter({what: n for what, n in counted.items() if n}) for path, counted in found.items()}
    return {path: counted for path, counted in changed.items() if counted}


def query_of(names: Iterable[str], texts: Sequence[str], by: int) -> str:
    """The names with a text each, no two the same, as an address can carry them."""
    written = {name: text[:MAX_ADDRESS] for name, text in zip(names, turned(texts, by), strict=False)}
    return urlencode(written, errors="replace")


def sent(browser: Any, path: str, form: dict[str, str]) -> Elements:
    """What the page is made of that answers a form which is not right."""
    body = urlencode({**form, "_csrf": browser.csrf}, errors="replace")
    answer = browser.post(path, body, content_type="application/x-www-form-urlencoded")
    return elements_of(answer, path, 422)


def typed(text: str) -> str:
    """Its beginning as a form brings it and as a page's text is read."""
    return text[:20].replace("\ud800", "?")
