import base64
import json
from pathlib import Path
from typing import Any

import pytest
from tests.controller.cli.commands import CONTROLLER, ended, environment
from tests.controller.loopback import LoopbackHub, Told
from tests.servers import forked

PATH = "/api/v1/recovery/nagy"
CONFIG = "customer:\n  id: nagy\nhub:\n  api_key: canary-key\n"
BACKUP = {
    "customer_id": "nagy",
    "controller_yaml": base64.b64encode(CONFIG.encode()).decode(),
    "settings_json": "e30=",
    "disk_layout": [{"name": "hdd1", "uuid": "1111", "path": "/mnt/hdd1"}],
    "stacks": [{"name": "immich", "display_name": "Immich\x1b[2J", "data_path": "/mnt/hdd1/immich"}],
    "restic_passwords": {"local": "canary-restic"},
    "member_of_tomorrow": {},
}


def offer(hub: LoopbackHub, backup: Any = BACKUP, **members: Any) -> None:
    document = {"customer_id": "nagy", "config_yaml": CONFIG, "infra_backup": backup, "has_infra_backup": True}
    hub.pages[PATH] = Told(body=json.dumps({**document, **members}).encode())


def set_up(hub: LoopbackHub, tmp_path: Path, *arguments: str, said: str = "alma-kerék-madár-felhő\n") -> Any:
    """The command, run to its end with the passphrase on standard input."""
    common = ("--hub", hub.url, "--customer-id", "nagy", "--state-dir", str(tmp_path / "state"))
    return forked.run(
        [*CONTROLLER, "setup", *common, "--passphrase-file", "-", *arguments], env=environment(), typed=said
    )


def disks_at(tmp_path: Path, *uuids: str) -> str:
    path = tmp_path / "disks.json"
    path.write_text(json.dumps([{"device": f"/dev/sd{uuid}", "uuid": uuid} for uuid in uuids]))
    return str(path)


def test_a_machine_is_set_up_and_the_plan_is_printed(hub: LoopbackHub, tmp_path: Path) -> None:
    offer(hub)
    done = set_up(hub, tmp_path, "--disks", disks_at(tmp_path, "1111", "9999"))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"Written to {tmp_path / 'state'}: settings.json, restic-passwords.json, controller.yaml",
        "",
        "Disks: 1 of 1 found",
        "  hdd1: found as /dev/sd1111, for /mnt/hdd1",
        "  /dev/sd9999: new, described nowhere",
        "",
        "Apps: 1 of 1 can be restored, 1 restic passwords",
        "  Immich\N{REPLACEMENT CHARACTER}[2J: yes, its data lies on hdd1, which was found",
        "",
        "Nothing is missing.",
        "",
        "Nothing was mounted and nothing restored: this controller plans, the one in the box acts.",
    ]
    assert (tmp_path / "state/controller.yaml").read_text() == CONFIG


def test_gaps_end_with_1_and_are_in_the_document(hub: LoopbackHub, tmp_path: Path) -> None:
    offer(hub)
    done = set_up(hub, tmp_path, "--rehearse", "--without", "1111", "--json")
    document = json.loads(done.stdout)

    assert (done.returncode, document["ok"], document["disks_matched"]) == (1, True, 0)
    assert document["gaps"][0] == "hdd1 (UUID 1111) was not found"
    assert "canary" not in done.stdout + done.stderr
    assert (tmp_path / "state/controller.yaml").read_text() == CONFIG


def test_a_rehearsal_finds_what_is_described(hub: LoopbackHub, tmp_path: Path) -> None:
    offer(hub)

    assert set_up(hub, tmp_path, "--rehearse", "--json").returncode == 0


REFUSAL = b'{"ok": false, "error": "%b"}'


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Told(401, REFUSAL % b"wrong"), "the hub answered 401: wrong (the passphrase or the customer id is not right)"),
        (Told(403, REFUSAL % b"blocked"),
         "the hub answered 403: blocked (the operator has blocked this customer; call the operator)"),
        (Told(429, REFUSAL % b"too many", {"Retry-After": "840"}),
         "the hub answered 429: too many; try again in 14 min, or let the operator unlock it"),
        (Told(503, REFUSAL % b"busy"), "the hub answered 503: busy"),
        (Told(200, b"Welcome!"), "something answered, but not as a hub does; is --hub right?"),
        (Told(200, json.dumps({"customer_id": "nagy", "config_yaml": "a: [", "infra_backup": None}).encode()),
         "the configuration is not YAML: it cannot be read in line 1"),
        (Told(200, json.dumps({"customer_id": "nagy", "config_yaml": "customer: {id: kiss}"}).encode()),
         "customer.id must be 'nagy'; this configuration names 'kiss'"),
    ],
)  # fmt: skip
def test_what_the_hub_refuses_is_one_plain_line(hub: LoopbackHub, tmp_path: Path, told: Told, words: str) -> None:
    hub.pages[PATH] = told
    done = set_up(hub, tmp_path)
    scripted = set_up(hub, tmp_path, "--json")

    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"felhom-controller: {words}\n")
    assert (scripted.returncode, json.loads(scripted.stdout)) == (
        1,
        {"ok": False, "error": words, "status": 0 if told.status == 200 else told.status},
    )
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["lock"]


def test_a_hub_that_cannot_be_reached_is_named(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.pages[PATH] = Told(0)
    scripted = set_up(hub, tmp_path, "--json")

    assert json.loads(scripted.stdout)["status"] is None
    assert "cannot be reached" in scripted.stdout


def test_without_a_backup_the_configuration_is_written_and_the_rest_is_told(hub: LoopbackHub, tmp_path: Path) -> None:
    offer(hub, backup=None)
    done = set_up(hub, tmp_path, "--json")

    assert (done.returncode, json.loads(done.stdout)["gaps"]) == (
        1,
        ["The hub has no infrastructure backup of this server"],
    )


@pytest.mark.parametrize(
    ("arguments", "said", "words"),
    [
        (("--without", "1111"), "x", "--without goes with --rehearse"),
        (("--rehearse", "--without", "7"), "x", "the backup describes no disk with the UUID 7"),
        (("--rehearse", "--disks", "-"), "x", "give --disks or --rehearse, not both"),
        ((), "\n", "the passphrase file must hold one line, the passphrase"),
        ((), "a\nb\n", "the passphrase file must hold one line, the passphrase"),
    ],
)
def test_mistakes_end_with_2(
    hub: LoopbackHub, tmp_path: Path, arguments: tuple[str, ...], said: str, words: str
) -> None:
    offer(hub)
    done = set_up(hub, tmp_path, *arguments, said=said)

    assert (done.returncode, done.stderr) == (2, f"felhom-controller: {words}\n")
    assert not (tmp_path / "state/controller.yaml").exists()


def test_a_list_of_disks_that_is_none_is_a_mistake(hub: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / "disks.json").write_text("{}")
    done = set_up(hub, tmp_path, "--disks", str(tmp_path / "disks.json"))

    assert (done.returncode, "must be a JSON list" in done.stderr) == (2, True)


def test_a_passphrase_is_asked_for_by_people_only(hub: LoopbackHub, tmp_path: Path) -> None:
    done = ended("setup", "--hub", hub.url, "--customer-id", "nagy", "--state-dir", str(tmp_path))

    assert (done.returncode, done.stderr) == (
        2,
        "felhom-controller: no passphrase: give --passphrase-file, or - for standard input\n",
    )
    assert hub.downloads == []
