import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from felhom_controller.docker import EngineError, engine_socket, read_containers, stacks_of
from felhom_controller.report import Container, Stack

MB = 1024 * 1024
STATS = {
    "cpu_stats": {"cpu_usage": {"total_usage": 3_000}, "system_cpu_usage": 100_000, "online_cpus": 4},
    "precpu_stats": {"cpu_usage": {"total_usage": 2_000}, "system_cpu_usage": 20_000},
    "memory_stats": {"usage": 300 * MB, "stats": {"inactive_file": 100 * MB}},
}
ANSWERS: dict[str, Any] = {
    "/containers/json?all=true": [
        {
            "Id": "b",
            "Names": ["/immich-server"],
            "Image": "immich:v2",
            "Labels": {"com.docker.compose.project": "immich"},
        },
        {"Id": "a", "Names": ["/adguard"], "Image": "adguard:1", "Labels": None, "State": "exited"},
        {"Id": "gone", "Names": ["/gone"], "Image": "x"},
        {"Id": None, "Names": []},
        "odd",
    ],
    "/containers/b/json": {
        "RestartCount": 2,
        "State": {"Status": "running", "StartedAt": "2026-03-01T06:58:33.1Z", "Health": {"Status": "healthy"}},
    },
    "/containers/b/stats?stream=false&one-shot=false": STATS,
    "/containers/a/json": {"RestartCount": 0, "State": {"Status": "exited", "StartedAt": "0001-01-01T00:00:00Z"}},
}


@contextmanager
def running_engine(path: Path, answers: dict[str, Any]) -> Iterator[list[str]]:
    """An engine on a Unix socket; yields what it is asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            found = self.path in answers
            content = answers[self.path] if found else {"message": "no such container"}
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "unix"

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
            del format, arguments

    class Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True
        block_on_close = False

    with Server(str(path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join()


def test_containers_are_read_by_name_and_never_changed(tmp_path: Path) -> None:
    with running_engine(tmp_path / "s", ANSWERS) as asked:
        containers = read_containers(tmp_path / "s")
    assert containers == [
        Container("adguard", None, "adguard:1", "exited", "none", 0, None, None, None),
        Container(
            "immich-server", "immich", "immich:v2", "running", "healthy", 2, 5.0, 200.0, "2026-03-01T06:58:33.1Z"
        ),
    ]
    assert {line.split()[0] for line in asked} == {"GET"}


@pytest.mark.parametrize("stats", [{}, [], {**STATS, "memory_stats": {}}, b"<html>"])
def test_a_container_without_readable_use_is_listed_without_it(tmp_path: Path, stats: Any) -> None:
    answers = {**ANSWERS, "/containers/b/stats?stream=false&one-shot=false": stats}
    with running_engine(tmp_path / "s", answers):
        found = {item.name: (item.cpu_percent, item.memory_mb) for item in read_containers(tmp_path / "s")}
    assert found["immich-server"] == (None, None)


@pytest.mark.parametrize("listed", [{}, b"<html>", b"\xff"])
def test_something_that_is_no_engine_is_an_error(tmp_path: Path, listed: Any) -> None:
    with running_engine(tmp_path / "s", {"/containers/json?all=true": listed}), pytest.raises(EngineError):
        read_containers(tmp_path / "s")


def test_an_engine_that_is_down_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be asked: No such file or directory"):
        read_containers(tmp_path / "none")


def test_the_first_socket_that_exists_is_taken(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with running_engine(tmp_path / "s", {}):
        assert engine_socket([tmp_path / "none", tmp_path / "plain", tmp_path / "s"]) == tmp_path / "s"
    assert engine_socket([tmp_path / "none"]) is None


def test_stacks_are_the_compose_projects_with_their_state() -> None:
    containers = [
        Container("a", "immich", state="running"),
        Container("b", "immich", state="exited"),
        Container("c", "nextcloud", state="running"),
        Container("d", None, state="running"),
        Container("e", "old", state="exited"),
    ]
    assert stacks_of(containers) == [
        Stack("immich", state="degraded"),
        Stack("nextcloud", state="running"),
        Stack("old", state="exited"),
    ]
