"""What an address asks for is a value to the database, never a part of a statement: it finds what it says, and no more.

Texts made for SQL go through every parameter by which lists are sorted, filtered and searched. Each must be answered as
another text that nobody knows, but for servers and apps whose names hold it, letter by letter.
"""

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.test import Client
from tests.build import GLOBAL_KEY, NOW, app_entry, incoming, incoming_event, make_customer, record, record_all_events

from felhom_hub.base.pace import AT_ONCE
from felhom_hub.telemetry.summarise import summarise
from felhom_hub.telemetry.unread import read_unread

pytestmark = pytest.mark.django_db

UNKNOWN = "no such thing!"
# The one name that some of the texts are a part of, of a customer and of an app.
ODD_ID, ODD_NAME = "half-price", "50%_off' OR '1'='1\" -- \\ ?"
TEXTS = (
    "'", '"', "\\", "''", "%", "_", "%%", "5_%", "kovacs%", "%peter", "k%_%r", "*", "?", "$1", "%s", "%(a)s",
    "[-1]", "' OR '1'='1", "' OR 1=1 --", '" OR ""="', "') OR ('1'='1", "1 OR 1=1", "NULL", "' --", "'/*", "*/ --", "#",
    "' UNION SELECT bcrypt_hash FROM operators_generatedpassword --",
    "0 UNION ALL SELECT token_digest, 1, 1 FROM operators_session",
    "'; DROP TABLE customers_customer; --", "1; DELETE FROM reports_report",
    "x'); UPDATE customers_customer SET name='x", "' GLOB '*", "-1",
    "name; VACUUM", "cpu DESC, (SELECT 1)", "CASE WHEN 1=1 THEN 1 ELSE 1/0 END", "-customer_id", "node__cpu_percent",
    "customer__deleted_at", "RANDOM()", "pg_sleep(9)", "' AND 1=CAST('a' AS int) --", "\u02bc OR 1=1", "\uff07 OR 1=1",
    "\x00' OR 1=1", "' || (SELECT name FROM sqlite_master) || '", "E'\\x27'", "0x27", "1e999", "9" * 40,
)  # fmt: skip
LOOKING = {"operators.Session", "fleet.Visit"}
API = "/api/v1/customers"
SORTED_AND_FILTERED = {
    "/": ("status", "show", "sort", "cols", "page"),
    "/apps": ("period", "show", "sort", "all"),
    "/events": ("severity", "period", "events", "before"),
    "/apps/immich": ("period", "sort", "all"),
    API: ("status", "limit"),
    f"{API}/kovacs-peter/history": ("period",),
}
SEARCHED = ("/", "/apps", "/events", "/search", API)
IDS = (ODD_ID, "kiss-foto", "kovacs-peter")
APPS = {"immich": "Immich", "half-price-app": ODD_NAME}


@pytest.fixture
def asked(browser: Client) -> Client:
    """A browser before a fleet of three and two apps."""
    make_customer(ODD_ID, name=ODD_NAME)
    entries = [app_entry(app_name=name, display_name=shown) for name, shown in APPS.items()]
    record([incoming(each, customer_name="", app_telemetry=entries) for each in IDS])
    record_all_events([incoming_event(each) for each in IDS])
    read_unread(10_000, AT_ONCE)
    summarise(NOW)
    found(browser, "/", {})  # a first look is noted
    return browser


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in SORTED_AND_FILTERED.items() for name in names]
)
def test_sql_in_a_sort_order_or_a_filter_is_answered_as_any_unknown_word(asked: Client, path: str, name: str) -> None:
    before, unknown = tables(), found(asked, path, {name: UNKNOWN})

    others = {text: answer for text in TEXTS if (answer := found(asked, path, {name: text})) != unknown}

    assert unknown[0] in {200, 422}
    assert others == {}
    assert tables() == before


@pytest.mark.parametrize("path", SEARCHED)
def test_sql_in_a_search_finds_those_whose_names_hold_it_and_nobody_else(asked: Client, path: str) -> None:
    before, unknown = tables(), found(asked, path, {"q": UNKNOWN})
    names = {each: (each, ODD_NAME if each == ODD_ID else each) for each in IDS} if path != "/apps" else {}
    names |= {each: (each, shown) for each, shown in APPS.items()} if path in {"/apps", "/search"} else {}

    wrong = {}
    for text in TEXTS:
        status, listed = found(asked, path, {"q": text})
        places = {each for each in listed if not each.isdecimal()}  # an event has a number
        meant = {each for each, texts in names.items() if any(text.lower() in known.lower() for known in texts)}
        if path == "/events" and text in "backup_failed":  # of which type an event of everybody is
            meant = set(IDS)
        if (status, places) != (200, meant):
            wrong[text] = places

    assert (unknown, wrong) == ((200, []), {})
    assert tables() == before


@pytest.mark.parametrize(
    "path", ["/customers/{}", "/apps/{}", "/why/{}", "/incidents/{}", f"{API}/{{}}", f"{API}/{{}}/history"]
)
def test_sql_in_the_place_of_an_id_is_nobodys(asked: Client, path: str) -> None:
    before = tables()

    answers = {text: found(asked, path.format(quote(text.replace("/", "|"), safe="")), {}) for text in TEXTS}

    assert {text: answer for text, answer in answers.items() if answer != (404, [])} == {}
    assert tables() == before


def test_sql_in_the_place_of_a_cursor_leaves_the_order_of_ids(asked: Client) -> None:
    before = tables()

    answers = {text: found(asked, API, {"cursor": text}) for text in TEXTS}

    impossible = {text for text, (status, _) in answers.items() if status == 422}
    assert {text for text in TEXTS if not re.fullmatch(r"[\w.-]+", text, re.ASCII)} <= impossible
    # The end of the list, from where the database's own order of texts has it.
    assert {
        text: listed for text, (_, listed) in answers.items() if tuple(listed) != IDS[len(IDS) - len(listed) :]
    } == {}
    assert tables() == before


def found(client: Client, path: str, query: dict[str, str]) -> tuple[int, list[str]]:
    """The status, and what is listed, in its order: ids of customers, or the last parts of addresses."""
    headers = {"authorization": f"Bearer {GLOBAL_KEY}"} if path.startswith("/api/") else {}
    answer: Any = client.get(f"{path}?{urlencode(query)}", headers=headers, follow=True)
    if path.startswith("/api/"):
        document = answer.json()
        listed = [each["customer_id"] for each in document.get("customers", [])]
        return answer.status_code, listed or [each["received_at"] for each in document.get("points", [])]
    rows = re.findall(r'href="/(?:customers|apps|events|why)/([\w-]+)[?"]', answer.content.decode())
    return answer.status_code, list(dict.fromkeys(rows))


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for what is noted of looking."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.label not in LOOKING
    }
