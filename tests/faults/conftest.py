"""The hubs that the fault tests torment: one for all tests of a file that leave it whole, else a fresh one."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.servers.hub import Hub, running_hub
from tests.servers.own_database import make_database

_numbers = itertools.count()


@pytest.fixture(scope="module")
def hub(
    tmp_path_factory: pytest.TempPathFactory,
    database_server: None,  # noqa: ARG001 - a PostgreSQL has to run first
    pytestconfig: pytest.Config,
) -> Iterator[Hub]:
    """A hub that the tests of one file share; its pages need no sign-in."""
    settings: dict[str, object] = {"auth.password_hash": ""}
    directory, url = tmp_path_factory.mktemp("hub"), _own_database(pytestconfig)
    with running_hub(directory, database_url=url, settings=settings) as shared:
        yield shared


@pytest.fixture
def new_hub(
    tmp_path: Path,
    database_server: None,  # noqa: ARG001 - a PostgreSQL has to run first
    pytestconfig: pytest.Config,
) -> Iterator[Callable[..., Hub]]:
    """Makes a hub of one's own, not yet started, from the options of `Hub`; it is gone after the test."""
    made: list[Hub] = []

    def make(**options: Any) -> Hub:
        directory = tmp_path / f"hub{len(made)}"
        directory.mkdir()
        made.append(Hub(directory, **{"database_url": _own_database(pytestconfig), **options}))
        return made[-1]

    yield make
    for each in made:
        each.close()


def _own_database(config: pytest.Config) -> str | None:
    return make_database(config, f"faults_{next(_numbers)}")
