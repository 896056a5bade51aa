"""The command at a real database; beside a hub that serves, and killed: tests/faults/test_resealing.py."""

import json

from tests.cli.test_customer import PETER, Place, place

__all__ = ["place"]


def test_a_key_is_made_once_and_the_old_one_is_said_to_be_unused(place: Place) -> None:
    revealed = place.document("add", *PETER)
    path = place.directory / "data" / "secret.keys"
    (old,) = path.read_text().splitlines()

    only = json.loads(place.run("rotate-key", "--only-reseal", "--json").stdout)
    first = json.loads(place.run("rotate-key", "--json").stdout)
    second = place.run("rotate-key")

    old_id = old.partition(":")[0]
    assert only == {"active_key": old_id, "made_key": None, "resealed": 0, "unreadable": 0, "unused_keys": []}
    new, *others = path.read_text().splitlines()
    assert others == [old]
    new_id = new.partition(":")[0]
    assert first == {
        "active_key": new_id,
        "made_key": new_id,
        "resealed": 4,
        "unreadable": 0,
        "unused_keys": [old_id],
    }
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout.startswith(f"Sealed anew with key {new_id}: 0.\nNothing is sealed any more with: {old_id}.")
    path.write_text(f"{new}\n")
    assert place.document("show", "kovacs-peter", "--reveal")["api_key"] == revealed["api_key"]


def test_what_no_key_opens_is_said_and_the_command_fails(place: Place) -> None:
    place.customer("add", *PETER)
    path = place.directory / "data" / "secret.keys"
    path.unlink()

    done = place.run("rotate-key", "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["unreadable"] == 4
    assert done.stderr.count("no key opens credential") == 3
