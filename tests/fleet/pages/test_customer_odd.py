"""What others have written, and pages that must hold it all."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.build import incoming, incoming_event, record, record_all_events
from tests.fleet.html import checked, report

from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState

pytestmark = [pytest.mark.django_db, pytest.mark.on_one_database]

HOSTILE = '<script>alert("1")</script>&\'"'


def test_what_others_have_written_is_never_markup(browser: Client) -> None:
    name = HOSTILE
    record(
        [
            incoming(
                "kovacs-peter",
                customer_name=name,
                controller_version=name[:40],
                controller_url=name,
                health={"status": "fail", "issues": [name], "warnings": [name]},
                system={"hostname": name, "os": name, "kernel": name},
                storage=[{"name": name, "path": name, "device": name, "role": name, "state": name, "percent": 97}],
                containers=[{"name": name, "stack": name, "state": name, "health": "unhealthy"}],
                stacks=[{"name": name, "display_name": name, "version": name}],
                app_telemetry=[{"app_name": name, "catalog_memory_limit_mb": 5}],
            )
        ]
    )
    record_all_events([incoming_event(message=name)])
    Customer.objects.update(town=name, domain=name, email=name, phone=name, note=name)

    for path in ("/", "/?sort=disk", "/customers/kovacs-peter", "/?q=%3Cscript%3E", "/?q=%22%3E%3Cscript%3E1"):
        html = checked(browser, path)
        assert "<script>" not in html
        assert html.count("<script src=") == html.count("<script")


LEAVES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
    | st.sampled_from(["9999-12-31T23:59:59Z", "0001-01-02T00:00:00Z", "running", "ok", "-5", HOSTILE])
    | st.sampled_from([[], {}, [[]], [None], {"name": {}}])
)  # fmt: skip
MEMBERS = (
    "name", "state", "status", "health", "percent", "used_gb", "total_bytes", "memory_mb", "restarts", "stack",
    "last_backup_at", "last_db_dump_at", "last_integrity_check_at", "uptime_seconds", "load_1", "cpu_percent",
    "temperature_celsius", "memory_percent", "total", "running", "paths", "issues", "warnings", "mounted", "cpu_cores",
    "memory_used_gb", "memory_total_mb", "disk_percent", "snapshot_count", "repository_size_mb", "last_backup_ok",
)  # fmt: skip
ENTRY = st.dictionaries(st.sampled_from(MEMBERS), LEAVES, max_size=12)
ODD = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("system", "backup", "health", "timestamp", "monitoring_paused"), ENTRY | LEAVES),
        **{
            member: LEAVES | ENTRY | st.lists(ENTRY, max_size=3) | st.fixed_dictionaries({"a": ENTRY, "paths": ENTRY})
            for member in ("storage", "containers", "stacks", "app_telemetry")
        },
    },
)


@given(document=ODD)
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_report_however_odd_breaks_a_page(browser: Client, document: dict[str, Any]) -> None:
    report(**document)

    checked(browser, "/customers/kovacs-peter")
    checked(browser, "/")


@pytest.mark.parametrize(
    ("instant", "is_shown"),
    [
        ("9999-12-31T23:59:59Z", False),
        ("9998-12-31T23:59:59Z", True),
        ("0002-01-01T00:00:00Z", True),
        ("0001-01-02T00:00:00Z", False),
    ],
)
def test_times_far_away_break_no_page(browser: Client, instant: str, is_shown: bool) -> None:
    members = ("last_backup_at", "last_db_dump_at", "last_integrity_check_at")
    report(backup=dict.fromkeys(members, instant), timestamp=instant)

    assert ("App backup" in checked(browser, "/customers/kovacs-peter")) is is_shown
    checked(browser, "/?sort=backup")


@pytest.mark.parametrize(
    ("expected", "same", "words"),
    [
        ("b", None, "differs (reported 4 min ago) Show differences"),
        ("b", "a", "in sync (formatting differs)"),
        ("a", None, "in sync"),
        (None, None, "unknown"),
    ],
)
def test_a_managed_customers_page_says_whether_it_runs_the_hubs_configuration(
    browser: Client, expected: str | None, same: str | None, words: str
) -> None:
    report(minutes=4, config_hash="a")
    Customer.objects.update(is_managed=True)
    NodeState.objects.update(expected_hash=expected, same_hash=same)

    html = checked(browser, "/customers/kovacs-peter")

    (cell,) = re.findall(r"<dt>Config</dt><dd>(.*?)</dd>", html, re.DOTALL)
    assert unescape(" ".join(re.sub(r"<[^>]*>", "", cell).split())) == words
    assert ('href="/customers/kovacs-peter/diff">Show differences' in cell) == (words.startswith("differs"))


def test_of_a_manual_customer_no_configuration_is_compared(browser: Client) -> None:
    report(minutes=4, config_hash="a")

    assert "<dt>Config</dt>" not in checked(browser, "/customers/kovacs-peter")
