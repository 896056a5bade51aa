"""Filled SQLite files, and PostgreSQL databases with the hub's tables, made from those that are made once."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.project.copy.places import Place, make_database, make_place

from felhom_hub.base.copy.tables import Table, tables_of_the_hub
from felhom_hub.project.copy.source import Source, open_source
from felhom_hub.project.copy.target import Target, open_target
from felhom_hub.project.database_url import PostgresqlUrl, parse_database_url

_numbers = itertools.count()


@pytest.fixture
def place(filled_hub: Place, tmp_path: Path, postgresql_cluster: Path) -> Place:
    """A copy of both, to be changed."""
    name = f"copy_{next(_numbers)}"
    place = make_place(tmp_path / "hub", make_database(postgresql_cluster, name, options="TEMPLATE tables"))
    shutil.copy(filled_hub.file, place.file)
    return place


@pytest.fixture
def tables() -> list[Table]:
    return tables_of_the_hub()


@pytest.fixture
def target(place: Place) -> Iterator[Target]:
    with open_target(url_of(place)) as target:
        yield target


@pytest.fixture
def source(filled_hub: Place) -> Iterator[Source]:
    """The filled file as it is."""
    with open_source(filled_hub.file) as source:
        yield source


def url_of(place: Place) -> PostgresqlUrl:
    url = parse_database_url(place.url)
    assert isinstance(url, PostgresqlUrl)
    return url
