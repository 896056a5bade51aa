from collections.abc import Iterator

import pytest
from tests.servers.hub import running_hub
from tests.servers.own_database import make_database
from tests.servers.signed import SIGNING_SECRET
from tests.structure.callers import PASSWORD_HASH, Site, make_site
from tests.structure.files import ROOT


@pytest.fixture(scope="session")
def site(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    database_server: None,  # noqa: ARG001 - a PostgreSQL has to run first
) -> Iterator[Site]:
    """A real hub with all kinds of callers."""
    settings = {
        "auth.password_hash": PASSWORD_HASH,
        "notifications.resend_webhook_secret": SIGNING_SECRET,
        "assets.seed_dir": str(ROOT / "src/felhom_hub/assets/demo_seed"),
    }
    database_url = make_database(pytestconfig, "site")
    with running_hub(tmp_path_factory.mktemp("hub"), settings=settings, database_url=database_url) as hub:
        yield make_site(hub)
