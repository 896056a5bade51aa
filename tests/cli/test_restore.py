import sqlite3
from pathlib import Path

import click
import pytest

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
