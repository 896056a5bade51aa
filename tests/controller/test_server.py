import errno
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from felhom_controller.config import ConfigFile
from felhom_controller.server import BODY_LIMIT_BYTES, Box, ControllerServer

YAML = b"customer:\n  id: kiss-foto\n"
BEARER = {"Authorization": "Bearer right-key"}
NEEDS_KEY = {"ok": False, "error": "the key of this controller is needed: Authorization: Bearer KEY"}


@dataclass(frozen=True)
class Served:
    port: int
    config: ConfigFile
    updates: list[str]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, BEARER if headers is None else headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    updates: list[str] = []

    def update() -> None:
        if (tmp_path / "full").exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        updates.append("wished")

    box = Box("right-key", ConfigFile(tmp_path / "controller.yaml", "kiss-foto"), update)
    with ControllerServer(("127.0.0.1", 0), lambda path: (box, path)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield Served(int(server.server_address[1]), box.config, updates)
        server.shutdown()
        thread.join()


def test_a_configuration_is_applied_and_read_back(served: Served) -> None:
    status, _, body = served.ask("POST", "/api/config/apply", YAML)
    assert (status, json.loads(body)) == (200, {"ok": True, "config_hash": served.config.hash()})
    status, headers, body = served.ask("GET", "/api/config")
    assert (status, headers["Content-Type"], headers["Cache-Control"], body) == (
        200,
        "application/x-yaml; charset=utf-8",
        "no-store",
        YAML,
    )


def test_head_has_the_headers_of_get_and_no_body(served: Served) -> None:
    served.config.apply(YAML)
    get, head = served.ask("GET", "/api/config"), served.ask("HEAD", "/api/config")
    assert (head[0], head[2]) == (200, b"")
    assert head[1]["Content-Length"] == get[1]["Content-Length"] == str(len(YAML))


def test_before_the_first_configuration_there_is_nothing_to_read(served: Served) -> None:
    status, _, body = served.ask("GET", "/api/config")
    assert (status, json.loads(body)["ok"]) == (404, False)


def test_an_update_is_noted(served: Served) -> None:
    assert served.ask("POST", "/api/selfupdate/update", b"{}")[::2] == (200, b'{"ok": true}')
    assert served.updates == ["wished"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong-key"}, {"Authorization": "right-key"}, {"Authorization": "Bearer right-key2"}],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/config"), ("POST", "/api/config/apply"), ("POST", "/api/selfupdate/update")]
)
def test_nothing_happens_without_the_key(served: Served, method: str, path: str, headers: dict[str, str]) -> None:
    served.config.apply(YAML)
    status, answered, body = served.ask(method, path, b"customer: {id: kiss-foto, x: 1}", headers)
    assert (status, json.loads(body), answered["WWW-Authenticate"]) == (401, NEEDS_KEY, "Bearer")
    assert (served.config.read(), served.updates) == (YAML, [])


@pytest.mark.parametrize("path", ["/", "/api/config/", "/api/config/apply/x", "/API/config"])
def test_any_other_address_is_unknown(served: Served, path: str) -> None:
    status, _, body = served.ask("GET", path)
    assert (status, json.loads(body)) == (404, {"ok": False, "error": "there is no such address on this controller"})


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/config", "GET, HEAD"),
        ("DELETE", "/api/config", "GET, HEAD"),
        ("GET", "/api/config/apply", "POST"),
        ("PUT", "/api/config/apply", "POST"),
        ("OPTIONS", "/api/selfupdate/update", "POST"),
    ],
)
def test_a_wrong_method_is_told_the_right_one(served: Served, method: str, path: str, allowed: str) -> None:
    status, headers, body = served.ask(method, path)
    assert (status, headers["Allow"], json.loads(body)["ok"]) == (405, allowed, False)


def test_an_unknown_method_is_refused_in_the_same_shape(served: Served) -> None:
    status, _, body = served.ask("BREW", "/api/config")
    assert (status, json.loads(body)["ok"]) == (501, False)


def test_a_body_over_the_limit_is_refused_unread(served: Served) -> None:
    status, _, body = served.ask("POST", "/api/config/apply", b"x" * (BODY_LIMIT_BYTES + 1))
    assert (status, json.loads(body)["error"]) == (413, "a body may have 262144 bytes at most")


def test_a_length_of_thousands_of_digits_is_too_large(served: Served) -> None:
    status, _, _ = served.ask("POST", "/api/config/apply", None, {**BEARER, "Content-Length": "9" * 5_000})
    assert status == 413


@pytest.mark.parametrize("length", ["-1", "1e3", ""])
def test_a_body_without_a_true_length_is_refused(served: Served, length: str) -> None:
    status, _, body = served.ask("POST", "/api/config/apply", None, {**BEARER, "Content-Length": length})
    assert (status, json.loads(body)["ok"]) == (400, False)


def test_a_body_that_ends_early_changes_nothing(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(
            b"POST /api/config/apply HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer right-key\r\n"
            b"Content-Length: 400\r\n\r\ncustomer: {id: kiss-foto}"
        )
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert served.config.read() is None


def test_a_configuration_of_somebody_else_is_refused(served: Served) -> None:
    status, _, body = served.ask("POST", "/api/config/apply", b"customer: {id: papp}")
    assert (status, json.loads(body)) == (
        422,
        {"ok": False, "error": "customer.id must be 'kiss-foto'; this configuration names 'papp'"},
    )


def test_a_disk_that_fails_is_said_and_may_be_tried_again(served: Served, tmp_path: Path) -> None:
    (tmp_path / "controller.yaml").mkdir()
    (tmp_path / "full").touch()
    calls = [("GET", "/api/config"), ("POST", "/api/config/apply"), ("POST", "/api/selfupdate/update")]
    found = [served.ask(method, path, YAML) for method, path in calls]
    assert [(status, headers["Retry-After"]) for status, headers, _ in found] == [(503, "60")] * 3
    assert [json.loads(body)["error"] for _, _, body in found] == [
        "the configuration cannot be read now: Is a directory",
        "the configuration cannot be written now: Is a directory",
        "the wish for an update cannot be noted now: No space left on device",
    ]


def test_a_client_that_never_finishes_is_hung_up_on(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_controller.server._REQUEST_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(b"GET /api/config HTTP/1.1\r\nX-Slow: ")
        assert connection.recv(1024) == b""
