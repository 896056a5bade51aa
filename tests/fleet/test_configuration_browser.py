"""Settings, audit and first steps in real Chromium: both themes, both widths, by keyboard, and without scripts."""

import shutil
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.backups.databases import noted
from tests.build import make_customer, make_node
from tests.servers.browser import PASSWORD_HASH, NewPage, overflow, refresh, unsound
from tests.servers.job_loop import job_loop

from felhom_hub.backups.own_alarms import FAILED, raise_alarm
from felhom_hub.base.instants import utc_now
from felhom_hub.base.models import DatabaseSize, Job
from felhom_hub.base.schedule import JOBS, load_jobs, run_due
from felhom_hub.base.storage import watch_intake
from felhom_hub.operators.audit import COMMAND_LINE, Actor, record_audit
from felhom_hub.operators.models import Session
from felhom_hub.operators.sessions import open_session

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}\u202egnp'
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Version/26.0 Mobile Safari/604.1"


@pytest.fixture(autouse=True)
def quiet_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    load_jobs()
    monkeypatch.setattr("felhom_hub.base.storage._watched", [])


def a_busy_hub() -> None:
    now = utc_now()
    run_due(now - timedelta(minutes=12))
    Job.objects.filter(name="operators.clean_up_sign_ins").update(last_result="2 removed", duration_ms=8)
    Job.objects.filter(name="events.move_counted_window").update(last_error="OperationalError: database is locked")
    Job.objects.filter(name="base.note_database_size").update(lease_until=now + timedelta(minutes=4))
    for days_ago in range(20):
        day = now.date() - timedelta(days=days_ago)
        DatabaseSize.objects.update_or_create(day=day, defaults={"size_bytes": 214_000_000 - days_ago * 1_200_000})
    for address, agent, hours in (("94.21.60.3", IPHONE, 70), ("185.43.10.9", FIREFOX, 140)):
        open_session(password_hash=PASSWORD_HASH, address=address, user_agent=agent, now=now - timedelta(hours=hours))


def an_audit() -> None:
    now = utc_now()
    operator = Actor("operator", "10.8.0.4")
    for hours, action, by, customer, detail in (
        (1, "secrets_revealed", operator, "papp-boraszat", ""),
        (2, "customer_blocked", operator, "biro-tamas", ""),
        (3, "signed_in", operator, "", "Firefox, Linux"),
        (27, "sign_in_paused", Actor("nobody", "203.0.113.40"), "", "5 in 24 h, next try in 5 min"),
        (30, "customer_added", COMMAND_LINE, "szabo-peter", "Szabó Péter"),
        (31, "api_key_made", COMMAND_LINE, "szabo-peter", ""),
    ):
        record_audit(action, by=by, now=now - timedelta(hours=hours), customer_id=customer, detail=detail)


def test_the_settings_can_be_used_by_everybody(page: Page) -> None:
    a_busy_hub()
    page.goto("/configuration")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"1 of {len(JOBS)} background jobs failed")
    assert unsound(page, "configuration-busy") == []
    page.get_by_role("link", name="Sign out everywhere…").click()
    expect(page.get_by_role("dialog")).to_contain_text("3 browsers are signed in")
    assert unsound(page, "configuration-sign-out") == []


def test_the_hubs_own_backup_can_be_read_by_everybody(
    page: Page, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = utc_now()
    usage = SimpleNamespace(total=10_000_000_000, free=24_000_000)  # 20 days of what a busy hub grows by
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    a_busy_hub()
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir="/srv/backups"))
    page.goto("/configuration")
    expect(page.locator("#backup")).to_contain_text("not yet")
    noted("/srv/backups/hub-20261127T023000Z.felhom-backup", now - timedelta(hours=9))
    refresh(page)
    expect(page.locator("#backup")).to_contain_text("restored and compared")
    expect(page.locator("#hub")).to_contain_text("in 20 days at the present growth")

    noted("/srv/backups/hub-20261128T023000Z.felhom-backup", now - timedelta(hours=1), proven=False)
    raise_alarm("backup", FAILED, "It failed.", now=now)
    refresh(page)
    expect(page.locator("#backup")).to_contain_text("failed, told")
    assert unsound(page, "configuration-backup-failed") == []


def test_the_audit_can_be_used_by_everybody(page: Page) -> None:
    an_audit()
    for state, path in (
        ("full", "/audit"),
        ("narrowed", "/audit?customer=szabo-peter&q=key"),
        ("none", "/audit?q=xyz"),
    ):
        page.goto(path)
        assert unsound(page, f"audit-{state}") == []


def test_the_first_steps_and_the_question_can_be_used_by_everybody(page: Page) -> None:
    for name, path in (("setup-begun", "/setup"), ("sign-out-question", "/configuration/sign-out"), ("empty", "/")):
        page.goto(path)
        assert unsound(page, name) == []


def test_trouble_can_be_read_by_everybody(page: Page) -> None:
    watch_intake(lambda: "the disk is full")
    for name, path in (("trouble-404", "/no-such-page"), ("intake-refused", "/configuration")):
        page.goto(path)
        expect(page.get_by_role("alert")).to_contain_text("Reports are refused: the disk is full")
        assert unsound(page, name) == []


def test_a_job_is_run_by_keyboard_and_its_result_is_said(page: Page) -> None:
    with job_loop():
        page.goto("/")
        page.keyboard.press("g")
        page.keyboard.press("s")
        page.get_by_role("button", name="Run now Session clean-up").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#jobs .note")).to_contain_text("Session clean-up has run")

    expect(page.locator("#jobs .note")).to_contain_text("0 removed")


def test_a_refresh_tells_when_a_long_job_is_done(page: Page) -> None:
    now = utc_now()
    job = Job.objects.create(
        name="operators.clean_up_sign_ins", next_at=now, started_at=now, lease_until=now + timedelta(minutes=5)
    )
    page.goto(f"/configuration?ran={job.name}")
    expect(page.locator("#jobs .note")).to_contain_text("Session clean-up runs")
    expect(page.get_by_role("button", name="Runs… Session clean-up")).to_be_disabled()
    Job.objects.update(lease_until=None, next_at=now + timedelta(hours=1), last_result="2 removed", duration_ms=4100)

    refresh(page)

    expect(page.locator("#jobs .note")).to_contain_text("2 removed, 4.1 s")
    expect(page.get_by_role("button", name="Run now Session clean-up")).to_be_enabled()


def test_sessions_and_this_browser_work_without_scripts(new_page: NewPage) -> None:
    a_busy_hub()
    page = new_page(scripts=False)
    page.goto("/configuration")
    page.get_by_role("button", name="Revoke Safari, iPhone at 94.21.60.3").click()
    expect(page.get_by_role("status").filter(has_text="signed out")).to_contain_text("That browser is signed out.")
    page.get_by_label("Refresh every 60 s").uncheck()
    page.get_by_role("button", name="Save for this browser").click()
    expect(page.get_by_label("Refresh every 60 s")).not_to_be_checked()
    page.get_by_role("group", name="Theme").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("group", name="Theme").get_by_role("button", name="System").click()
    expect(page.locator("html[data-theme]")).to_have_count(0)
    page.get_by_role("link", name="Sign out everywhere…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign out everywhere?")
    page.get_by_role("button", name="Sign out everywhere").click()

    expect(page.get_by_label("Operator password")).to_be_visible()
    assert Session.objects.count() == 0


def test_a_refresh_that_is_off_stays_off_until_it_is_resumed(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/configuration")
    page.get_by_label("Refresh every 60 s").uncheck()
    page.get_by_role("button", name="Save for this browser").click()

    expect(page.locator("#live")).to_contain_text("paused")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#live")).to_contain_text("every 60 s")


def test_hostile_names_are_inert(page: Page) -> None:
    now = utc_now()
    open_session(password_hash=PASSWORD_HASH, address=HOSTILE, user_agent=HOSTILE, now=now)
    record_audit(
        HOSTILE[:64], by=Actor(HOSTILE[:100], HOSTILE[:45]), now=now, customer_id=HOSTILE, detail=HOSTILE * 150
    )
    Job.objects.create(name="operators.clean_up_sign_ins", next_at=now, started_at=now, last_error=HOSTILE)
    for path in ("/configuration", "/audit", "/configuration/sign-out"):
        page.goto(path)
        assert page.evaluate("window.hit") is None
        assert page.locator("img").count() == 0
        assert overflow(page) == 0


def test_the_banner_of_a_refusing_intake_comes_and_goes_with_the_refresh(page: Page) -> None:
    reasons: list[Any] = [None]
    watch_intake(lambda: reasons[0])
    make_node(make_customer())
    page.goto("/configuration")
    expect(page.get_by_role("alert")).to_have_count(0)

    reasons[0] = "it is read-only"
    refresh(page)
    expect(page.get_by_role("alert")).to_contain_text("Reports are refused: it is read-only")

    reasons[0] = None
    refresh(page)
    expect(page.get_by_role("alert")).to_have_count(0)
