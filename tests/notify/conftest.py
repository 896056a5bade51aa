"""A mail server with TLS and sign-in for the tests of this room, and a hub that is set up for it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from tests.servers.certificates import make_certificates
from tests.servers.resend import KEY, Provider, running_resend
from tests.servers.smtp import PASSWORD, USERNAME, Mailbox, running_smtp

from felhom_hub.notify.channels.email import resend as resend_module
from felhom_hub.notify.channels.email import smtp as smtp_module

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


@pytest.fixture
def resend(notifications: SetUp) -> Iterator[Provider]:
    """The hub sends its mail through this provider."""
    with running_resend() as provider:
        notifications(
            operator_email="operator@example.org",
            from_email="Felhom <hub@example.org>",
            resend_api_key=KEY,
            resend_api_url=provider.url,
        )
        yield provider


@pytest.fixture
def no_answer_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that hangs is given up within a test's time."""
    monkeypatch.setattr(resend_module, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(resend_module, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(smtp_module, "TIMEOUT_SECONDS", 0.5)
