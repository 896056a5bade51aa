"""The fixtures of all tests, and what is left out on PostgreSQL; `database.py` decides where a run stores."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from tests.database import PLACE
from tests.project.copy.places import Place, fill, make_place
from tests.servers import postgresql
from tests.servers.migrated import create_database
from tests.servers.pages import Pages, running_pages

# SQLite's own properties, what would say the same again, and the pages in a browser, which see no database.
NOT_ON_POSTGRESQL = ("sqlite_only", "on_one_database", "browser")
# Seconds, in place of what pyproject.toml gives to all others.
LONG_TIMEOUT = 3 * 3600
# Whatever stores where the run does asks for one of these, or has the mark `django_db`. All other tests would say the
# same again, at the price of minutes.
USES_THE_DATABASE = {"db", "transactional_db", "database_server"}

# No test may depend on how fast the machine is. The long rounds look at more examples than the quick ones.
for profile, examples in (("quick", 40), ("long", 200)):
    too_slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile(profile, deadline=None, suppress_health_check=too_slow, max_examples=examples)


def pytest_configure(config: pytest.Config) -> None:
    """Where the long tests run, those with examples by chance look at more of them."""
    hypothesis.settings.load_profile("quick" if "not long" in config.option.markexpr else "long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests may take their time; on PostgreSQL, tests that have no business there are left out."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(LONG_TIMEOUT))
    if config.stash[PLACE].cluster is None:
        return
    kept = [item for item in items if belongs_on_postgresql(item)]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if not belongs_on_postgresql(item)])
        items[:] = kept


def belongs_on_postgresql(item: pytest.Item) -> bool:
    """True for what uses the run's database, be it through a hub in a process of its own."""
    if any(item.get_closest_marker(name) for name in NOT_ON_POSTGRESQL):
        return False
    asked_for = USES_THE_DATABASE.intersection(getattr(item, "fixturenames", ()))
    return bool(asked_for) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def database_server(pytestconfig: pytest.Config) -> Iterator[None]:
    """The server that the settings name answers; SQLite needs none."""
    cluster = pytestconfig.stash[PLACE].cluster
    if cluster is None:
        yield
        return
    with postgresql.running_cluster(cluster):
        yield


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Path]:
    """The directory of a PostgreSQL beside the run's own database, for what is about both kinds at once."""
    directory = postgresql.make_directory()
    try:
        with postgresql.running_cluster(directory):
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def filled_hub(tmp_path_factory: pytest.TempPathFactory, postgresql_cluster: Path) -> Place:
    """Its SQLite file is filled, and its PostgreSQL has the hub's tables, which are empty. For what changes neither."""
    place = make_place(tmp_path_factory.mktemp("filled"), create_database(postgresql_cluster, "tables"))
    fill(place)
    return place


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None) -> None:
    """pytest-django asks for this one before it makes the test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:  # noqa: ARG001 - pytest-django's own, which makes it
    """The audit, which nothing can empty, is emptied between two tests with transactions of their own."""
    from django.db import connection, transaction  # noqa: PLC0415 - after Django's settings

    from felhom_hub.base.db import lift_append_only, make_append_only  # noqa: PLC0415 - likewise

    operations, audit = type(connection.ops), "operators_auditentry"
    flush = operations.execute_sql_flush

    def flush_with_the_audit(self: Any, statements: Any) -> None:
        with transaction.atomic():
            lift_append_only(connection, audit)
            flush(self, statements)
            make_append_only(connection, audit)

    def delete_all(self: Any, style: Any, tables: Any, **choices: Any) -> list[str]:  # noqa: ARG001 - Django's signature
        rows = [f"DELETE FROM {self.quote_name(table)}" for table in tables]  # noqa: S608 - our tables' names
        return ["SET LOCAL session_replication_role = replica", *rows, "SET LOCAL session_replication_role = DEFAULT"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_with_the_audit)
        if connection.vendor == "postgresql":
            # TRUNCATE makes a new file of each table: a tenth of a second, of which a test has some rows.
            patch.setattr(operations, "sql_flush", delete_all)
        yield


@pytest.fixture
def pages() -> Iterator[Pages]:
    """A server that answers as the test says."""
    with running_pages() as pages:
        yield pages


@pytest.fixture
def elsewhere() -> Iterator[Pages]:
    """Another one, as if at another host."""
    with running_pages() as pages:
        yield pages
