from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.backups.databases import noted
from tests.build import NOW, incoming, record
from tests.servers.browser import PASSWORD_HASH

from felhom_hub.backups.own_alarms import FAILED, raise_alarm
from felhom_hub.base.models import Job
from felhom_hub.controllers.releases import note_failure, note_tags
from felhom_hub.operators.models import AuditEntry
from felhom_hub.operators.sessions import open_session

JOB = "operators.clean_up_sign_ins"
HOSTILE = "<script>alert(1)</script>\"'{{ 7*7 }}\u202egnp.exe=1+1"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.fleet.background.WAIT_SECONDS", 0.0)


def text_of(browser: Any, path: str = "/configuration") -> str:
    return str(browser.get(path).content.decode())


def test_the_page_tells_jobs_settings_sessions_and_the_hub(browser: Any) -> None:
    page = text_of(browser)

    assert "<title>Settings: all well · felhom hub</title>" in page
    for words in ("Session clean-up", "every 1 h", "report_api_key", "set, hidden", "This browser", "not known yet"):
        assert words in page
    assert PASSWORD_HASH not in page
    assert "the-global-key-of-the-tests" not in page


def test_a_failed_job_is_in_the_title_and_its_error_is_shown_as_text(browser: Any) -> None:
    Job.objects.create(name=JOB, next_at=NOW, started_at=NOW, last_error=f"OSError: {HOSTILE}")

    page = text_of(browser)

    assert "<title>Settings: 1 job failed · felhom hub</title>" in page
    assert "<script>alert" not in page
    assert "OSError: &lt;script&gt;" in page


def test_a_hostile_browser_name_and_address_are_shown_as_text(browser: Any) -> None:
    open_session(password_hash=PASSWORD_HASH, address=HOSTILE, user_agent=HOSTILE, now=NOW)

    page = text_of(browser)

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4  # device and address, each in the button's name too


def test_run_now_asks_for_the_run_and_comes_back_to_the_table(browser: Any) -> None:
    response = browser.post(f"/configuration/jobs/{JOB}/run", {"_csrf": browser.csrf})

    assert (response.status_code, response["Location"]) == (303, f"/configuration?ran={JOB}#jobs")
    assert Job.objects.get(name=JOB).next_at == NOW
    assert list(AuditEntry.objects.values_list("action", "actor", "address")) == [("job_run", "operator", "127.0.0.1")]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"started_at": NOW, "last_result": "2 removed", "duration_ms": 8}, "Session clean-up has run"),
        ({"started_at": NOW, "last_error": "OSError: full"}, "Session clean-up failed"),
        ({"started_at": NOW, "lease_until": NOW}, "Session clean-up runs"),
        ({"next_at": NOW}, "Session clean-up is about to run"),
    ],
)
def test_what_became_of_the_run_is_said_above_the_table(browser: Any, columns: dict[str, Any], words: str) -> None:
    Job.objects.create(name=JOB, **{"next_at": NOW.replace(hour=13), **columns})

    assert f"<h3>{words}</h3>" in text_of(browser, f"/configuration?ran={JOB}")


def test_a_job_that_is_none_is_not_found_and_makes_no_row(browser: Any) -> None:
    assert browser.post("/configuration/jobs/no.such/run", {"_csrf": browser.csrf}).status_code == 404
    assert Job.objects.count() == AuditEntry.objects.count() == 0


def test_run_now_needs_the_token(browser: Any) -> None:
    assert browser.post(f"/configuration/jobs/{JOB}/run").status_code == 403
    assert Job.objects.count() == 0


def test_the_page_refreshes_faster_while_a_job_runs(browser: Any) -> None:
    assert 'data-every="60"' in text_of(browser)
    Job.objects.create(name=JOB, next_at=NOW, started_at=NOW, lease_until=NOW)
    assert 'data-every="15"' in text_of(browser)


def test_queries_do_not_grow_with_sessions(browser: Any) -> None:
    text_of(browser)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            text_of(browser)
        counts.append(len(caught))
        for number in range(3):
            open_session(password_hash=PASSWORD_HASH, address=f"192.0.2.{number}", user_agent="", now=NOW)

    assert counts[0] == counts[1]
    assert counts[0] == {"sqlite": 11, "postgresql": 12}[connection.vendor]


@pytest.mark.usefixtures("no_sign_in", "db")
def test_without_sign_in_the_page_has_no_sessions_and_nothing_to_sign_out(client: Any) -> None:
    page = client.get("/configuration", headers={"host": "localhost"}).content.decode()

    assert "There are no sessions" in page
    assert "Sign out everywhere" not in page


def test_the_newest_release_is_told_with_how_many_are_behind(browser: Any, settings: Any) -> None:
    settings.HUB = replace(settings.HUB, registry=replace(settings.HUB.registry, image="registry.example.org/felhom"))
    record([incoming("a", controller_version="v0.30.0"), incoming("b", controller_version="v0.31.0")])
    assert "not known" in text_of(browser)

    note_tags(["v0.31.0", "v0.32.0-rc.1"], now=NOW)
    page = text_of(browser)
    assert 'v0.31.0, <a href="/?show=update">1 server behind</a>; v0.32.0-rc.1 as a pre-release' in page
    assert '<a href="/configuration/template">built-in</a>' in page

    note_failure("registry.example.org refuses.", now=NOW)
    assert "registry.example.org refuses." in text_of(browser)
    assert "last worked <time" in text_of(browser)


def test_a_hub_that_is_not_backed_up_says_so(browser: Any) -> None:
    page = text_of(browser)

    assert "No backups are made: backup.dir is empty." in page
    assert "Back up now" not in page


def test_the_backup_its_proof_and_its_alarm_are_told_and_a_click_makes_one(browser: Any, settings: Any) -> None:
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir="/backups"))
    noted(f"/backups/{HOSTILE}", NOW - timedelta(hours=9), proven=False)
    raise_alarm("backup", FAILED, "It failed.", now=NOW)
    page = text_of(browser)

    for words in (
        "Backup of this hub",
        "9 h ago",
        "31 MB, 1,204,311 rows",
        "It was changed or cut off",
        "failed, told",
    ):
        assert words in page
    assert "<script>alert" not in page
    response = browser.post("/configuration/jobs/backups.back_up/run", {"_csrf": browser.csrf})
    assert response.status_code == 303
    assert Job.objects.get(name="backups.back_up").next_at == NOW
