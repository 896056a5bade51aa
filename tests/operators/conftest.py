"""A hub with a known password and the pages of site.py, asked by Django's client or by a real browser."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from pytest_django import Settings
from tests.operators.site import PASSWORD, PASSWORD_HASH, Site, site, with_auth


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


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def hub_url(hub: Settings, transactional_db: None) -> Iterator[str]:  # noqa: ARG001 - they set the hub up
    """The hub as a real server on the loopback."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
