"""The database of a hub that has started once and holds nothing, made once in a run and copied for each hub.

Making the tables takes longer than all else that a hub does at its start. A test that is about that gives its hub
`fresh=True`, or starts it by `felhom-hub serve`. With `pytest --cold-starts`, and outside of pytest, hubs get no copy.
"""

import atexit
import os
import shutil
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

from tests.servers import forked, postgresql

_TEMPLATE = "felhom_migrated"
_making = threading.Lock()


def place_file(file: Path) -> None:
    """It is such a SQLite file; its directory must be there."""
    with _making:
        made = _make_file()
    shutil.copyfile(made, file)
    file.chmod(made.stat().st_mode)


def create_database(cluster: Path, name: str) -> str:
    """The `database.url` of such a database, in the PostgreSQL that runs in the directory."""
    with _making:
        _make_template(cluster)
        return postgresql.create_database(cluster, name, template=_TEMPLATE)


@cache
def _make_file() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="felhom-migrated-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    _migrate(FELHOM_HUB_SERVER__DATA_DIR=str(directory))
    return directory / "hub.db"


@cache
def _make_template(cluster: Path) -> None:
    _migrate(FELHOM_HUB_DATABASE__URL=postgresql.create_database(cluster, _TEMPLATE))


def _migrate(**settings: str) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    done = forked.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        env=plain | {"DJANGO_SETTINGS_MODULE": "felhom_hub.project.settings"} | settings,
    )
    assert done.returncode == 0, done.stderr
