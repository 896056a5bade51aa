from collections.abc import Iterator

import pytest
from tests.servers.hub import Hub, running_hub
from tests.servers.own_database import make_database


@pytest.fixture(scope="module")
def hub(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    database_server: None,  # noqa: ARG001 - a PostgreSQL has to run first
) -> Iterator[Hub]:
    """A real hub for the tests of one file."""
    name = request.node.name.removesuffix(".py").rpartition("/")[2]
    with running_hub(tmp_path_factory.mktemp("hub"), database_url=make_database(request.config, name)) as hub:
        yield hub
