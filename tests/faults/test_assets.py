"""The hub is killed while it brings its assets up to the image: every asset is whole afterwards, old or new."""

import contextlib
import http.client
import random
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from tests.servers.hub import Hub

FILES = 150
FILE_BYTES = 100_000
SECONDS = 60.0

Generation = dict[str, bytes]


def write_seed(seed: Path, number: int) -> Generation:
    """The image brings other contents under the same names."""
    chance = random.Random(number)
    made = {f"app{place}-screenshot-1.webp": chance.randbytes(FILE_BYTES) for place in range(FILES)}
    for name, content in made.items():
        (seed / name).write_bytes(content)
    return made


def states(store: Path, old: Generation, new: Generation) -> list[str]:
    """For each asset in the store whether it is the old or the new one; anything else is damage."""
    found = []
    for path in sorted(store.iterdir()):
        if path.name.startswith("."):
            continue  # what the kill left half written has no asset's name
        content = path.read_bytes()
        assert content in {old.get(path.name), new[path.name]}, (path.name, len(content))
        found.append("new" if content == new[path.name] else "old")
    return found


def kill_in_the_middle(hub: Hub, store: Path, new: Generation, chance: random.Random) -> None:
    """The hub dies at a random moment after the first new asset and long before the last."""
    deadline = time.monotonic() + SECONDS
    first = store / min(new)
    while not first.exists() or first.read_bytes() != new[first.name]:
        assert time.monotonic() < deadline, hub.log[-2000:]
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.05))
    hub.kill()


def refresh(hub: Hub) -> None:
    """The button is pressed; nobody waits for the answer."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        hub.post("/assets/refresh", b"", key=None)


@pytest.mark.parametrize("way", ["at the start", "by the button"])
def test_kill_9_in_the_middle_of_a_refresh_leaves_whole_files_only(
    new_hub: Callable[..., Hub], tmp_path: Path, way: str, record_property: Callable[[str, object], None]
) -> None:
    seed, store = tmp_path / "seed", tmp_path / "store"
    seed.mkdir()
    hub = new_hub(settings={"assets.seed_dir": str(seed), "assets.dir": str(store), "auth.password_hash": ""})
    chance = random.Random(way)
    old: Generation = {}
    cut = 0
    for number in range(4):
        if way == "by the button":
            hub.start()
            new = write_seed(seed, number)
            threading.Thread(target=refresh, args=(hub,), daemon=True).start()
        else:
            new = write_seed(seed, number)
            hub.launch()
        kill_in_the_middle(hub, store, new, chance)
        after = states(store, old, new)
        cut += len(set(after)) == 2 or 0 < len(after) < FILES
        hub.start()
        assert states(store, new, new) == ["new"] * FILES
        manifest = hub.get("/api/v1/assets/manifest").document
        assert {file["filename"]: file["sha256"] for file in manifest["files"]} == {
            name: sha256(content).hexdigest() for name, content in new.items()
        }
        hub.terminate()
        old = new
    record_property("refreshes_cut_in_the_middle", f"{cut} of 4")
    assert cut >= 1


def test_version_survives_a_restart_and_grows_with_the_contents(new_hub: Callable[..., Hub], tmp_path: Path) -> None:
    seed = tmp_path / "seed"
    seed.mkdir()
    hub = new_hub(settings={"assets.seed_dir": str(seed), "auth.password_hash": ""})
    manifests = []
    for content in (b"a", b"a", b"b"):
        (seed / "a-logo.svg").write_bytes(content)
        hub.start()
        manifests.append(hub.get("/api/v1/assets/manifest").document)
        hub.terminate()

    assert manifests[0] == manifests[1]
    assert [each["version"] for each in manifests] == [1, 1, 2]
    assert manifests[2]["generated"] > manifests[1]["generated"]
    assert "assets_seeded" in hub.log
