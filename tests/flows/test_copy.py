"""A hub that was moved from its SQLite file to PostgreSQL: nobody who asks it notices."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from tests.build import report_body
from tests.project.copy.places import make_database
from tests.servers.clients import Answer
from tests.servers.hub import API_KEY, running_hub
from tests.structure.callers import OTHER, OWN, PASSWORD, PASSWORD_HASH, Site, make_site, run

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GLOBAL = {"Authorization": f"Bearer {API_KEY}"}
# What is the same however late it is asked for.
DOCUMENTS = (f"/api/v1/infra-backup/{OWN}", f"/api/v1/customers/{OWN}", f"/api/v1/customers/{OWN}/history?hours=24")
PAGES = (
    "/", f"/customers/{OWN}", f"/customers/{OWN}/snapshots", f"/customers/{OWN}/versions", "/events", "/audit",
    "/configs", "/notifications", "/recovery", "/apps", "/configuration", "/assets", "/silences",
)  # fmt: skip


def reports(site: Site, *, at: str) -> dict[str, int]:
    """The status that each caller's next report is answered with."""
    return {
        name: site.call(
            caller, "POST", "/api/v1/report", report_body(customer_id=caller.customer_id, timestamp=at)
        ).status
        for name, caller in site.callers.items()
        if not caller.is_operator
    }


def opened(site: Site) -> list[Answer]:
    """What the passphrase opens, and what a wrong one does."""
    return [
        site.exchange("GET", f"/api/v1/{what}/{OWN}", None, {"X-Retrieval-Password": quote(password)})
        for what in ("config", "recovery")
        for password in (site.passphrase, "not this one")
    ]


def documents(site: Site) -> list[Any]:
    """What the read API says, but for how long ago something was."""
    found = [site.exchange("GET", path, None, GLOBAL).document for path in DOCUMENTS]
    found[1]["customer"].pop("report_age_seconds")
    return found


def test_a_hub_on_the_copy_answers_as_the_hub_before(tmp_path: Path, postgresql_cluster: Path) -> None:
    settings: dict[str, object] = {"auth.password_hash": PASSWORD_HASH}
    with running_hub(tmp_path, settings=settings) as hub:
        site = make_site(hub)
        first = reports(site, at="2026-11-23T12:00:00Z")
        assert {first["own key"], first["global key"], first["wrong key"]} == {200, 401}
        event = {"customer_id": OWN, "event_type": "backup_failed", "severity": "error", "message": "restic: no"}
        assert hub.post("/api/v1/event", json.dumps(event).encode()).status == 200
        assert hub.post("/api/v1/infra-backup", json.dumps({"customer_id": OWN, "stacks": []}).encode()).status == 200
        signed_in = site.exchange("POST", "/login", urlencode({"password": PASSWORD}).encode(), FORM)
        cookie = {"Cookie": signed_in.headers["set-cookie"].partition(";")[0]}
        before = documents(site)
        unlocked = opened(site)
        assert [each.status for each in unlocked] == [200, 401, 200, 401]
        stored = hub.rows("SELECT count(*) FROM reports_report")
        hub.terminate()

        hub.database_url = make_database(postgresql_cluster, "moved")
        assert json.loads(run(hub, "copy-database", "--to", hub.database_url, "--json"))["same"]
        hub.start()

        assert hub.rows("SELECT count(*) FROM reports_report") == stored
        assert documents(site) == before
        assert [(each.status, each.body) for each in opened(site)] == [(each.status, each.body) for each in unlocked]
        pages = {path: site.exchange("GET", path, None, cookie) for path in PAGES}
        assert {path: page.status for path, page in pages.items()} == dict.fromkeys(PAGES, 200)
        assert f"Customer {OTHER}".encode() in pages["/configs"].body
        assert reports(site, at="2026-11-23T12:15:00Z") == first
        assert hub.rows("SELECT count(*) FROM reports_report")[0] > stored[0]
        assert site.call(site.callers["operator"], "POST", f"/customers/{OWN}/unlock", b"").status == 303
        assert "Traceback" not in hub.log
