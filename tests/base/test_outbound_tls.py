import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.base.calls import HERE, NAME, POST, SECRET, failure_of, to
from tests.servers.certificates import make_certificates
from tests.servers.names import resolving_to
from tests.servers.recorder import Recorder, running_recorder

from felhom_hub.base import outbound
from felhom_hub.base.outbound import Policy, call


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def secure(certificates: tuple[Path, Path]) -> Iterator[Recorder]:
    with running_recorder(certificate=certificates[1]) as recorder:
        yield recorder


@pytest.fixture
def server() -> Iterator[Recorder]:
    with running_recorder() as recorder:
        yield recorder


def test_a_verified_certificate_lets_the_request_out(
    secure: Recorder, certificates: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates[0]))

    assert call(to(secure, "localhost", "https"), POST, Policy(HERE.allowed_networks)).status == 200
    assert call(to(secure, "127.0.0.1", "https"), POST, Policy(HERE.allowed_networks)).status == 200
    assert bytes(secure.received).count(SECRET.encode()) == 2


def test_a_certificate_of_an_unknown_authority_lets_nothing_out(secure: Recorder) -> None:
    error = failure_of(to(secure, "localhost", "https"))

    assert error.sentence == (
        f"The certificate of localhost:{secure.port} is not valid: unable to get local issuer certificate."
    )
    assert (secure.connections, bytes(secure.received)) == (1, b"")


def test_a_certificate_of_another_name_lets_nothing_out(
    secure: Recorder, certificates: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates[0]))
    monkeypatch.setattr(outbound, "resolve", resolving_to("127.0.0.1"))

    error = failure_of(to(secure, NAME, "https"))

    assert error.sentence == (
        f"The certificate of {NAME}:{secure.port} is not valid: "
        f"Hostname mismatch, certificate is not valid for '{NAME}'."
    )
    assert (secure.connections, bytes(secure.received)) == (1, b"")


def test_a_server_without_tls_gets_nothing_but_a_greeting(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "CONNECT_SECONDS", 0.3)
    error = failure_of(to(server, "127.0.0.1", "https"))

    assert error.sentence.startswith(f"127.0.0.1:{server.port} ")
    assert SECRET.encode() not in server.received
    assert b"the body" not in server.received


def test_who_is_silent_in_tls_is_given_up(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "CONNECT_SECONDS", 0.3)
    server.then = lambda _connection: time.sleep(1)

    error = failure_of(to(server, "127.0.0.1", "https"))

    assert error.sentence == f"127.0.0.1:{server.port} could not be reached within 0 seconds."
    assert not error.is_uncertain
