from pathlib import Path

import pytest
from django.db import connection
from tests.backups.databases import a_database

from felhom_hub.backups.source import PostgresqlSource, SqliteSource, source_of_hub
from felhom_hub.backups.sqlite_file import count_rows, never_rest


def test_a_file_is_copied_beside_itself(tmp_path: Path) -> None:
    source = SqliteSource(a_database(tmp_path / "data" / "hub.db", rows=9))
    source.copy_into(tmp_path / "copy.db", never_rest)

    assert count_rows(tmp_path / "copy.db") == {"a": 9}
    assert source.place == tmp_path / "data"
    assert source.size_bytes() >= source.database.stat().st_size > 0


@pytest.mark.django_db(transaction=True)
def test_the_hubs_own_database_is_copied_whichever_it_is(tmp_path: Path) -> None:
    source = source_of_hub()
    source.copy_into(tmp_path / "copy.db", never_rest)

    assert isinstance(source, SqliteSource if connection.vendor == "sqlite" else PostgresqlSource)
    assert set(count_rows(tmp_path / "copy.db")) == set(connection.introspection.table_names())
    assert source.size_bytes() > 100_000
    assert source.place.is_dir()
