import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW

from felhom_controller.blueprint import build_machine
from felhom_controller.synthetic import snapshot_at
from felhom_hub.recovery import contents
from felhom_hub.recovery.contents import Contents, Disk, read_contents

YAML = "customer:\n  id: nagy\n  domain: nagy.example.hu\nlogging:\n  level: info\n"


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def read(**members: Any) -> Contents:
    return read_contents(json.dumps({"customer_id": "nagy", **members}).encode())


def test_the_reference_controllers_snapshot_is_whole() -> None:
    machine = build_machine(7, 0)

    found = read_contents(snapshot_at(machine, NOW - timedelta(hours=1)))

    assert (found.broken, found.missing, found.too_large) == ((), (), False)
    assert found.config_customer == machine.persona.customer_id
    assert [disk.name for disk in found.disks] == ["Rendszer", "hdd1", "Mentés"]
    assert all(disk.has_uuid for disk in found.disks)
    assert found.passwords == 2
    assert set(found.stacks) == {stack.name for stack in machine.stacks}


def test_the_names_may_be_others() -> None:
    found = read(
        files={"controller.yaml": packed(YAML), "settings.json": packed('{"a": 1}')},
        disks={"sda1": {"fs_uuid": "ab", "mountpoint": "/mnt/a"}, "sdb": {"partitions": [{"PARTUUID": "cd"}]}},
        stacks_manifest={"stacks": ["immich", {"name": "vaultwarden"}]},
        restic=[{"repository": "local", "password": "p"}, {"repository": "b2", "password": ""}],
    )

    assert found == Contents(
        size_bytes=found.size_bytes,
        config_customer="nagy",
        config_domain="nagy.example.hu",
        keys=5,
        disks=(Disk("sda1", path="/mnt/a", has_uuid=True), Disk("sdb", has_uuid=True)),
        stacks=("immich", "vaultwarden"),
        passwords=1,
    )


@pytest.mark.parametrize(
    ("passwords", "count"),
    [
        ({"local": "a", "b2": "b"}, 2),
        ({"local": {"password": "a"}, "b2": {"password": " "}}, 1),
        ("one", 1),
        ("", 0),
        ({}, 0),
        (None, 0),
        (7, 0),
        (packed('{"local": "a"}'), 1),
    ],
)
def test_passwords_are_counted_in_every_form(passwords: object, count: int) -> None:
    assert read(restic_passwords=passwords).passwords == count


@pytest.mark.parametrize(
    ("members", "count"),
    [
        ({"restic_repository": "/mnt/b2/restic", "restic_version": "0.16.4"}, 0),
        ({"restic_repository": "/mnt/b2/restic", "restic_passwords": {}}, 0),
        ({"restic_repository": "/mnt/b2/restic", "restic_passwords": {"hdd1": "a", "hdd2": "b"}}, 2),
        ({"restic": {"repository": "/mnt/b2/restic", "version": "0.16.4"}}, 0),
        ({"restic": {"repositories": [{"path": "/mnt/a"}, {"path": "/mnt/b", "password": "a"}]}}, 1),
        ({"restic": {"path": "/mnt/a", "passwords": {"hdd1": "a", "hdd2": "b"}}}, 2),
    ],
)
def test_what_else_is_told_of_restic_is_no_password(members: dict[str, object], count: int) -> None:
    found = read(**members)
    assert (found.passwords, "restic passwords" in found.missing) == (count, count == 0)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"controller_yaml": "***"}, "The controller.yaml is cut off or damaged: it is no base64"),
        ({"controller_yaml": packed(YAML)[:-3]}, "The controller.yaml is cut off or damaged: it is no base64"),
        ({"controller_yaml": packed("a: [1")}, "The controller.yaml is cut off or damaged: it is no YAML"),
        ({"settings_json": packed('{"a":')}, "The settings are cut off or damaged"),
        ({"disk_layout": packed('[{"name": "hdd1"')}, "The part with the disk layout is cut off or damaged"),
        ({"stacks_manifest": "###"}, "The part with the apps is cut off or damaged"),
    ],
)
def test_a_part_that_cannot_be_read_is_told(members: dict[str, str], sentence: str) -> None:
    found = read(**members)
    assert found.broken == (sentence,)
    assert len(found.missing) == 4


def test_a_number_of_thousands_of_digits_spoils_nothing() -> None:
    found = read(controller_yaml=packed(f"{YAML}a: {'9' * 5000}\nb: 0x{'f' * 5000}\n"))
    assert (found.config_customer, found.broken, found.keys) == ("nagy", (), 7)


def test_what_is_missing_is_told_and_what_is_empty_is_missing_too() -> None:
    assert read().missing == ("controller.yaml", "settings", "disk layout", "apps", "restic passwords")
    assert read(controller_yaml=YAML, settings={}, disk_layout=[], stacks=[], restic_passwords={}).missing == (
        "disk layout",
        "restic passwords",
    )


@pytest.mark.parametrize("body", [b"", b"nothing", b'{"customer_id": "nagy", "disk_lay', b"\xff"])
def test_what_is_no_json_is_damaged_as_a_whole(body: bytes) -> None:
    found = read_contents(body)
    assert (found.is_readable, found.broken) == (False, ("The snapshot is cut off or damaged",))


def test_a_fact_with_a_name_like_a_parts_is_none() -> None:
    found = read(storage_driver="overlay2", stack_count="12345678", restic_passwords={"disk-1": "secret-of-disk"})
    assert (found.broken, found.disks, found.stacks) == ((), (), ())


def test_no_secret_is_kept() -> None:
    found = read(
        controller_yaml=packed("hub:\n  api_key: fh_canary\n"), restic_passwords={"local": "canary"}, x="canary"
    )
    assert "canary" not in repr(found)


def test_large_ones_are_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(controller_yaml=packed("a: b\n" * 20_000)).too_large
    monkeypatch.setattr(contents, "MAX_BYTES", 100)
    assert read(note="x" * 100) == Contents(
        len(b'{"customer_id": "nagy", "note": "' + b"x" * 100 + b'"}'), too_large=True
    )


def test_names_are_short_lines_and_not_too_many() -> None:
    found = read(
        disk_layout=[{"name": "a\u202eb\n" + "x" * 200, "uuid": "u"}] * 60,
        stacks=[f"app-{number}" for number in range(600)],
    )
    assert (len(found.disks), len(found.stacks)) == (50, 500)
    assert found.disks[0].name.startswith("a\ufffdb xxx")
    assert len(found.disks[0].name) == 80
