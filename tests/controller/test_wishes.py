import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.controller.loopback import LoopbackHub, Told

from felhom_controller.client import HubClient
from felhom_controller.config import ConfigFile
from felhom_controller.wishes import Doer, do_pending

PATH = "/api/v1/pending/kiss-foto/config"
OLD, NEW = b"customer: {id: kiss-foto}\n", b"customer: {id: kiss-foto, name: Kiss}\n"


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Machine:
    """A controller that has the old file, and what it was asked for."""

    def __init__(self, directory: Path) -> None:
        self.config = ConfigFile(directory / "controller.yaml", "kiss-foto")
        self.config.apply(OLD)
        self.updates: list[str] = []
        self.doer = Doer("kiss-foto", lambda: "its-key", self.config, self.updates.append)

    def do(self, hub: LoopbackHub, **pending: Any) -> bool:
        return do_pending(pending, self.doer, HubClient(hub.url))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_file_that_is_offered_is_fetched_with_its_own_key_and_is_live(hub: LoopbackHub, machine: Machine) -> None:
    hub.pages[PATH] = Told(200, NEW)

    assert machine.do(hub, config_hash=hash_of(NEW))

    assert machine.config.read() == NEW
    assert machine.config.previous_path.read_bytes() == OLD
    assert hub.downloads == [(PATH, "Bearer its-key")]
    assert machine.updates == []


def test_a_file_that_is_live_already_is_not_fetched(hub: LoopbackHub, machine: Machine) -> None:
    assert not machine.do(hub, config_hash=hash_of(OLD))
    assert hub.downloads == []


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        (Told(409, b'{"ok":false,"error":"not now"}'), NEW),
        (Told(403, b'{"ok":false,"error":"not yours"}'), NEW),
        (Told(500), NEW),
        (Told(0), NEW),
        (Told(200, NEW[:-9]), NEW),
        (Told(200, b""), NEW),
        (Told(200, b"customer: {id: nagy}\n"), b"customer: {id: nagy}\n"),
        (Told(200, b"a: [\n"), b"a: [\n"),
        (Told(200, b"x" * (1024 * 1024 + 1)), b"x" * (1024 * 1024 + 1)),
    ],
)
def test_a_wrong_or_broken_answer_leaves_the_old_file(
    hub: LoopbackHub, machine: Machine, told: Told, offered: bytes
) -> None:
    hub.pages[PATH] = told

    assert not machine.do(hub, config_hash=hash_of(offered))

    assert machine.config.read() == OLD
    assert len(hub.downloads) == 1


def test_an_update_is_asked_for_once_for_each_version(hub: LoopbackHub, machine: Machine) -> None:
    assert [machine.do(hub, update_to=version) for version in ("v2", "v2", "v3", "v3")] == [True, False, True, False]
    assert machine.updates == ["v2", "v3"]


@pytest.mark.parametrize("pending", [{}, {"config_hash": 1, "update_to": ["v2"]}, {"update_to": "v" * 65}, {"new": 1}])
def test_what_is_not_understood_is_passed_over(hub: LoopbackHub, machine: Machine, pending: dict[str, Any]) -> None:
    assert not machine.do(hub, **json.loads(json.dumps(pending)))
    assert (hub.downloads, machine.updates, machine.config.read()) == ([], [], OLD)
