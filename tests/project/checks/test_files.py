import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from felhom_hub.base.secret_keys import SecretKey
from felhom_hub.project.checks.files import (
    check_assets_dir,
    check_data_dir,
    check_free_space,
    check_secret_keys,
    judge_free_space,
)
from felhom_hub.project.checks.findings import Finding, Level
from felhom_hub.project.options import Secrets

KEY = "one:" + base64.b64encode(bytes(32)).decode()


def test_a_data_directory_that_is_there_is_fit(tmp_path: Path) -> None:
    assert check_data_dir(tmp_path) == Finding("data directory", Level.OK, f"{tmp_path} is writable")


def test_a_data_directory_that_can_be_made_is_fit_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"
    message = f"{path} does not exist yet; the first start makes it"
    assert check_data_dir(path) == Finding("data directory", Level.OK, message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", [".", "data"])
def test_a_file_in_the_place_of_the_data_directory_fails(tmp_path: Path, below: str) -> None:
    path = tmp_path / "file"
    path.touch()
    message = f"{path} is not a directory; see server.data_dir"
    assert check_data_dir(path / below) == Finding("data directory", Level.FAIL, message)


@pytest.fixture
def _unprivileged() -> Iterator[None]:
    """Root may write everywhere; for this test it is nobody."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


@pytest.mark.usefixtures("_unprivileged")
@pytest.mark.parametrize("below", [".", "felhom-hub/data"])
def test_a_directory_that_is_not_writable_fails(below: str) -> None:
    message = "/usr is not writable for this user; see server.data_dir"
    assert check_data_dir(Path("/usr") / below) == Finding("data directory", Level.FAIL, message)


def test_a_directory_of_assets_that_is_there_or_can_be_made_is_fit(tmp_path: Path) -> None:
    path = tmp_path / "assets"
    message = f"{path} does not exist yet; it is made for the first file"
    assert check_assets_dir(path) == Finding("assets", Level.OK, message)
    path.mkdir()
    assert check_assets_dir(path) == Finding("assets", Level.OK, f"{path} is writable")


def test_a_file_in_the_place_of_the_directory_of_assets_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    message = f"{path} is not a directory: no file can be added; see assets.dir"
    assert check_assets_dir(path / "assets") == Finding("assets", Level.WARN, message)


@pytest.mark.usefixtures("_unprivileged")
def test_assets_that_only_others_can_read_or_write_are_a_warning() -> None:
    unwritable = "/usr is not writable for this user: no file can be added; see assets.dir"
    assert check_assets_dir(Path("/usr")) == Finding("assets", Level.WARN, unwritable)
    assert check_assets_dir(Path("/usr/assets")) == Finding("assets", Level.WARN, unwritable)
    unreadable = "/root is not readable for this user; see assets.dir"
    assert check_assets_dir(Path("/root")) == Finding("assets", Level.WARN, unreadable)


@pytest.mark.parametrize(
    ("free", "total", "level", "message"),
    [
        (50_000_000_000, 100_000_000_000, Level.OK, "50000 MB of 100000 MB are free (50 %)"),
        (500_000_000, 5_000_000_000, Level.OK, "500 MB of 5000 MB are free (10 %)"),
        (499_999_999, 1_000_000_000, Level.WARN, "499 MB of 1000 MB are free (49 %): less than 500 MB or 10 %"),
        (9_999_000_000, 100_000_000_000, Level.WARN, "9999 MB of 100000 MB are free (9 %): less than 500 MB or 10 %"),
        (900_000, 100_000_000_000, Level.FAIL, "0 MB of 100000 MB are free (0 %): no report could be stored"),
        (0, 0, Level.FAIL, "0 MB of 0 MB are free (0 %): no report could be stored"),
    ],
)
def test_little_free_space_is_worth_a_warning(free: int, total: int, level: Level, message: str) -> None:
    assert judge_free_space(free, total) == Finding("free space", level, message)


def test_the_space_of_a_directory_that_is_still_to_be_made_is_that_of_its_disk(tmp_path: Path) -> None:
    assert check_free_space(tmp_path / "a" / "b").check == "free space"


def checked(path: Path, *, has_database: bool = False) -> Finding:
    return check_secret_keys(Secrets(keys=(), key_file=path), has_database=has_database)


def test_keys_of_the_settings_need_no_file(tmp_path: Path) -> None:
    secrets = Secrets(keys=(SecretKey("b", bytes(32)), SecretKey("a", bytes(32))), key_file=tmp_path / "missing")
    finding = Finding("secret keys", Level.OK, "2 given by secrets.keys, b is active")
    assert check_secret_keys(secrets, has_database=True) == finding


def test_a_key_file_is_made_by_the_first_start_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret.keys"
    message = f"{path} does not exist yet; the first start makes it"
    assert checked(path) == Finding("secret keys", Level.OK, message)
    message = f"{path} is missing beside a database, which nobody can then read whole; bring it back"
    assert checked(path, has_database=True) == Finding("secret keys", Level.WARN, message)


@pytest.mark.parametrize(
    ("text", "mode", "level", "message"),
    [
        (KEY, 0o600, Level.OK, "1 in {path}, one is active"),
        (f"{KEY}\n{KEY.replace('one', 'two')}\n", 0o400, Level.OK, "2 in {path}, one is active"),
        (KEY, 0o640, Level.WARN, "{path} can be read by others (mode 640); set it to 600"),
        ("\n", 0o600, Level.FAIL, "{path} holds no key"),
        (
            "one:hunter2",
            0o600,
            Level.FAIL,
            "{path} must hold keys, each id:base64-of-32-bytes, one a line: key 1 is not base64 after its colon",
        ),
        ("\udcff", 0o600, Level.FAIL, "{path} cannot be read: not UTF-8 text (line 1)"),
    ],
)
def test_a_key_file_is_for_the_hub_alone(tmp_path: Path, text: str, mode: int, level: Level, message: str) -> None:
    path = tmp_path / "secret.keys"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(mode)
    assert checked(path) == Finding("secret keys", level, message.format(path=path))


def test_a_key_file_out_of_reach_fails(tmp_path: Path) -> None:
    assert checked(tmp_path) == Finding("secret keys", Level.FAIL, f"{tmp_path} cannot be read: is a directory")
    path = tmp_path / "file"
    path.touch()
    message = f"{path / 'key'} cannot be read: not a directory"
    assert checked(path / "key") == Finding("secret keys", Level.FAIL, message)
