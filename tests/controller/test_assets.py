import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.controller.loopback import LoopbackHub, Told

from felhom_controller import assets
from felhom_controller.assets import FILE_PATH, MANIFEST_PATH, AssetsError, Synced, sync_assets
from felhom_controller.client import HubClient, HubError
from felhom_controller.files import replace_file
from felhom_controller.state import StateDirectory

KEY = "a-secret-key"
A, B = "a-logo.svg", "b-screenshot-1.webp"


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory(tmp_path)


def offer(hub: LoopbackHub, files: dict[str, bytes], **wrong: Any) -> None:
    """The hub has these files; `wrong` is another entry of the manifest."""
    listed = [{"filename": name, "size": len(it), "sha256": sha256(it).hexdigest()} for name, it in files.items()]
    manifest = {"version": 3, "generated": "2026-11-23T12:00:00Z", "files": [*listed, *([wrong] if wrong else [])]}
    hub.pages = {FILE_PATH + name: Told(body=content) for name, content in files.items()}
    hub.pages[MANIFEST_PATH] = Told(body=json.dumps(manifest).encode())


def sync(hub: LoopbackHub, state: StateDirectory) -> Synced:
    return sync_assets(HubClient(hub.url), KEY, state)


def stored(state: StateDirectory) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in state.assets.iterdir()}


def test_what_the_hub_has_is_downloaded_once_with_the_key(hub: LoopbackHub, state: StateDirectory) -> None:
    offer(hub, {A: b"a", B: b"b"})

    first, second = sync(hub, state), sync(hub, state)

    assert (first, second) == (Synced(3, downloaded=(A, B)), Synced(3, same=2))
    assert stored(state) == {A: b"a", B: b"b"}
    paths = [MANIFEST_PATH, FILE_PATH + A, FILE_PATH + B, MANIFEST_PATH]
    assert hub.downloads == [(path, f"Bearer {KEY}") for path in paths]


def test_only_what_changed_is_downloaded(hub: LoopbackHub, state: StateDirectory) -> None:
    offer(hub, {A: b"a", B: b"b"})
    sync(hub, state)
    offer(hub, {A: b"a", B: b"new b"})

    assert sync(hub, state) == Synced(3, downloaded=(B,), same=1)
    assert stored(state) == {A: b"a", B: b"new b"}


def test_what_is_gone_at_the_hub_goes_and_what_was_never_fetched_stays(hub: LoopbackHub, state: StateDirectory) -> None:
    offer(hub, {A: b"a", B: b"b", "c-logo.svg": b"c"})
    sync(hub, state)
    (state.assets / "mine-logo.svg").write_bytes(b"mine")
    (state.assets / "c-logo.svg").write_bytes(b"mine as well, by now")
    offer(hub, {A: b"a"})

    assert sync(hub, state) == Synced(3, removed=(B,), same=1)
    assert stored(state) == {A: b"a", "mine-logo.svg": b"mine", "c-logo.svg": b"mine as well, by now"}
    assert sync(hub, state) == Synced(3, same=1)


def test_hub_that_has_nothing_takes_nothing_away(hub: LoopbackHub, state: StateDirectory) -> None:
    offer(hub, {A: b"a"})
    sync(hub, state)
    offer(hub, {})

    assert sync(hub, state) == Synced(3)
    assert stored(state) == {A: b"a"}


@pytest.mark.parametrize("body", [b"other", b"x" * 100, b""])
def test_bytes_that_are_not_the_manifests_replace_nothing(hub: LoopbackHub, state: StateDirectory, body: bytes) -> None:
    offer(hub, {A: b"old"})
    sync(hub, state)
    offer(hub, {A: b"new", B: b"b"})
    hub.pages[FILE_PATH + A] = Told(body=body)

    assert sync(hub, state) == Synced(3, downloaded=(B,), failed=(A,))
    assert stored(state) == {A: b"old", B: b"b"}


def test_file_that_went_meanwhile_keeps_no_other_from_coming(hub: LoopbackHub, state: StateDirectory) -> None:
    offer(hub, {A: b"a", B: b"b"})
    del hub.pages[FILE_PATH + A]

    assert sync(hub, state) == Synced(3, downloaded=(B,), failed=(A,))


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "..", ".hidden", "a/b", "a\\b", "", "A.svg", "a.svg\n", "a" * 200, "a\0b"]
)
def test_name_that_leads_elsewhere_is_never_written(hub: LoopbackHub, state: StateDirectory, name: str) -> None:
    offer(hub, {A: b"a"}, filename=name, size=1, sha256=sha256(b"a").hexdigest())
    sync(hub, state)

    assert stored(state) == {A: b"a"}
    assert sorted(path.name for path in state.path.iterdir()) == ["assets", "assets-fetched.json", "assets.lock"]
    assert [path for path, _ in hub.downloads] == [MANIFEST_PATH, FILE_PATH + A]


@pytest.mark.parametrize("size", [-1, 17 * 1024 * 1024])
def test_impossible_size_is_not_downloaded(hub: LoopbackHub, state: StateDirectory, size: int) -> None:
    offer(hub, {A: b"a"}, filename=B, size=size, sha256="0" * 64)

    assert sync(hub, state) == Synced(3, downloaded=(A,))


def test_link_and_directory_of_an_assets_name_are_left_alone(hub: LoopbackHub, state: StateDirectory) -> None:
    state.assets.mkdir()
    (state.path / "elsewhere").write_bytes(b"old")
    (state.assets / A).symlink_to(state.path / "elsewhere")
    (state.assets / B).mkdir()
    offer(hub, {A: b"a", B: b"b", "c-logo.svg": b"c"})

    assert sync(hub, state) == Synced(3, downloaded=("c-logo.svg",))
    assert (state.path / "elsewhere").read_bytes() == b"old"


@pytest.mark.parametrize("body", [b"<html>Sign in to the network</html>", b"{}", b"[]", b'{"version": 1, "files": 7}'])
def test_captive_portal_is_no_hub_and_changes_nothing(hub: LoopbackHub, state: StateDirectory, body: bytes) -> None:
    offer(hub, {A: b"a"})
    sync(hub, state)
    hub.pages[MANIFEST_PATH] = Told(body=body)

    with pytest.raises(AssetsError):
        sync(hub, state)
    assert stored(state) == {A: b"a"}


def test_hub_that_fails_in_the_middle_leaves_what_is_whole(hub: LoopbackHub, state: StateDirectory) -> None:
    offer(hub, {A: b"a", B: b"b"})
    hub.pages[FILE_PATH + B] = Told(0)

    with pytest.raises(HubError):
        sync(hub, state)

    assert stored(state) == {A: b"a"}
    offer(hub, {A: b"a", B: b"b"})
    assert sync(hub, state) == Synced(3, downloaded=(B,), same=1)


def test_death_before_a_file_is_replaced_leaves_the_old_one_and_the_next_sync_mends_it(
    hub: LoopbackHub, state: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(hub, {A: b"old", B: b"b"})
    sync(hub, state)
    offer(hub, {A: b"new", B: b"b"})

    def dying(path: Path, content: bytes) -> None:
        if path.name == A:
            raise KeyboardInterrupt
        replace_file(path, content)

    with monkeypatch.context() as patch:
        patch.setattr("felhom_controller.assets.replace_file", dying)
        with pytest.raises(KeyboardInterrupt):
            sync(hub, state)

    assert stored(state) == {A: b"old", B: b"b"}
    assert sync(hub, state) == Synced(3, downloaded=(A,), same=1)


def test_record_that_cannot_be_read_removes_nothing(hub: LoopbackHub, state: StateDirectory) -> None:
    offer(hub, {A: b"a", B: b"b"})
    sync(hub, state)
    state.fetched_assets.write_bytes(b'{"../x": 7')
    offer(hub, {A: b"a"})

    assert sync(hub, state) == Synced(3, same=1)
    assert stored(state) == {A: b"a", B: b"b"}


def test_two_syncs_do_not_run_at_once(hub: LoopbackHub, state: StateDirectory) -> None:
    with assets._alone(state), pytest.raises(AssetsError, match="under way"):
        sync(hub, state)
