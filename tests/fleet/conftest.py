"""The hub's pages on a real server, without sign-in."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from pytest_django import Settings
from tests.build import NOW


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def no_sign_in(settings: Settings) -> None:
    """Everybody is the operator."""
    settings.HUB = replace(settings.HUB, auth=replace(settings.HUB.auth, password_hash=""))


@pytest.fixture
def browser(no_sign_in: None, monkeypatch: pytest.MonkeyPatch) -> Client:  # noqa: ARG001 - it sets the hub up
    """A browser of the operator at NOW."""
    monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda: NOW)
    return Client(headers={"host": "localhost"})


@pytest.fixture
def hub_url(no_sign_in: None, transactional_db: None) -> Iterator[str]:  # noqa: ARG001 - they set the hub up
    """The hub's address on the loopback."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
