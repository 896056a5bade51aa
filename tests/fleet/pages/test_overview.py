import gzip
import random
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming_event, make_customer, make_node, record_all_events
from tests.fleet.html import checked, report, title
from tests.notify.alarms import fall

from felhom_controller.blueprint import build_fleet
from felhom_controller.synthetic import body_at
from felhom_hub.controllers.releases import note_tags
from felhom_hub.customers.models import Customer
from felhom_hub.notify.acknowledge import acknowledge
from felhom_hub.notify.models import Alarm
from felhom_hub.operators.audit import Actor
from felhom_hub.reports.arrivals import CELLS, Arrivals, to_bytes
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.past import record_past_reports

pytestmark = pytest.mark.django_db


def test_the_first_run_says_what_to_do(browser: Client) -> None:
    html = checked(browser, "/")

    assert title(html) == "Fleet: no customers yet"
    assert "<h1>No customers yet</h1>" in html


@pytest.mark.parametrize(
    ("ill", "well", "head", "heading"),
    [
        (0, 1, "Fleet: all well", '<h1 class="calm"><b>The server</b> is fine</h1>'),
        (0, 3, "Fleet: all well", '<h1 class="calm"><b>All 3 servers</b> are fine</h1>'),
        (1, 0, "Fleet: 1 needs attention", "<h1><b>1 of 1</b> server needs attention</h1>"),
        (1, 1, "Fleet: 1 needs attention", "<h1><b>1 of 2</b> servers needs attention</h1>"),
        (2, 1, "Fleet: 2 need attention", "<h1><b>2 of 3</b> servers need attention</h1>"),
    ],
)
def test_the_headline_and_the_tab_count_who_needs_attention(
    browser: Client, ill: int, well: int, head: str, heading: str
) -> None:
    for number in range(ill):
        report(f"ill{number}", health="fail")
    for number in range(well):
        report(f"well{number}")

    html = checked(browser, "/")

    assert title(html) == head
    assert heading in html


def test_the_summary_counts_controllers_and_configs_in_words(browser: Client) -> None:
    differs = make_customer("differs", is_managed=True)
    make_node(differs, config_hash="a" * 64, expected_hash="b" * 64, controller_version="v0.30.0")
    make_node(make_customer("untold", is_managed=True), controller_version="dev")
    make_node(make_customer("manual"), controller_version="v0.31.0")
    assert "On latest controller" not in browser.get("/").text
    note_tags(["v0.31.0"], now=NOW)

    facts = re.findall(r'<(?:a|div) class="fact".*?</svg>', checked(browser, "/"), re.DOTALL)

    assert [" ".join(re.sub("<.*?>", " ", each).split()) for each in facts[2:]] == [
        "On latest controller, v0.31.0 1 of 3 servers 1 can update, 1 unknown",
        "Config in sync with hub 0 of 2 managed 1 differs, 1 unknown",
    ]
    assert ['href="/?show=update"' in facts[2], 'href="/?show=config"' in facts[3]] == [True, True]


def test_servers_that_only_wait_are_not_called_fine(browser: Client) -> None:
    make_customer("new")

    html = checked(browser, "/")

    assert "<h1>1 server is not expected to report</h1>" in html


def test_the_overview_prints_every_kind_of_row(browser: Client) -> None:
    make_customer("waits", created_at=NOW - timedelta(hours=3))
    report("silent", minutes=134)
    report("failed", health={"status": "fail", "issues": ["drive hdd1 is read-only"]})
    report("paused", monitoring_paused=True)
    report("well")
    record_all_events([incoming_event("well")])
    report("blocked")
    Customer.objects.filter(customer_id="blocked").update(blocked_at=NOW)

    html = checked(browser, "/")

    assert "Needs attention <span>2 servers, worst first</span>" in html
    assert (
        '<b>No report for 2 h 14 min.</b> <bdi dir="ltr">Last report was healthy: suspect power or internet at the site'
        in html
    )
    assert '<b>Health check failed:</b> <bdi dir="ltr">drive hdd1 is read-only</bdi>, for <time' in html
    assert "Config created 3 h ago. Waiting for the first report." in html
    assert "monitoring paused, 2 reports arrived" in html
    assert '/customers/well?severity=error#events" title="1 error event in the last 24 h"' in html
    assert "1 blocked customer is hidden" in html
    assert "c-blocked" not in html


@pytest.mark.parametrize(
    "path",
    ["/?q=kov", "/?status=ok", "/?show=silent", "/?show=no-backup", "/?sort=cpu", "/?sort=-customer&q=k", "/?q=zzz"],
)
def test_a_filter_is_in_its_links_and_its_form(browser: Client, path: str) -> None:
    report()

    html = checked(browser, path)

    assert 'class="fleet cards"' in html or "No server matches" in html


def test_nothing_found_names_the_text_and_the_way_out(browser: Client) -> None:
    report()

    html = checked(browser, "/?q=nextclod")

    assert "No server matches “<bdi>nextclod</bdi>”" in html
    assert '<a class="btn" href="/">Clear filter</a>' in html


def test_what_may_have_been_meant_is_offered_beside_the_way_out(browser: Client) -> None:
    report("szabo-peter", customer_name="Szabó Péter")

    page = browser.get("/?q=szabp-peter").text

    assert 'Did you mean <a href="/customers/szabo-peter"><bdi>Szabó Péter</bdi></a>?' in page
    assert '<a class="btn q" href="/customers/szabo-peter">Open <bdi>Szabó Péter</bdi></a>' in page
    assert "Did you mean" not in browser.get("/").text


def test_the_sorted_column_says_so(browser: Client) -> None:
    report()

    html = checked(browser, "/?sort=disk")

    assert re.findall(r'aria-sort="(\w+)"><a href="(.*?)"', html) == [("descending", "/?sort=-disk")]
    assert "1 of 1 shown, sorted by Disk, highest first" in html


def test_a_refresh_of_the_same_state_is_304_a_minute_later(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    report()
    first = browser.get("/", headers={"HX-Request": "true"})
    monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda: NOW + timedelta(minutes=1))

    second = browser.get("/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})

    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")


def test_what_has_changed_is_told_from_the_second_look_on(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    report("kiss", customer_name="Kiss <b>Anna</b>")
    first = checked(browser, "/")
    monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda: NOW + timedelta(hours=6))

    second = checked(browser, "/")
    changed = checked(browser, "/?show=changed")

    assert "From your next visit on, you see here what has changed since the last one" in first
    assert "1 went down: <bdi>Kiss &lt;b&gt;Anna&lt;/b&gt;</bdi>" in second
    assert '<a href="/?show=changed" data-soft>See changes</a>' in second
    assert 'id="c-kiss"' in changed
    assert '<a href="/" data-soft aria-current="true">Show all</a>' in changed


def test_without_login_changes_are_told_as_well(
    no_sign_in: None,  # noqa: ARG001 - sets the hub up
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report("kiss")
    for hours in (0, 12):
        monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda hours=hours: NOW + timedelta(hours=hours))
        html = client.get("/", headers={"host": "localhost"}).content.decode()

    assert "1 went down: <bdi>Kovács Péter</bdi>" in html


def test_chosen_columns_stay_until_others_are_chosen(browser: Client) -> None:
    report()

    chosen = browser.get("/?cols=-&cols=cpu&cols=events")
    html = checked(browser, "/")

    assert (chosen.cookies["hub_columns"].value, chosen.cookies["hub_columns"]["httponly"]) == ("cpu,events", True)
    assert re.findall(r'<th role="columnheader" scope="col" class="(.*?)"', html) == [
        "c-st", "c-who", "c-seen", "c-cpu", "c-ev",
    ]  # fmt: skip
    assert re.findall(r'name="cols" value="(\w+)" checked', html) == ["cpu", "events"]
    assert 'class="c-mem"' not in html
    assert browser.cookies["hub_columns"].value == "cpu,events"


def test_the_reason_spans_whatever_is_shown(browser: Client) -> None:
    report(health="fail")
    make_customer("waits")

    html = checked(browser, "/?cols=disk")

    assert 'class="why" colspan="3"' in html
    assert 'class="c-hb c-full" colspan="2"' in html
    assert 'scope="rowgroup" colspan="4"' in html


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize(
    ("path", "count"), [("/", 7), ("/?sort=cpu", 7), ("/?q=c", 8), ("/?show=silent", 7), ("/?show=changed", 4)]
)
def test_a_page_takes_at_most_eight_queries_however_many_servers(
    browser: Client, servers: int, path: str, count: int
) -> None:
    for number in range(servers):
        report(f"c{number}", minutes=40, health="warn")
    browser.get("/")

    with CaptureQueriesContext(connection) as queries:
        browser.get(path)

    assert len(queries) == count


@pytest.mark.parametrize(("servers", "most"), [(28, 20_000), (200, 70_000)])
def test_a_page_is_small_on_the_wire(browser: Client, servers: int, most: int) -> None:
    fleet = build_fleet(7, servers)
    for _ in record_past_reports((NOW - timedelta(seconds=4 * each.index), body_at(each, NOW)) for each in fleet):
        pass
    dice = random.Random(1)
    for node in NodeState.objects.order_by("pk")[::3]:  # every third one has a strip like nobody else's
        node.arrivals = to_bytes(Arrivals(dice.getrandbits(CELLS), node.arrivals_cell))
        node.save()

    answer = browser.get("/", headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).count(b'<tbody id="c-') == servers
    assert len(answer.content) <= most


def test_the_footer_tells_the_size_of_the_database_to_the_operator_alone(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[tuple[int, Any]] = [(214_000_000, None), (214_000_000, NOW - timedelta(minutes=4))]
    monkeypatch.setattr("felhom_hub.base.context.size_now_or_noted", sizes.pop)

    measured = re.sub(r"<(?!/?span).*?>", "", browser.get("/").text)
    assert "<span>Hub database 214 MB, 4 min ago</span>" in measured
    assert "<span>Hub database 214 MB</span>" in browser.get("/").text
    sizes.append((214_000_000, None))
    browser.cookies.clear()
    assert "Hub database" not in browser.get("/login").text


def test_an_acknowledged_alarm_is_on_its_row_and_leaves_it_where_it_stands(browser: Client) -> None:
    report("calm", minutes=100)
    report("taken", minutes=90)
    for customer_id in ("calm", "taken"):
        fall(Customer.objects.get(customer_id=customer_id))
    before = re.findall(r'<tbody id="(c-.*?)"', browser.get("/").text)
    acknowledge(Alarm.objects.order_by("-pk")[0].pk, "they <move> house", now=NOW, by=Actor("kata"))

    html = checked(browser, "/")

    tag = (
        '<span>acknowledged by <bdi>kata</bdi> <time datetime=".*?</time>: “<bdi>they &lt;move&gt; house</bdi>”</span>'
    )
    assert re.search(tag, html[html.index('id="c-taken"') :]) is not None
    assert html.count("acknowledged by") == 1
    assert re.findall(r'<tbody id="(c-.*?)"', html) == before
