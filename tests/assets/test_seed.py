import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from felhom_hub.assets import seed as seeding
from felhom_hub.assets.listing import files_in, open_file
from felhom_hub.assets.seed import Seeding, differing, left_alone_words, seed_store

OLD = {"a-logo.svg": b"old a", "b-logo.svg": b"old b", "mine-logo.svg": b"mine"}
NEW = {"a-logo.svg": b"new a", "b-logo.svg": b"old b", "c-logo.svg": b"new c"}


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    for name, contents in (("seed", NEW), ("store", OLD)):
        (tmp_path / name).mkdir()
        for filename, content in contents.items():
            (tmp_path / name / filename).write_bytes(content)
    return tmp_path / "seed", tmp_path / "store"


def contents(directory: Path) -> dict[str, bytes]:
    return {asset.filename: (directory / asset.filename).read_bytes() for asset in files_in(directory)}


def test_what_differs_is_replaced_and_what_only_the_store_has_stays(places: tuple[Path, Path]) -> None:
    assert differing(*places) == ("a-logo.svg", "c-logo.svg")
    untouched = (places[1] / "b-logo.svg").stat().st_ino

    done = seed_store(*places)

    assert done == Seeding(added=["c-logo.svg"], changed=["a-logo.svg"], same=1)
    assert done.words == "1 asset added (c-logo.svg), 1 asset changed (a-logo.svg), 1 asset the same"
    assert contents(places[1]) == OLD | NEW
    assert (places[1] / "b-logo.svg").stat().st_ino == untouched
    assert differing(*places) == ()
    assert seed_store(*places) == Seeding(same=3)


def test_first_start_makes_the_store(places: tuple[Path, Path], tmp_path: Path) -> None:
    done = seed_store(places[0], tmp_path / "new" / "store")

    assert (len(done.added), contents(tmp_path / "new" / "store")) == (3, NEW)


def test_missing_seed_changes_nothing(places: tuple[Path, Path], tmp_path: Path) -> None:
    done = seed_store(tmp_path / "none", places[1])

    assert done.trouble == f"the seed {tmp_path / 'none'} cannot be read: No such file or directory"
    assert contents(places[1]) == OLD
    assert differing(tmp_path / "none", places[1]) is None


def test_links_directories_and_strange_names_are_left_alone_and_named(places: tuple[Path, Path]) -> None:
    seed, store = places
    (seed / "link-logo.svg").symlink_to("/etc/passwd")
    (seed / "dir-logo.svg").mkdir()
    os.mkfifo(seed / "pipe-logo.svg")
    (seed / "README.md").write_text("hello")
    (seed / "evil\n-logo.svg").write_text("x")
    (store / "c-logo.svg").symlink_to(seed / "README.md")

    done = seed_store(seed, store)

    assert dict(done.left_alone) == {
        "link-logo.svg": "it is a link",
        "dir-logo.svg": "it is no file",
        "pipe-logo.svg": "it is no file",
        "README.md": "no asset has such a name",
        "evil\n-logo.svg": "no asset has such a name",
        "c-logo.svg": "the store has something else of this name",
    }
    assert contents(store) == OLD | {"a-logo.svg": b"new a"}
    assert (seed / "README.md").read_text() == "hello"
    assert all(line.isprintable() for line in left_alone_words(done))
    assert done.words.endswith("6 files left alone")


def test_store_that_cannot_be_written_ends_it_with_the_reason(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_of: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(seeding, "stage", full)

    done = seed_store(*places)

    assert done.trouble == f"{places[1] / 'a-logo.svg'} cannot be written: No space left on device"
    assert contents(places[1]) == OLD


def test_its_time_is_bounded_and_the_next_one_goes_on(places: tuple[Path, Path]) -> None:
    first = seed_store(*places, seconds=-1)

    assert (first.trouble, contents(places[1])) == ("it took longer than -1 s", OLD)
    assert seed_store(*places, seconds=60).trouble == ""


class Killed(BaseException):
    """The process ends here: nothing after it runs, `finally` aside, which a test cannot prevent."""


def steps(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, kill_at: int) -> int:
    """Runs a seeding that dies before its system call number `kill_at`; how many there were."""
    done = 0

    def dying(usual: Callable[..., object]) -> Callable[..., object]:
        def call(*of: object, **more: object) -> object:
            nonlocal done
            done += 1
            if done == kill_at:
                raise Killed
            return usual(*of, **more)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dying(os.fsync))
        patch.setattr(Path, "replace", dying(Path.replace))
        with contextlib.suppress(Killed):
            seed_store(*places)
    return done


@pytest.mark.parametrize("kill_at", range(1, 7))
def test_death_before_any_step_leaves_whole_files_only(
    places: tuple[Path, Path], kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert steps(places, monkeypatch, kill_at) == kill_at

    found = contents(places[1])
    assert all(content in {OLD.get(name), NEW.get(name)} for name, content in found.items())
    assert OLD.keys() <= found.keys()
    seed_store(*places)
    assert contents(places[1]) == OLD | NEW


def test_there_are_no_other_steps(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(places, monkeypatch, 0) == 6


def test_who_reads_a_file_meanwhile_reads_the_old_one_to_its_end(tmp_path: Path) -> None:
    seed, store = tmp_path / "seed", tmp_path / "store"
    for directory, content in ((seed, b"new"), (store, b"old" * 100_000)):
        directory.mkdir()
        (directory / "immich-logo.png").write_bytes(content)

    with open_file(store / "immich-logo.png") as stream:
        begun = stream.read(10)
        assert seed_store(seed, store).changed == ["immich-logo.png"]
        assert begun + stream.read() == b"old" * 100_000

    assert (store / "immich-logo.png").read_bytes() == b"new"
