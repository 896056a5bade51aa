"""The whole move, of databases of each version."""

import json
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest
from tests.build import NOW, incoming, record
from tests.legacy.go_hub import (
    API_KEY,
    FIRST,
    LAST,
    OVERRIDES,
    PASSPHRASE,
    VERSIONS,
    WITH_CONFIGS,
    GoHub,
    Version,
    a_config,
    a_report,
    an_event,
    snapshot_text,
    times,
)

from felhom_hub.base.errors import Conflict
from felhom_hub.base.instants import rfc3339
from felhom_hub.configs.queries import settings_of
from felhom_hub.configs.versions import versions_of
from felhom_hub.customers.auth import CustomerCaller, caller_of
from felhom_hub.customers.credentials import Kind, check_retrieval_password, machine_secrets
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.legacy import move as move_module
from felhom_hub.legacy.kept import Kept, keep_anew, kept_rows
from felhom_hub.legacy.models import KeptRows
from felhom_hub.legacy.move import Moved, move_in
from felhom_hub.legacy.source import open_source
from felhom_hub.notify.models import Delivery, Preferences
from felhom_hub.recovery.queries import content_of
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.telemetry.models import LogIssue, TelemetryHour
from felhom_hub.telemetry.summarise import summarise_all

pytestmark = pytest.mark.django_db

ID = "kovacs-peter"


def filled(path: Path, version: Version) -> GoHub:
    """Two customers, one of them manual, with two days of reports and whatever else the version knew."""
    hub = GoHub(path / "hub.db", version)
    hub.put("reports", *(a_report(each, at) for at in times(192) for each in (ID, "nagy-anna")))
    hub.put("customer_configs", a_config())
    hub.put("events", *(an_event(ID, at) for at in times(4, every=timedelta(days=1))))
    hub.put(
        "customer_notifications",
        {"customer_id": ID, "email": "p@example.hu", "enabled_events": '["backup_failed", "from_a_newer_one"]'},
    )
    log = {"customer_id": ID, "event_type": "backup_failed", "email": "p@example.hu", "status": "sent"}
    hub.put(
        "notification_log", log | {"sent_at": NOW}, log | {"sent_at": NOW, "status": "skipped", "error": "cooldown"}
    )
    hub.put(
        "infra_backup_versions", {"customer_id": ID, "version": 1, "payload": snapshot_text(ID, 1), "created_at": NOW}
    )
    hub.put("infra_backups", {"customer_id": ID, "backup_json": snapshot_text(ID, 2), "updated_at": NOW})
    usage = {"customer_id": ID, "app_name": "immich", "mem_avg_mb": 700.5, "mem_peak_mb": 900.0}
    hub.put("app_telemetry", *(usage | {"reported_at": at} for at in times(480)))
    issue = {"customer_id": ID, "app_name": "immich", "fingerprint": "f1", "severity": "error", "message": "no space"}
    hub.put("app_log_issues", issue | {"occurrences": 7, "first_seen": NOW - timedelta(days=9), "last_seen": NOW})
    hub.put("schema_notes", {"note": "by hand"})
    return hub


def moved(hub: GoHub) -> Moved:
    with open_source(hub.path) as source:
        found = move_in(source, now=NOW, on_rows=lambda _: None)
    summarise_all(NOW)
    return found


def counts(found: Moved) -> dict[str, tuple[int, int, int, int]]:
    assert all(each.adds_up for each in found.tables)
    return {each.table: (each.rows_in, each.stored, each.present, each.refused) for each in found.tables}


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_every_version_is_moved_in_whole_and_once(version: Version, tmp_path: Path) -> None:
    hub = filled(tmp_path, version)

    found = counts(moved(hub))

    assert found["reports"] == (384, 384, 0, 0)
    assert found["infra_backups"] == (1, 1, 0, 0)
    assert found["customer_notifications"] == (1, 1, 0, 0)
    assert found["notification_log"] == (2, 2, 0, 0)
    assert [name for name, (rows, *rest) in found.items() if rows != sum(rest)] == []
    assert set(found) == set(version.tables)
    assert Report.objects.count() == 384
    heard = NodeState.objects.get(customer__customer_id=ID).last_received_at
    assert heard.replace(microsecond=0) == NOW
    assert not Delivery.objects.exclude(result__in=["sent", "skipped"]).exists()
    again = counts(moved(hub))
    assert (again["reports"], again["notification_log"]) == (found["reports"], found["notification_log"])
    assert again["infra_backups"] == (1, 0, 1, 0)
    assert (Report.objects.count(), Delivery.objects.count()) == (384, 2)


def test_no_controller_notices(tmp_path: Path) -> None:
    moved(filled(tmp_path, LAST))

    customer = Customer.objects.get(customer_id=ID)
    caller = caller_of(f"Bearer {API_KEY}", now=NOW)
    assert isinstance(caller, CustomerCaller)
    assert caller.customer_id == ID
    assert check_retrieval_password(ID, PASSPHRASE)
    assert machine_secrets(customer)[Kind.CF_TUNNEL_TOKEN] == "t" * 40
    assert (customer.name, customer.domain, customer.is_managed) == ("Kovács Péter", "kovacs.example.hu", True)
    assert customer.created_at == NOW - timedelta(days=400) + timedelta(milliseconds=123)
    assert settings_of(customer).overrides == OVERRIDES
    assert [each.number for each in versions_of(customer.pk, below=None, limit=9)] == [1]
    manual = Customer.objects.get(customer_id="nagy-anna")
    assert (manual.is_managed, manual.name) == (False, "Kovács Péter")


def test_everything_else_is_where_it_belongs(tmp_path: Path) -> None:
    found = counts(moved(filled(tmp_path, LAST)))

    event = Event.objects.latest("created_at")
    assert (event.event_type, event.details_json, event.message) == (
        "backup_completed", '{"snapshot":"a1"}', "restic: done",
    )  # fmt: skip
    assert Event.objects.count() == 4
    wishes = Preferences.objects.get()
    assert (wishes.email, json.loads(wishes.enabled_events)) == ("p@example.hu", ["backup_failed", "from_a_newer_one"])
    assert sorted(Delivery.objects.values_list("result", "reason", "audience")) == [
        ("sent", "", "customer"),
        ("skipped", "cooldown", "customer"),
    ]
    customer = Customer.objects.get(customer_id=ID)
    for version in (1, 2):
        content = content_of(customer, version)
        assert content is not None
        assert content.body.decode() == snapshot_text(ID, version)
    issue = LogIssue.objects.get()
    assert (issue.fingerprint, issue.count, issue.message) == ("f1", 7, "no space")
    # Of five days two are in the reports as well.
    assert found["app_telemetry"] == (480, 287, 193, 0)
    assert TelemetryHour.objects.filter(customer=customer).count() == 121
    assert found["schema_notes"] == (1, 0, 0, 1)
    assert ("schema_notes", 1, {"note": "by hand", "_why": "the table is not known here"}) in list(kept_rows())


def test_what_is_not_understood_is_kept_sealed_and_told(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", WITH_CONFIGS)
    hub.put("customer_configs", a_config(reseller="a secret of ours"), a_config("not/an id", api_key="b" * 32))
    good, broken = a_report(ID, NOW), a_report(ID, NOW)
    hub.put("reports", good, broken | {"report_json": "{broken"}, broken | {"received_at": "yesterday"})
    hub.run("UPDATE reports SET payload = x'ff00' WHERE id = 2")

    found = counts(moved(hub))

    assert found["customer_configs"] == (2, 1, 0, 1)
    assert found["reports"] == (3, 1, 0, 2)
    kept = {(table, row): values for table, row, values in kept_rows()}
    assert kept["customer_configs", 1] == {"reseller": "a secret of ours"}
    assert kept["customer_configs", 2]["_why"] == "its customer id cannot be one"
    assert kept["customer_configs", 2]["api_key"] == "b" * 32
    assert kept["reports", 2]["payload"] == {"base64": "/wA="}
    assert kept["reports", 3]["_why"] == "its time cannot be read"
    assert "a secret of ours" not in str(list(KeptRows.objects.values_list("envelope", flat=True)))


def test_a_newer_copy_brings_what_is_new_and_overwrites_nothing(tmp_path: Path) -> None:
    hub = filled(tmp_path, LAST)
    moved(hub)
    Customer.objects.filter(customer_id=ID).update(name="Changed here")
    hub.put("reports", a_report(ID, NOW + timedelta(minutes=15)))
    hub.put("events", an_event(ID, NOW + timedelta(minutes=1)))
    hub.put("customer_configs", a_config("toth-bela", api_key="c" * 32))
    hub.run("DELETE FROM reports WHERE id < 100")

    found = counts(moved(hub))

    assert found["reports"] == (385, 385, 0, 0)
    assert found["events"] == (5, 5, 0, 0)
    assert found["customer_configs"] == (2, 1, 1, 0)
    assert Customer.objects.get(customer_id=ID).name == "Changed here"


def test_another_hubs_database_is_refused(tmp_path: Path) -> None:
    moved(filled(tmp_path, LAST))
    (tmp_path / "other").mkdir()
    other = GoHub(tmp_path / "other" / "hub.db", LAST)
    other.put("events", *(an_event("somebody", at) for at in times(9)))

    with pytest.raises(Conflict, match="another Go hub's database"):
        moved(other)
    assert not Customer.objects.filter(customer_id="somebody").exists()


def test_a_move_that_is_stopped_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = filled(tmp_path, LAST)
    portions = []

    def stop(count: int) -> None:
        portions.append(count)
        if sum(portions) > 200:
            raise KeyboardInterrupt

    with open_source(hub.path) as source, pytest.raises(KeyboardInterrupt):
        move_in(source, now=NOW, on_rows=stop)
    assert 0 < Report.objects.count() < 384

    def fail(table: str, rows: Kept, *, read: Collection[int], after: int) -> set[int]:
        if table == "events":
            raise OSError
        return keep_anew(table, rows, read=read, after=after)

    monkeypatch.setattr(move_module, "keep_anew", fail)
    with pytest.raises(OSError):  # noqa: PT011 - the one from above
        moved(hub)
    assert Event.objects.count() == 0
    monkeypatch.undo()

    found = counts(moved(hub))

    assert (found["reports"], found["events"]) == ((384, 384, 0, 0), (4, 4, 0, 0))
    assert (Report.objects.count(), Event.objects.count()) == (384, 4)


def test_what_was_moved_in_meets_what_the_boxes_sent_here_meanwhile(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", FIRST)
    hub.put("reports", *(a_report(ID, at) for at in times(8)))
    record([incoming(ID, received_at=NOW + timedelta(seconds=1), timestamp=rfc3339(NOW))])

    assert counts(moved(hub))["reports"] == (8, 7, 1, 0)
    assert NodeState.objects.get().last_received_at == NOW + timedelta(seconds=1)
