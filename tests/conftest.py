"""The fixtures of all tests, and what is left out on PostgreSQL; `database.py` decides where a run stores."""

from collections.abc import Iterator

import hypothesis
import pytest
from tests.database import PLACE
from tests.servers import postgresql

# SQLite's own properties, and the pages in a browser, which see no database.
NOT_ON_POSTGRESQL = ("sqlite_only", "browser")

# No test may depend on how fast the machine is.
hypothesis.settings.register_profile("felhom", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("felhom")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, tests that have no business there are left out."""
    if config.stash[PLACE].cluster is None:
        return
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in NOT_ON_POSTGRESQL)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


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
def django_db_modify_db_settings(database_server: None) -> None:
    """pytest-django asks for this one before it makes the test database."""
