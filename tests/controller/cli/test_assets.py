import json
from hashlib import sha256
from pathlib import Path

from tests.controller.cli.commands import KEY, ended
from tests.controller.loopback import LoopbackHub, Told

PATH = "/api/v1/assets/"


def offer(hub: LoopbackHub, content: bytes, sent: bytes) -> None:
    listed = {"filename": "a-logo.svg", "size": len(content), "sha256": sha256(content).hexdigest()}
    manifest = {"version": 1, "generated": "2026-11-23T12:00:00Z", "files": [listed]}
    hub.pages = {PATH + "manifest": Told(body=json.dumps(manifest).encode()), PATH + "file/a-logo.svg": Told(body=sent)}


def test_assets_are_synced_on_demand(hub: LoopbackHub, tmp_path: Path) -> None:
    offer(hub, b"a", b"a")
    runs = [ended("assets", "--hub", hub.url, "--state-dir", str(tmp_path / "state")) for _ in range(2)]

    assert [(done.returncode, done.stdout) for done in runs] == [
        (0, "1 downloaded, 0 removed, 0 the same\n"),
        (0, "0 downloaded, 0 removed, 1 the same\n"),
    ]
    assert (tmp_path / "state/assets/a-logo.svg").read_bytes() == b"a"
    assert {key for _, key in hub.downloads} == {f"Bearer {KEY}"}


def test_what_did_not_come_is_named_and_the_status_is_1(hub: LoopbackHub, tmp_path: Path) -> None:
    offer(hub, b"a", b"other")
    done = ended("assets", "--hub", hub.url, "--state-dir", str(tmp_path))

    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "felhom-controller: not downloaded: a-logo.svg")


def test_hub_without_assets_is_one_plain_line(hub: LoopbackHub, tmp_path: Path) -> None:
    done = ended("assets", "--hub", hub.url, "--state-dir", str(tmp_path))

    assert (done.returncode, done.stderr) == (1, "felhom-controller: the hub answered 404: not here\n")
