import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from felhom_hub.operators.models import GeneratedPassword
from felhom_hub.project.addresses import ListenAddress
from felhom_hub.project.running import NotNow, dashboard_url, run
from felhom_hub.project.server import bind


def with_server(settings: Settings, **values: object) -> None:
    settings.HUB = replace(settings.HUB, server=replace(settings.HUB.server, **values))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080/"),
        ("192.0.2.7", "http://192.0.2.7:8080/"),
        ("hub.example.hu", "http://hub.example.hu:8080/"),
        ("", "http://127.0.0.1:8080/"),
        ("0.0.0.0", "http://127.0.0.1:8080/"),  # noqa: S104 - compared only
        ("::", "http://127.0.0.1:8080/"),
        ("::1", "http://[::1]:8080/"),
        ("2001:db8::7", "http://[2001:db8::7]:8080/"),
    ],
)
def test_dashboard_is_where_this_machine_finds_it(host: str, url: str, settings: Settings) -> None:
    with_server(settings, public_url="")

    assert dashboard_url(ListenAddress(host, 0), 8080) == url


def test_dashboard_is_at_the_public_address_where_there_is_one(settings: Settings) -> None:
    with_server(settings, public_url="https://hub.example.hu/")

    assert dashboard_url(ListenAddress("127.0.0.1", 8080), 8080) == "https://hub.example.hu/"


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.mark.django_db(transaction=True)
def test_taken_port_is_told_before_anything_else_is_done(settings: Settings) -> None:
    done: list[str] = []
    with taken_port() as port:
        with_server(settings, listen=ListenAddress("127.0.0.1", port))
        with pytest.raises(NotNow) as raised:
            run(lambda _url, _password: done.append("announced"), between=lambda: done.append("between"))

    reason = f"server.listen 127.0.0.1:{port} cannot be used: {os.strerror(98)}"
    assert (raised.value.message, done) == (reason, [])


@pytest.mark.django_db(transaction=True)
def test_what_runs_between_comes_before_the_announcement_and_its_failure_is_not_hidden(settings: Settings) -> None:
    with_server(settings, listen=ListenAddress("127.0.0.1", 0))
    announced: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(lambda url, _password: announced.append(url), between=fail)

    assert announced == []


@pytest.mark.django_db(transaction=True)
def test_no_password_is_made_where_nobody_would_see_it(settings: Settings, tmp_path: Path) -> None:
    settings.HUB = replace(settings.HUB, auth=replace(settings.HUB.auth, password_hash=None))
    shown: list[str | None] = []
    with taken_port() as port:
        with_server(settings, listen=ListenAddress("127.0.0.1", port), data_dir=tmp_path / "data")
        with pytest.raises(NotNow, match="cannot be used"):
            run(lambda _url, password: shown.append(password))

    assert (shown, GeneratedPassword.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_port_that_another_hub_takes_meanwhile_is_told_too(settings: Settings) -> None:
    """Two that start at once can both have it until one of them listens."""
    announced: list[str] = []
    with bind("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        with_server(settings, listen=ListenAddress("127.0.0.1", port))
        with pytest.raises(NotNow, match=f"server.listen 127.0.0.1:{port} cannot be used: {os.strerror(98)}"):
            run(lambda url, _password: announced.append(url), between=other.listen)

    assert announced == []
