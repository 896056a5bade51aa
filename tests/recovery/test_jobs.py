import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from pytest_django import Settings
from structlog.testing import capture_logs
from tests.build import NOW, incoming, make_customer, record
from tests.controller.loopback import LoopbackHub, Told, running_hub
from tests.doors import managed_customer
from tests.recovery.snapshots import body_of, send

from felhom_hub.base.schedule import Unfinished
from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.project.addresses import ListenAddress
from felhom_hub.recovery import jobs, prove, scratch
from felhom_hub.recovery.checks import Examination
from felhom_hub.recovery.drill_outcome import NotDone
from felhom_hub.recovery.drill_queries import due_customers
from felhom_hub.recovery.examine import Known, examine
from felhom_hub.recovery.jobs import check_recovery, drill_who_is_due, remove_old_backups
from felhom_hub.recovery.models import Drill, InfraBackup, RecoveryCheck

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=1000)


def test_old_versions_are_removed_and_the_result_says_how_many() -> None:
    send(*(body_of(n=n) for n in range(40)), every=timedelta(minutes=1))

    assert remove_old_backups(NOW) == "9 removed"
    assert remove_old_backups(NOW + YEARS) == "1 removed"
    assert InfraBackup.objects.count() == 30


def test_a_clock_that_reports_do_not_bear_out_removes_no_month() -> None:
    record([incoming("nagy")])
    send(*(body_of(n=n) for n in range(40)), every=timedelta(minutes=1))

    assert remove_old_backups(NOW + YEARS) == "9 removed"


def test_everybody_is_checked_and_the_result_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_CHECKS_AT_ONCE", 2)
    record([incoming(f"c{number}") for number in range(5)])

    assert check_recovery(NOW) == "5 servers checked"
    assert check_recovery(NOW) == "0 servers checked"
    assert RecoveryCheck.objects.count() == 5

    monkeypatch.setattr(jobs, "_TURN_SECONDS", -1.0)
    with pytest.raises(Unfinished, match="2 servers checked, more to do"):
        check_recovery(NOW + timedelta(days=1))


def failing_for(customer_id: str, error: Exception) -> Callable[..., Examination]:
    """An examination that comes to nothing for this customer."""

    def tried(known: Known, *, now: datetime) -> Examination:
        if known.customer_id == customer_id:
            raise error
        return examine(known, now=now)

    return tried


def test_a_check_that_fails_stops_nobody_elses_and_is_not_first_again(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming(name) for name in ("a", "b", "c")])
    assert check_recovery(NOW) == "3 servers checked"
    before = dict(RecoveryCheck.objects.values_list("customer__customer_id", "states"))
    monkeypatch.setattr(prove, "examine", failing_for("a", ZeroDivisionError("of the examination")))
    send(*(body_of(customer_id) for customer_id in ("a", "b", "c")), every=timedelta())
    tomorrow = NOW + timedelta(days=1)

    with capture_logs() as logs:
        assert check_recovery(tomorrow) == "3 servers checked"
        assert check_recovery(tomorrow) == "0 servers checked"

    (told,) = [entry for entry in logs if entry["event"] == "recovery_check_failed"]
    assert (told["customer"], told["log_level"], told["exc_info"]) == ("a", "error", True)
    failed = RecoveryCheck.objects.get(customer__customer_id="a")
    assert (failed.reason, failed.version) == ("The check itself failed; the hub’s log says why", 1)
    # It could not be rebuilt before, and a check that failed is no reason to think better of it.
    assert (before["a"][0], failed.states, failed.rank) == ("n", "nuuuu", 0)
    assert RecoveryCheck.objects.filter(checked_at=tomorrow).count() == 3


def test_a_check_that_fails_at_first_sight_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming("a")])
    monkeypatch.setattr(prove, "examine", failing_for("a", ZeroDivisionError("of the examination")))

    assert check_recovery(NOW) == "1 server checked"

    assert RecoveryCheck.objects.values_list("states", "rank").get() == ("guuuu", 1)


def test_a_database_that_is_away_is_nobodys_check(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming("a")])
    monkeypatch.setattr(prove, "examine", failing_for("a", OperationalError("database is locked")))

    with pytest.raises(OperationalError):
        check_recovery(NOW)

    assert not RecoveryCheck.objects.exists()


@pytest.fixture
def hub(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackHub]:
    """The hub at its own address, with drills every 90 days."""
    monkeypatch.setattr(scratch, "_IN_MEMORY", tmp_path)
    with running_hub() as running:
        listen = ListenAddress("127.0.0.1", int(running.url.rpartition(":")[2]))
        server = replace(settings.HUB.server, listen=listen)
        drills = replace(settings.HUB.recovery, drill_every=timedelta(days=90))
        settings.HUB = replace(settings.HUB, server=server, recovery=drills)
        yield running


def offer(hub: LoopbackHub, *customer_ids: str) -> None:
    """Managed customers without a snapshot."""
    for customer_id in customer_ids:
        managed_customer(customer_id)
        offer_again(hub, customer_id)


def offer_again(hub: LoopbackHub, customer_id: str) -> None:
    """The hub answers for the customer as it should."""
    config = generate(Customer.objects.get(customer_id=customer_id)).yaml
    document = {"customer_id": customer_id, "config_yaml": config, "infra_backup": None}
    hub.pages[f"/api/v1/recovery/{customer_id}"] = Told(body=json.dumps(document).encode())


def drilled() -> list[tuple[str, str, str]]:
    return list(Drill.objects.order_by("pk").values_list("customer__customer_id", "actor", "result"))


def test_without_a_schedule_nobody_is_drilled() -> None:
    managed_customer("nagy")

    assert (drill_who_is_due(NOW), drilled()) == ("by hand only", [])


def test_who_is_due_is_drilled_and_recorded_as_by_hand(hub: LoopbackHub) -> None:
    make_customer("manual")
    offer(hub, "kiss", "nagy")

    assert drill_who_is_due(NOW) == "2 drills held"
    assert drilled() == [("kiss", "schedule", "failed"), ("nagy", "schedule", "failed")]
    assert drill_who_is_due(NOW + timedelta(days=89)) == "nobody is due"
    assert drill_who_is_due(NOW + timedelta(days=90)) == "2 drills held"


@pytest.mark.on_one_database
def test_a_fleet_that_is_due_at_once_is_drilled_a_few_at_a_time(hub: LoopbackHub) -> None:
    offer(hub, "a", "b", "c", "d")
    with pytest.raises(Unfinished, match="3 drills held, more to do") as more:
        drill_who_is_due(NOW)

    assert more.value.again_at == NOW + timedelta(seconds=30)
    assert drill_who_is_due(NOW) == "1 drill held"
    assert [customer_id for customer_id, _, _ in drilled()] == ["a", "b", "c", "d"]


@pytest.mark.on_one_database
def test_a_hub_that_is_not_there_is_the_jobs_failure_and_no_drill(hub: LoopbackHub) -> None:
    offer(hub, "kiss")
    hub.pages["/api/v1/recovery/kiss"] = Told(503, b'{"ok": false, "error": "busy"}')
    with pytest.raises(NotDone, match="The hub answered 503: busy"):
        drill_who_is_due(NOW)
    assert drilled() == []


@pytest.mark.on_one_database
def test_who_cannot_be_drilled_holds_up_nobody(hub: LoopbackHub) -> None:
    offer(hub, "kiss", "nagy")
    hub.pages["/api/v1/recovery/kiss"] = Told(500, b'{"ok": false, "error": "A mistake"}')

    assert drill_who_is_due(NOW) == "1 drill held; the last one that was not: The hub answered 500: A mistake"
    assert drilled() == [("nagy", "schedule", "failed")]


@pytest.mark.on_one_database
def test_several_who_cannot_be_drilled_do_not_take_each_batch(hub: LoopbackHub) -> None:
    stuck = ("a", "b", "c", "d", "e")
    offer(hub, *stuck, "good")
    for customer_id in stuck:
        hub.pages[f"/api/v1/recovery/{customer_id}"] = Told(500, b'{"ok": false, "error": "A mistake"}')

    with pytest.raises(NotDone):
        drill_who_is_due(NOW)
    with pytest.raises(Unfinished, match="1 drill held; the last one that was not: The hub answered 500: A mistake"):
        drill_who_is_due(NOW + timedelta(minutes=10))

    assert drilled() == [("good", "schedule", "failed")]
    # Who cannot be is still tried, the longest ago first.
    due = due_customers(timedelta(days=90), NOW + timedelta(minutes=20))
    assert [each.customer_id for each in due] == ["a", "b", "c", "d", "e"]
    offer_again(hub, "a")
    with pytest.raises(Unfinished, match="1 drill held"):
        drill_who_is_due(NOW + timedelta(minutes=20))
    due = due_customers(timedelta(days=90), NOW + timedelta(days=100))
    assert [each.customer_id for each in due] == ["good", "a", "d", "e", "b", "c"]


def test_a_passphrase_that_does_not_open_is_a_failed_drill_and_holds_up_nobody(hub: LoopbackHub) -> None:
    offer(hub, "kiss", "nagy")
    of_kiss = Credential.objects.filter(customer__customer_id="kiss", kind="retrieval_password")
    of_kiss.update(envelope=Credential.objects.get(customer__customer_id="nagy", kind="retrieval_password").envelope)

    assert drill_who_is_due(NOW) == "2 drills held"
    assert Drill.objects.get(customer__customer_id="kiss").gaps == [
        "The stored passphrase cannot be opened: A stored secret was changed, or belongs to something else"
    ]
