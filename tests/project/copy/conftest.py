"""A filled SQLite file, made once, and PostgreSQL databases with the hub's tables, made from one that has them."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.project.copy.places import Place, fill, make_database, make_place

from felhom_hub.base.copy.tables import Table, tables_of_the_hub
from felhom_hub.project.copy.source import Source, open_source
from felhom_hub.project.copy.target import Target, open_target
from felhom_hub.project.database_url import PostgresqlUrl, parse_database_url

_numbers = itertools.count()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, postgresql_cluster: Path) -> Place:
    """Its SQLite file is filled, and its PostgreSQL has the hub's tables, which are empty. For what changes neither."""
    place = make_place(tmp_path_factory.mktemp("filled"), make_database(postgresql_cluster, "tables"))
    fill(place)
    done = place.run("migrate", "--verbosity=0", program=("-m", "django"), FELHOM_HUB_DATABASE__URL=place.url)
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def place(filled: Place, tmp_path: Path, postgresql_cluster: Path) -> Place:
    """A copy of both, to be changed."""
    name = f"copy_{next(_numbers)}"
    place = make_place(tmp_path / "hub", make_database(postgresql_cluster, name, options="TEMPLATE tables"))
    shutil.copy(filled.file, place.file)
    return place


@pytest.fixture
def tables() -> list[Table]:
    return tables_of_the_hub()


@pytest.fixture
def target(place: Place) -> Iterator[Target]:
    with open_target(url_of(place)) as target:
        yield target


@pytest.fixture
def source(filled: Place) -> Iterator[Source]:
    """The filled file as it is."""
    with open_source(filled.file) as source:
        yield source


def url_of(place: Place) -> PostgresqlUrl:
    url = parse_database_url(place.url)
    assert isinstance(url, PostgresqlUrl)
    return url
