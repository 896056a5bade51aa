"""Drills against a hub on the loopback, with the real controller in a process of its own."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.build import NOW, make_customer
from tests.controller.loopback import LoopbackHub, Told, running_hub
from tests.doors import managed_customer
from tests.recovery.snapshots import body_of, send

from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.project.addresses import parse_listen_address
from felhom_hub.recovery import scratch
from felhom_hub.recovery.drill_mark import is_drill
from felhom_hub.recovery.drill_outcome import NotDone
from felhom_hub.recovery.models import Drill, InfraBackup
from felhom_hub.recovery.rehearse import DrillMistake, Rehearsal, own_hub_url, perform_drill

pytestmark = pytest.mark.django_db

PATH = "/api/v1/recovery/nagy"
SNAPSHOT: dict[str, Any] = {
    "customer_id": "nagy",
    "controller_yaml": base64.b64encode(b"a: 1").decode(),
    "settings_json": "e30=",
    "disk_layout": [
        {"name": "hdd1", "uuid": "1111", "path": "/mnt/hdd1"},
        {"name": "hdd2", "uuid": "2222", "path": "/mnt/hdd2"},
    ],
    "stacks": [{"name": "immich", "display_name": "Immich", "data_path": "/mnt/hdd1/immich"}],
    "restic_passwords": {"/mnt/hdd2/restic": "canary"},
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackHub]:
    """One that has the snapshot, and this hub's own configuration, of a managed customer."""
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(scratch, "_IN_MEMORY", tmp_path / "memory")
    passphrase = managed_customer()
    assert passphrase
    send(body_of("nagy", n=1), body_of("nagy", n=2))
    with running_hub() as running:
        offer(running, SNAPSHOT)
        yield running
    assert list((tmp_path / "memory").iterdir()) == []


def offer(hub: LoopbackHub, backup: Any, **members: Any) -> None:
    config = generate(Customer.objects.get()).yaml
    document = {"customer_id": "nagy", "config_yaml": config, "infra_backup": backup, "has_infra_backup": True}
    hub.pages[PATH] = Told(body=json.dumps({**document, **members}).encode())


def perform(hub_url: str, disks: bytes | None = None, without: tuple[str, ...] = ()) -> Drill:
    rehearsal = Rehearsal(hub_url, disks, without)
    return perform_drill(Customer.objects.get(), rehearsal, now=NOW, by=COMMAND_LINE)


def shown(drill: Drill) -> tuple[Any, ...]:
    counts = drill.disks_matched, drill.disks_described, drill.stacks_planned, drill.stacks_all
    return drill.result, drill.gaps, drill.snapshot_version, counts


def test_a_drill_passes_where_everything_is_there_and_is_marked_as_one(hub: LoopbackHub) -> None:
    drill = perform(hub.url)

    assert shown(drill) == ("passed", [], 2, (2, 2, 1, 1))
    assert (drill.started_at, drill.duration_ms > 0, drill.actor) == (NOW, True, "command line")
    (headers,) = hub.own_headers
    assert is_drill(headers["X-Recovery-Drill"], "nagy", NOW)


def test_disks_that_are_lost_are_gaps(hub: LoopbackHub) -> None:
    lost = "hdd2 (UUID 2222) was not found"

    assert shown(perform(hub.url, without=("2222",))) == ("gaps", [lost], 2, (1, 2, 1, 1))
    assert shown(perform(hub.url, disks=b'[{"uuid": "1111"}]')) == ("gaps", [lost], 2, (1, 2, 1, 1))


def test_a_box_that_gets_another_configuration_than_the_hub_makes_is_told(hub: LoopbackHub) -> None:
    offer(hub, SNAPSHOT, config_yaml="customer: {id: nagy}\n")

    gaps = ["The controller.yaml that was written is not the one that the hub makes"]
    assert shown(perform(hub.url)) == ("gaps", gaps, 2, (2, 2, 1, 1))


@pytest.mark.parametrize("status", [401, 403, 429])
def test_what_the_hub_refuses_is_failed(hub: LoopbackHub, status: int) -> None:
    hub.pages[PATH] = Told(status, b'{"ok": false, "error": "No"}')
    drill = perform(hub.url)

    assert (drill.result, drill.gaps[0].startswith(f"The hub answered {status}: No")) == ("failed", True)


def test_a_snapshot_whose_seal_does_not_open_is_failed(hub: LoopbackHub) -> None:
    """A real hub answers 503 for it, which says nothing of the customer; here it is known better."""
    hub.pages[PATH] = Told(503, b'{"ok": false, "error": "The hub cannot open what it keeps sealed"}')
    older, newest = InfraBackup.objects.order_by("version")
    InfraBackup.objects.filter(pk=newest.pk).update(envelope=older.envelope)

    drill = perform(hub.url)

    assert (drill.result, drill.gaps) == (
        "failed",
        ["What the box would get cannot be opened: A stored secret was changed, or belongs to something else"],
    )


def test_a_hub_that_is_not_there_leaves_no_record(hub: LoopbackHub) -> None:
    hub.pages[PATH] = Told(0)
    with pytest.raises(NotDone, match="cannot be reached"):
        perform(hub.url)
    assert Drill.objects.count() == 0


@pytest.mark.parametrize(
    ("disks", "without", "words"),
    [(b"{}", (), "must be a JSON list"), (None, ("7",), "describes no disk with the UUID 7")],
)
def test_what_cannot_be_asked_is_a_mistake_and_no_record(
    hub: LoopbackHub, disks: bytes | None, without: tuple[str, ...], words: str
) -> None:
    with pytest.raises(DrillMistake, match=words):
        perform(hub.url, disks, without)
    assert Drill.objects.count() == 0


def test_a_customer_without_a_passphrase_cannot_be_drilled() -> None:
    make_customer("manual")
    with pytest.raises(DrillMistake, match="manual has no retrieval password"):
        perform("http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("listen", "url"),
    [
        (":8080", "http://127.0.0.1:8080"),
        ("0.0.0.0:80", "http://127.0.0.1:80"),
        ("[::]:80", "http://127.0.0.1:80"),
        ("[::1]:80", "http://[::1]:80"),
        ("192.0.2.1:80", "http://192.0.2.1:80"),
    ],
)
def test_the_hub_is_reached_where_it_listens(monkeypatch: pytest.MonkeyPatch, listen: str, url: str) -> None:
    set_listen(monkeypatch, listen)

    assert own_hub_url() == url


def test_where_the_port_is_not_known_the_address_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    set_listen(monkeypatch, "127.0.0.1:0")
    with pytest.raises(DrillMistake, match="give it with --hub"):
        own_hub_url()


def set_listen(monkeypatch: pytest.MonkeyPatch, listen: str) -> None:

    server = replace(settings.HUB.server, listen=parse_listen_address(listen))
    monkeypatch.setattr(settings, "HUB", replace(settings.HUB, server=server))
