"""A mail server with TLS and sign-in for the tests of this room, and a hub that is set up for it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from tests.servers.certificates import make_certificates
from tests.servers.smtp import PASSWORD, USERNAME, Mailbox, running_smtp

SetUp = Callable[..., None]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The authority's file and the server's."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def notifications(settings: Settings) -> SetUp:
    """Changes settings of `notifications`."""

    def change(**values: Any) -> None:
        settings.HUB = replace(settings.HUB, notifications=replace(settings.HUB.notifications, **values))

    return change


@pytest.fixture
def mailbox(certificates: tuple[Path, Path], notifications: SetUp) -> Iterator[Mailbox]:
    """The hub sends its mail to this server."""
    authority, server = certificates
    with running_smtp(server) as box:
        notifications(
            operator_email="operator@example.org",
            from_email="Felhom <hub@example.org>",
            smtp_host="127.0.0.1",
            smtp_port=box.port,
            smtp_username=USERNAME,
            smtp_password=PASSWORD,
            smtp_ca_file=str(authority),
        )
        yield box
