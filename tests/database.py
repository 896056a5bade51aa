"""A pytest plugin, loaded before Django: which database a run is on, and the settings that all tests share.

`--database=postgresql` (or the environment variable FELHOM_TEST_DATABASE) runs the suite on a PostgreSQL that the
tests start themselves; else it runs on a SQLite file. `conftest.py` holds what comes after Django's settings.
"""

import base64
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.servers import postgresql

DATABASES = ("sqlite", "postgresql")
VARIABLE = "FELHOM_TEST_DATABASE"


@dataclass(frozen=True)
class Place:
    """Where a run keeps its files; `cluster` is the directory of its PostgreSQL, None on SQLite."""

    data: Path
    cluster: Path | None


PLACE = pytest.StashKey[Place]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --database."""
    default = os.environ.get(VARIABLE, DATABASES[0])
    if default not in DATABASES:
        raise pytest.UsageError(f"{VARIABLE} must be one of {', '.join(DATABASES)}, not {default!r}")
    parser.addoption("--database", choices=DATABASES, default=default, help=f"where the tests store (or {VARIABLE})")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Django's settings, which pytest-django is about to import, see the tests' environment and no other."""
    cluster = None
    if early_config.known_args_namespace.database == "postgresql":
        try:
            postgresql.find_binaries()
            cluster = postgresql.make_directory()
        except postgresql.MissingError as error:
            raise pytest.UsageError(str(error)) from None
    place = Place(Path(tempfile.mkdtemp(prefix="felhom-hub-tests-")), cluster)
    early_config.stash[PLACE] = place
    for variable in [name for name in os.environ if name.startswith("FELHOM_HUB_")]:
        del os.environ[variable]
    os.environ |= {
        "FELHOM_HUB_SERVER__LISTEN": "127.0.0.1:0",
        "FELHOM_HUB_SERVER__DATA_DIR": str(place.data),
        "FELHOM_HUB_API__REPORT_API_KEY": "the-global-key-of-the-tests",
        "FELHOM_HUB_REGISTRY__IMAGE": "",  # no test asks a registry that is not of its own
        "FELHOM_HUB_SECRETS__KEYS": f"tests:{base64.b64encode(bytes(range(32))).decode()}",
    }
    if place.cluster is not None:
        os.environ["FELHOM_HUB_DATABASE__URL"] = postgresql.database_url(place.cluster, "felhom")


def pytest_report_header(config: pytest.Config) -> str:
    """Says which database the run is on."""
    import sqlite3  # noqa: PLC0415 - the settings have put our own in its place by now

    return f"database: {config.getoption('database')}; SQLite {sqlite3.sqlite_version}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing of a run stays behind."""
    place = config.stash.get(PLACE, None)
    for directory in (place.data, place.cluster) if place else ():
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)
