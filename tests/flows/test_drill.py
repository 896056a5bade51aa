"""Drills through a real hub: its own address, the real controller, and what stays of one that is killed."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
from tests.controller.loopback import LoopbackHub, Told, running_hub
from tests.servers import forked
from tests.servers.hub import Hub
from tests.servers.hub import running_hub as running_real_hub

from felhom_hub.recovery.scratch import PREFIX, scratch_place

HUB = [sys.executable, "-m", "felhom_hub.cli"]
SECONDS = 120
CANARIES = ("canary-restic-1", "canary-restic-2", "canary-of-the-box")
PERSON = ("--name", "Nagy Anna", "--domain", "nagy.example.hu", "--email", "anna@example.hu")


def command(hub: Hub, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`felhom-hub`, with the hub's settings."""
    return forked.run(
        [*HUB, *arguments],
        cwd=hub.directory,
        env=environment(hub),
    )


def environment(hub: Hub) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    return {**plain, "FELHOM_HUB_CONFIG": str(hub.directory / "hub.yaml")}


def add(hub: Hub, customer_id: str) -> str:
    """There is such a customer; its passphrase."""
    done = command(hub, "customer", "add", customer_id, *PERSON, "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["retrieval_password"])


def snapshot(customer_id: str, **members: Any) -> bytes:
    """A backup as the reference controller sends it."""
    document = {
        "customer_id": customer_id,
        "controller_yaml": base64.b64encode(b"web: {session_secret: canary-of-the-box}").decode(),
        "settings_json": base64.b64encode(b'{"language": "hu"}').decode(),
        "disk_layout": [
            {"name": "Rendszer", "path": "/", "role": "system", "uuid": "aaaa-01"},
            {"name": "hdd1", "path": "/mnt/hdd1", "role": "data", "uuid": "aaaa-02"},
            {"name": "Mentés", "path": "/mnt/backup", "role": "backup", "uuid": "aaaa-03"},
        ],
        "stacks": [
            {"name": "immich", "display_name": "Immich", "data_path": "/mnt/hdd1/immich"},
            {"name": "paperless", "display_name": "Paperless", "data_path": "/srv/paperless"},
        ],
        "restic_passwords": {"local": "canary-restic-1", "cross-drive": "canary-restic-2"},
        **members,
    }
    return json.dumps(document).encode()


def boxed(hub: Hub, customer_id: str, **members: Any) -> str:
    """A customer whose box has sent its backup; the passphrase."""
    passphrase = add(hub, customer_id)
    assert hub.post("/api/v1/infra-backup", snapshot(customer_id, **members)).status == 200
    return passphrase


def drilled(hub: Hub, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Status and document of a drill; no secret was printed, and no directory left."""
    done = command(hub, "drill", *arguments, "--json")
    assert not any(canary in done.stdout + done.stderr for canary in CANARIES)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def of_interest(document: dict[str, Any]) -> dict[str, Any]:
    assert document.pop("duration_ms") > 0
    assert document.pop("started_at")
    return document


def audit(hub: Hub, customer_id: str) -> list[tuple[str, str, str]]:
    """Who did what, but for the customer's beginnings."""
    rows = hub.rows("SELECT customer_id, actor, action, detail FROM operators_auditentry ORDER BY id")
    of_drills = {"recovery_fetched", "drill_done", "secrets_revealed", "secret_revealed"}
    return [row[1:] for row in rows if row[0] == customer_id and row[2] in of_drills]


def test_a_box_with_a_whole_snapshot_passes_and_the_audit_says_that_it_was_a_drill(hub: Hub) -> None:
    passphrase = boxed(hub, "whole")
    status, document = drilled(hub, "whole")

    assert (status, of_interest(document)) == (
        0,
        {
            "customer_id": "whole",
            "by": "command line",
            "result": "passed",
            "gaps": [],
            "snapshot_version": 1,
            "disks_matched": 3,
            "disks_described": 3,
            "stacks_planned": 2,
            "stacks_all": 2,
        },
    )
    assert audit(hub, "whole") == [
        ("a drill", "recovery_fetched", "with version 1"),
        ("command line", "drill_done", "passed"),
    ]
    assert passphrase not in json.dumps(document) + hub.log


@pytest.mark.on_one_database
@pytest.mark.parametrize("name", ['Őri "Béla" 🦔', "no", "012", "a: b # c", "- {x}"])
def test_what_is_written_is_byte_for_byte_what_the_hub_makes(hub: Hub, tmp_path: Path, name: str) -> None:
    customer_id = f"bytes-{name.encode().hex()}"
    done = command(hub, "customer", "add", customer_id, "--name", name, *PERSON[2:], "--json")
    assert done.returncode == 0, done.stderr
    passphrase = json.loads(done.stdout)["retrieval_password"]
    setup = [sys.executable, "-m", "felhom_controller", "setup", "--hub", f"http://127.0.0.1:{hub.port}", "--rehearse"]
    setup += ["--customer-id", customer_id, "--passphrase-file", "-", "--state-dir", str(tmp_path / "state")]
    # Typed as a person would on a telephone's keyboard, in another case.
    forked.run(setup, env=os.environ, typed=passphrase.upper())
    path = f"/api/v1/config/{customer_id}"
    made = hub.request("GET", path, key=None, X_Retrieval_Password=quote(passphrase))

    assert made.status == 200
    assert (tmp_path / "state" / "controller.yaml").read_bytes() == made.body


def test_the_sheet_says_the_same_to_people(hub: Hub) -> None:
    boxed(hub, "sheet")
    done = command(hub, "drill", "sheet", "--without", "aaaa-02", "--without", "aaaa-03")

    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith("took")] == [
        "drill of  sheet",
        "result    with gaps",
        "snapshot  version 1",
        "disks     1 of 3 found",
        "apps      1 of 2 can be restored",
        "found     3 findings",
        "  hdd1 (UUID aaaa-02) was not found",
        "  Mentés (UUID aaaa-03) was not found",
        "  Immich cannot be restored: hdd1, where its data lies, was not found, and no disk with backups was found",
    ]


@pytest.mark.on_one_database
@pytest.mark.parametrize(
    ("name", "members", "gap"),
    [
        ("uuid", {"disk_layout": [{"name": "hdd1", "path": "/mnt/hdd1"}]},
         "hdd1 has no UUID in the backup, so that it cannot be recognised"),
        ("disks", {"disk_layout": []}, "The backup describes no disks"),
        ("password", {"restic_passwords": {}}, "The backup has no restic password: no app backup can be opened"),
        ("stacks", {"stacks": []}, "The backup names no apps"),
        ("base64", {"controller_yaml": "{"}, "The backup's controller.yaml is damaged: it is not base64"),
    ],
)  # fmt: skip
def test_what_a_snapshot_lacks_is_a_gap(hub: Hub, name: str, members: dict[str, Any], gap: str) -> None:
    boxed(hub, f"lacks-{name}", **members)
    status, document = drilled(hub, f"lacks-{name}")

    assert (status, document["result"], gap in document["gaps"]) == (1, "gaps", True)


@pytest.mark.on_one_database
def test_a_described_set_of_disks_is_what_is_found(hub: Hub) -> None:
    boxed(hub, "set")
    path = hub.directory / "disks.json"
    path.write_text(json.dumps([{"device": "/dev/sdx1", "uuid": "AAAA-02", "fstype": "ext4", "size_gb": 931}]))
    status, document = drilled(hub, "set", "--disks", str(path))

    # The system's own disk is what is lost; the app on it would come from the one for backups, which is not there.
    assert (status, document["disks_matched"], document["stacks_planned"]) == (1, 1, 1)


def test_a_blocked_customer_and_one_without_a_snapshot_fail(hub: Hub) -> None:
    boxed(hub, "blocked")
    assert command(hub, "customer", "block", "blocked").returncode == 0
    add(hub, "bare")
    status, blocked = drilled(hub, "blocked")

    assert (status, blocked["result"]) == (1, "failed")
    assert blocked["gaps"][0].startswith("The hub answered 403: The operator has blocked this customer")
    status, bare = drilled(hub, "bare")
    gaps = ["The hub has no infrastructure backup of this server"]
    assert (status, bare["result"], bare["gaps"], bare["snapshot_version"]) == (1, "failed", gaps, None)


@pytest.mark.on_one_database
def test_a_hub_that_does_not_take_the_passphrase_is_a_failed_drill(hub: Hub) -> None:
    boxed(hub, "wrong")
    with running_hub() as other:
        other.pages["/api/v1/recovery/wrong"] = Told(401, b'{"ok": false, "error": "wrong"}')
        status, document = drilled(hub, "wrong", "--hub", other.url)

    assert (status, document["result"]) == (1, "failed")
    assert document["gaps"] == [
        "The hub answered 401: wrong (the passphrase or the customer id is not right)",
    ]


@pytest.mark.on_one_database
def test_where_no_hub_serves_there_is_one_plain_line_and_no_record(hub: Hub) -> None:
    boxed(hub, "nowhere")
    done = command(hub, "drill", "nowhere", "--hub", "http://127.0.0.1:9")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("felhom-hub: no drill of nowhere was held: The hub at http://127.0.0.1:9 cannot be")
    assert audit(hub, "nowhere") == []


def test_the_fleet_is_drilled_and_then_nobody_is_due(hub: Hub) -> None:
    boxed(hub, "fleet-1")
    status, document = drilled(hub, "--all")
    ids = {each["customer_id"] for each in document["drills"]}

    assert ("fleet-1" in ids, "blocked" not in ids, document["error"]) == (True, True, None)
    assert status == int(any(each["result"] != "passed" for each in document["drills"]))
    assert drilled(hub, "--due", "1d") == (0, {"drills": [], "error": None})


class Holding(LoopbackHub):
    """A hub that lets whoever asks wait."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        hold = self.go_on

        class Pages(dict[str, Told]):
            def get(self, path: str, default: Any = None) -> Any:
                hold.wait(SECONDS)
                return super().get(path, default)

        self.pages = Pages()


def count_drills(hub: Hub) -> int:
    return int(hub.rows("SELECT count(*) FROM recovery_drill")[0][0])


def left_over() -> set[Path]:
    return set(scratch_place().glob(f"{PREFIX}*"))


def test_a_kill_in_the_middle_leaves_no_record_and_no_secret_and_the_next_drill_cleans_up(hub: Hub) -> None:
    passphrase = boxed(hub, "killed")
    before, drills = left_over(), count_drills(hub)
    with running_hub(kind=Holding) as holding:
        assert isinstance(holding, Holding)
        drill = [*HUB, "drill", "killed", "--hub", holding.url]
        process = forked.start(drill, cwd=hub.directory, env=environment(hub))
        with holding.changed:
            assert holding.changed.wait_for(lambda: holding.downloads, SECONDS)
        (controller,) = psutil.Process(process.pid).children()
        line = " ".join(controller.cmdline())
        process.send_signal(signal.SIGKILL)
        process.wait()
        controller.kill()
        psutil.wait_procs([controller])
        holding.go_on.set()
    (left,) = left_over() - before
    content = b"".join(path.read_bytes() for path in left.rglob("*") if path.is_file())

    assert (content, passphrase in line) == (b"", False)
    assert (audit(hub, "killed"), count_drills(hub)) == ([], drills)
    assert drilled(hub, "killed")[0] == 0
    assert not left.exists()


@pytest.mark.sqlite_only
def test_a_schedule_drills_whoever_is_due_and_the_hub_goes_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_real_hub(tmp_path_factory.mktemp("hub"), settings={"recovery.drill_every": "90d"}) as scheduled:
        boxed(scheduled, "scheduled")
        scheduled.execute("UPDATE base_job SET next_at = 0 WHERE name = 'recovery.drill_who_is_due'")
        scheduled.wait_until(lambda: count_drills(scheduled) == 1, "the drill is on the record")

        assert audit(scheduled, "scheduled") == [
            ("a drill", "recovery_fetched", "with version 1"),
            ("schedule", "drill_done", "passed"),
        ]
