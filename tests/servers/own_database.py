"""A database of its own for each test hub, on whichever database the run is about."""

import pytest
from tests.database import PLACE
from tests.servers import forked, migrated, postgresql


def make_database(config: pytest.Config, name: str) -> str | None:
    """The `database.url` of a new database without rows; None on SQLite, where every hub has its own file anyway.

    On PostgreSQL the fixture `database_server` must be there already.
    """
    cluster = config.stash[PLACE].cluster
    if cluster is None:
        return None
    return migrated.create_database(cluster, name) if forked.is_on() else postgresql.create_database(cluster, name)
