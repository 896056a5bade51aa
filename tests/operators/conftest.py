"""A hub with a known password and the pages of site.py, asked by Django's client or by a real browser."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings
from tests.operators.site import Site, site, with_auth
from tests.servers.browser import PASSWORD, PASSWORD_HASH, serving


@pytest.fixture
def hub(settings: Settings) -> Settings:
    """The two pages, three servers, and the known password."""
    settings.ROOT_URLCONF = "tests.operators.site"
    with_auth(settings, password_hash=PASSWORD_HASH)
    vars(site).update(vars(Site()))
    return settings


@pytest.fixture
def anonymous(hub: Settings, db: None) -> Client:  # noqa: ARG001 - they set the hub up
    """A browser that nobody has signed in with."""
    return Client(raise_request_exception=False)


@pytest.fixture
def signed_in(anonymous: Client) -> Client:
    """A browser with a session."""
    assert anonymous.post("/login", {"password": PASSWORD}).status_code == 303
    return anonymous


@pytest.fixture
def hub_url(hub: Settings, transactional_db: None) -> Iterator[str]:  # noqa: ARG001 - they set the hub up
    """The hub as a real server on the loopback."""
    with serving() as url:
        yield url
