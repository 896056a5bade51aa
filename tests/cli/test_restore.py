import sqlite3
from pathlib import Path

import click
import pytest
from tests.cli.processes import ended

from felhom_hub.backups.container import DamagedBackupError
from felhom_hub.base.errors import Conflict
from felhom_hub.base.secrets import SecretsError
from felhom_hub.cli.restore import plainly


@pytest.mark.parametrize(
    ("error", "line", "status"),
    [
        (DamagedBackupError("It was cut off"), "a: It was cut off", 1),
        (Conflict("b is there already"), "b is there already", 2),
        (SecretsError("no key"), "no key", 1),
        (OSError(28, "No space left on device", "/b"), "/b: No space left on device", 2),
        (sqlite3.OperationalError("disk I/O error"), "The database cannot be copied now: disk I/O error", 1),
    ],
)
def test_whatever_is_wrong_is_one_plain_line(error: Exception, line: str, status: int) -> None:
    with pytest.raises(click.ClickException) as raised, plainly(Path("a")):
        raise error

    assert (raised.value.message, raised.value.exit_code) == (line, status)


def test_without_the_keys_it_says_so_and_makes_none(tmp_path: Path) -> None:
    """One that root made would be in the way of the hub's own user, and opens nothing."""
    (tmp_path / "data").mkdir()
    (tmp_path / "hub.yaml").write_text("server: {data_dir: data}\n")
    line = b'{"magic": "felhom-hub-backup", "format": 1, "made_at": "", "version": "", "tables": {}, '
    line += b'"database_bytes": 1, "database_sha256": "", "key": "v1:k1:AAAA:AAAA"}\n'
    (tmp_path / "backup").write_bytes(line)

    done = ended(tmp_path, "restore", "backup", "--to", "data")

    assert (done.returncode, done.stdout) == (2, "")
    assert "data/secret.keys is not there" in done.stderr
    assert list((tmp_path / "data").iterdir()) == []
