"""A database of its own for each test hub, on whichever database the run is about."""

import psycopg
import pytest
from psycopg import sql
from tests.database import PLACE
from tests.servers import postgresql


def make_database(config: pytest.Config, name: str) -> str | None:
    """The `database.url` of a new, empty database; None on SQLite, where every hub has its own file anyway.

    On PostgreSQL the fixture `database_server` must be there already.
    """
    cluster = config.stash[PLACE].cluster
    if cluster is None:
        return None
    with psycopg.connect(postgresql.database_url(cluster, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return postgresql.database_url(cluster, name)
