import errno
import os
import time
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import NoReturn

import pytest

from felhom_hub.assets import listing
from felhom_hub.assets.listing import MAX_FILE_BYTES, AssetFile, files_in


def write(directory: Path, name: str, content: bytes, *, age_seconds: float = 60) -> Path:
    path = directory / name
    path.write_bytes(content)
    at = time.time() - age_seconds
    os.utime(path, (at, at))
    return path


def asset(name: str, content: bytes) -> AssetFile:
    return AssetFile(name, len(content), sha256(content).hexdigest())


def test_assets_are_listed_by_name_with_size_and_hash(tmp_path: Path) -> None:
    write(tmp_path, "b-logo.svg", b"b")
    write(tmp_path, "a-logo.svg", b"aa")

    assert files_in(tmp_path) == (asset("a-logo.svg", b"aa"), asset("b-logo.svg", b"b"))


def test_no_directory_has_no_assets(tmp_path: Path) -> None:
    assert files_in(tmp_path / "none") == ()


def test_directory_that_is_a_file_is_not_taken_for_empty(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        files_in(write(tmp_path, "store", b""))


def test_links_directories_pipes_other_names_and_giants_are_no_assets(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret", b"s")
    (tmp_path / "a-logo.svg").symlink_to(secret)
    (tmp_path / "b-logo.svg").mkdir()
    os.mkfifo(tmp_path / "c-logo.svg")
    write(tmp_path, ".d-logo.svg.new", b"x")
    with write(tmp_path, "e-logo.png", b"").open("r+b") as giant:
        giant.truncate(MAX_FILE_BYTES + 1)
    write(tmp_path, "f-logo.svg", b"f")

    assert files_in(tmp_path) == (asset("f-logo.svg", b"f"),)


def test_known_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a-logo.svg", b"a")
    monkeypatch.setattr(listing, "_SETTLED_NANOSECONDS", -1)
    first = files_in(tmp_path)

    def fail(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(listing, "open_file", fail)

    assert files_in(tmp_path) == first


@pytest.mark.parametrize("settled", [-1, 2_000_000_000])
def test_change_is_seen_at_once_even_with_the_same_size_and_time(
    tmp_path: Path, settled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_SETTLED_NANOSECONDS", settled)
    path = write(tmp_path, "a-logo.svg", b"old")
    status = path.stat()
    assert files_in(tmp_path) == (asset("a-logo.svg", b"old"),)
    time.sleep(0.02)  # the grain of the file system's time

    path.write_bytes(b"new")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert files_in(tmp_path) == (asset("a-logo.svg", b"new"),)


def test_hashes_of_files_that_are_gone_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_SETTLED_NANOSECONDS", -1)
    path = write(tmp_path, "a-logo.svg", b"a")
    files_in(tmp_path)
    assert str(path) in listing._hashes

    path.unlink()
    files_in(tmp_path)

    assert str(path) not in listing._hashes


def test_file_that_cannot_be_read_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything: what the kernel says to others is said here."""
    write(tmp_path, "a-logo.svg", b"a")
    write(tmp_path, "b-logo.svg", b"b")
    opened = listing.open_file

    def denied(path: Path) -> BufferedReader:
        if path.name == "a-logo.svg":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path)

    monkeypatch.setattr(listing, "open_file", denied)

    assert files_in(tmp_path) == (asset("b-logo.svg", b"b"),)


def test_no_file_is_read_again_for_the_next_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        write(tmp_path, f"app{number}-logo.svg", b"x" * 1000)
    monkeypatch.setattr(listing, "_SETTLED_NANOSECONDS", -1)
    first = files_in(tmp_path)

    def unread(path: Path) -> NoReturn:
        raise AssertionError(path)

    monkeypatch.setattr(listing, "open_file", unread)

    assert files_in(tmp_path) == first
    assert len(first) == 100
