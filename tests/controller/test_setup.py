import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests.controller.loopback import LoopbackHub, Told

from felhom_controller.blueprint import build_fleet, config_of
from felhom_controller.client import HubClient, HubError
from felhom_controller.config import ConfigError
from felhom_controller.disks import FoundDisk, as_described
from felhom_controller.recovered import AnswerError, DescribedDisk, DescribedStack, Recovered, read_answer
from felhom_controller.setup import as_document, fetch, plan, write_state
from felhom_controller.state import StateDirectory
from felhom_controller.synthetic import snapshot_at

CONFIG = b"customer:\n  id: nagy  # a comment\n"
RECOVERED = Recovered(
    CONFIG,
    True,
    b'{"language": "hu"}',
    (DescribedDisk("hdd1", "1111", "/mnt/hdd1"), DescribedDisk("hdd2", "2222", "/mnt/hdd2")),
    (DescribedStack("immich", "Immich", "/mnt/hdd1/immich"), DescribedStack("paperless", "Paperless", "/mnt/hdd2/p")),
    {"/mnt/hdd2/restic": "canary-1", "https://user:canary-2@host/": "canary-3"},
)


def state_at(tmp_path: Path) -> StateDirectory:
    state = StateDirectory(tmp_path / "state")
    state.prepare()
    return state


def test_the_answer_of_the_hub_is_fetched_by_passphrase(hub: LoopbackHub) -> None:
    hub.pages["/api/v1/recovery/nagy"] = Told(body=b'{"customer_id": "nagy", "config_yaml": "a: 1", "x": 1}')

    assert fetch(HubClient(hub.url), "nagy", "alma-kerék").config == b"a: 1"
    with pytest.raises(HubError, match="404"):
        fetch(HubClient(hub.url), "kiss", "alma-kerék")
    hub.pages["/api/v1/recovery/nagy"] = Told(body=b"Welcome to the guest network")
    with pytest.raises(AnswerError):
        fetch(HubClient(hub.url), "nagy", "alma-kerék")


def test_the_files_are_written_byte_for_byte_and_for_their_owner_alone(tmp_path: Path) -> None:
    state = state_at(tmp_path)

    assert write_state(state, "nagy", RECOVERED) == ("settings.json", "restic-passwords.json", "controller.yaml")
    assert state.config.read_bytes() == CONFIG
    assert state.settings.read_bytes() == b'{"language": "hu"}'
    assert json.loads(state.restic_passwords.read_bytes()) == RECOVERED.passwords
    assert {path.name: path.stat().st_mode & 0o777 for path in state.path.iterdir()} == {
        "controller.yaml": 0o600,
        "settings.json": 0o600,
        "restic-passwords.json": 0o600,
    }


def test_what_is_replaced_stays_beside_it(tmp_path: Path) -> None:
    state = state_at(tmp_path)
    state.config.write_bytes(b"customer: {id: nagy, domain: x}\n")
    state.settings.write_bytes(b"{}")
    write_state(state, "nagy", RECOVERED)
    write_state(state, "nagy", RECOVERED)  # once more changes nothing

    assert (state.path / "settings.json.previous").read_bytes() == b"{}"
    assert (state.path / "controller.yaml.previous").read_bytes() == b"customer: {id: nagy, domain: x}\n"
    assert not (state.path / "restic-passwords.json.previous").exists()


def test_a_configuration_of_somebody_else_writes_nothing(tmp_path: Path) -> None:
    state = state_at(tmp_path)

    with pytest.raises(ConfigError):
        write_state(state, "kiss", RECOVERED)
    assert list(state.path.iterdir()) == []


def test_the_document_says_what_can_be_had_back_and_no_secret() -> None:
    done = plan(RECOVERED, lambda _described: [FoundDisk("1111", "/dev/sdz1"), FoundDisk("9999")])
    document = as_document(done, ["controller.yaml"])

    assert document == {
        "ok": True,
        "has_backup": True,
        "written": ["controller.yaml"],
        "disks": [
            {
                "name": "hdd1",
                "uuid": "1111",
                "path": "/mnt/hdd1",
                "role": None,
                "found": True,
                "device": "/dev/sdz1",
            },
            {"name": "hdd2", "uuid": "2222", "path": "/mnt/hdd2", "role": None, "found": False, "device": None},
        ],
        "disks_matched": 1,
        "new_disks": [{"uuid": "9999", "device": "", "fstype": "", "size_gb": None}],
        "stacks": [
            {
                "name": "immich",
                "display_name": "Immich",
                "disk": "hdd1",
                "restorable": True,
                "why": "its data lies on hdd1, which was found",
                "restic_password": True,
            },
            {
                "name": "paperless",
                "display_name": "Paperless",
                "disk": "hdd2",
                "restorable": False,
                "why": "hdd2, where its data lies, was not found, and no disk with backups was found",
                "restic_password": True,
            },
        ],
        "stacks_restorable": 1,
        "restic_passwords": 2,
        "gaps": [
            "hdd2 (UUID 2222) was not found",
            f"Paperless cannot be restored: {document['stacks'][1]['why']}",  # type: ignore[index]
        ],
    }
    assert "canary" not in json.dumps(document) + repr(done)


def test_what_the_reference_controller_backs_up_it_can_set_up_from() -> None:
    machine = build_fleet(7, 1)[0]
    backup = snapshot_at(machine, datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    config = config_of(machine.persona).decode()
    answer = {"customer_id": machine.customer_id, "config_yaml": config, "infra_backup": msgspec.Raw(backup)}
    recovered = read_answer(msgspec.json.encode(answer), machine.customer_id)
    data_disk = next(disk.uuid for disk in recovered.disks if disk.role == "data")

    whole = plan(recovered, lambda described: as_described(described, ()))
    lost = plan(recovered, lambda described: as_described(described, [data_disk]))

    assert (whole.gaps, whole.matching.matched, whole.restorable) == ((), 3, len(machine.stacks or ()))
    assert lost.gaps == (f"hdd1 (UUID {data_disk}) was not found",)
    assert {stack.why for stack in lost.stacks} == {
        "from the restic backup on Mentés: hdd1, where its data lies, was not found"
    }
