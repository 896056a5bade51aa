import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from felhom_controller.disks import as_described, match_disks
from felhom_controller.plan import plan_stacks
from felhom_controller.recovered import AnswerError, DescribedDisk, DescribedStack, Recovered, read_answer


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def answer(backup: Any, **members: Any) -> bytes:
    document = {"customer_id": "nagy", "config_yaml": "customer: {id: nagy}\n", "infra_backup": backup, **members}
    return json.dumps(document).encode()


def canonical(**members: Any) -> dict[str, Any]:
    return {
        "customer_id": "nagy",
        "controller_yaml": packed("a: 1"),
        "settings_json": packed("{}"),
        "disk_layout": [
            {"name": "hdd1", "path": "/mnt/hdd1", "device": "/dev/sda1", "fstype": "ext4", "role": "data",
             "total_gb": 931, "uuid": "0f8d"}
        ],
        "stacks": [{"name": "immich", "display_name": "Immich", "data_path": "/mnt/hdd1/immich"}],
        "restic_passwords": {"local": "secret-1"},
        **members,
    }  # fmt: skip


def read(backup: Any) -> Recovered:
    return read_answer(answer(backup), "nagy")


def test_the_canonical_backup_is_read_whole_and_its_secrets_are_not_printed() -> None:
    found = read(canonical(unknown={"member": [1]}))

    assert found == Recovered(
        b"customer: {id: nagy}\n",
        True,
        b"{}",
        (DescribedDisk("hdd1", "0f8d", "/mnt/hdd1", "/dev/sda1", "ext4", "data", 931.0),),
        (DescribedStack("immich", "Immich", "/mnt/hdd1/immich"),),
        {"local": "secret-1"},
    )
    assert "secret-1" not in repr(found)
    assert "id: nagy" not in repr(found)


def test_another_controllers_words_mean_the_same() -> None:
    found = read(
        {
            "controller.yaml": packed("a: 1").rstrip("="),
            "settings.json": packed("[1]"),
            "disk_layout": {"disks": [{"label": "hdd1", "UUID": "0F8D", "mount_point": "/mnt/hdd1", "size_gb": 1}]},
            "deployed_stacks": {"immich": {"hdd_paths": ["/mnt/hdd1/immich", "/mnt/x"]}},
            "restic_password": "one",
            "restic": {"cross": {"password": "two"}, "empty": ""},
            "restic_repositories": [{"repo": "/mnt/hdd1/r", "password": "three"}, {"password": "four"}],
        }
    )

    assert found.disks == (DescribedDisk("hdd1", "0F8D", "/mnt/hdd1", size_gb=1.0),)
    assert found.stacks == (DescribedStack("immich", "immich", "/mnt/hdd1/immich"),)
    assert found.passwords == {
        "restic_password": "one",
        "cross": "two",
        "/mnt/hdd1/r": "three",
        "repository 2": "four",
    }
    assert found.gaps == ()


def test_what_else_is_told_of_restic_is_no_password() -> None:
    places = {"restic_repository": "/mnt/b2/restic", "restic": {"version": "0.16.4", "path": "/mnt/b2/restic"}}
    found = read({**canonical(**places), "restic_passwords": {}})

    assert found.passwords == {}
    assert found.gaps == ("The backup has no restic password: no app backup can be opened",)
    assert read(canonical(restic={"path": "/mnt", "password": "secret-2"})).passwords == {
        "local": "secret-1",
        "password": "secret-2",
    }


@pytest.mark.parametrize(
    ("members", "gaps"),
    [
        ({"controller_yaml": None}, ("The backup has no controller.yaml",)),
        ({"controller_yaml": "no base64!"}, ("The backup's controller.yaml is damaged: it is not base64",)),
        ({"settings_json": "abcde"}, ("The backup's settings.json is damaged: it is not base64",)),
        ({"settings_json": ["x"]}, ("The backup's settings.json is damaged: it is not base64",)),
        ({"settings_json": packed("{")}, ("The backup's settings.json is not JSON",)),
        ({"disk_layout": "none"}, ("The backup describes no disks",)),
        ({"stacks": [1, None, {}]}, ("The backup names no apps",)),
        ({"restic_passwords": {"local": ""}}, ("The backup has no restic password: no app backup can be opened",)),
    ],
)
def test_what_is_missing_or_damaged_is_a_sentence_and_the_rest_is_read(
    members: dict[str, Any], gaps: tuple[str, ...]
) -> None:
    found = read(canonical(**members))

    assert found.gaps == gaps
    assert sum([found.disks == (), found.stacks == (), found.settings is None, not found.passwords]) <= 1


def test_without_a_backup_there_is_the_configuration_and_a_gap() -> None:
    assert read(None) == Recovered(
        b"customer: {id: nagy}\n", False, gaps=("The hub has no infrastructure backup of this server",)
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>Log in to the guest network</html>", "not as a hub does"),
        (b"[" * 100_000, "not as a hub does"),
        (b'{"ok": true}', "not as a hub does"),
        (answer(None, customer_id="kiss"), "another customer"),
        (answer(None, config_yaml=" "), "no configuration"),
        (answer(None, config_yaml={"a": 1}), "no configuration"),
    ],
)
def test_what_is_no_answer_is_refused_in_plain_words(content: bytes, words: str) -> None:
    with pytest.raises(AnswerError, match=words):
        read_answer(content, "nagy")


def test_half_a_character_in_a_name_spoils_nothing() -> None:
    found = read_answer(answer(canonical(stacks=[{"name": "\ud800x"}])), "nagy")

    assert [stack.name for stack in found.stacks] == ["?x"]


@given(st.text(min_size=1).filter(str.strip))
def test_the_configuration_is_what_the_hub_sent_byte_for_byte(config: str) -> None:
    assert read_answer(json.dumps({"customer_id": "nagy", "config_yaml": config}).encode(), "nagy").config == (
        config.encode()
    )


NAMES = st.sampled_from(
    [
        "controller_yaml",
        "settings_json",
        "disk_layout",
        "disks",
        "stacks",
        "restic_passwords",
        "restic",
        "uuid",
        "UUID",
        "name",
        "path",
        "data_path",
        "hdd_paths",
        "password",
        "repository",
        "device",
        "total_gb",
        "role",
        "x",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("/mnt/hdd1")
VALUES = st.recursive(
    SCALARS | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_whatever_a_backup_holds_it_is_read_and_planned_or_refused_in_plain_words(backup: dict[str, Any]) -> None:
    try:
        found = read(backup)
    except AnswerError:  # NaN is no JSON
        return
    for disks in (as_described(found.disks, ()), []):
        matching = match_disks(found.disks, disks)
        stacks = plan_stacks(found.stacks, matching.disks, found.passwords)
        assert (len(matching.disks), len(stacks)) == (len(found.disks), len(found.stacks))
        assert all(stack.why for stack in stacks)
    assert all(found.gaps)
