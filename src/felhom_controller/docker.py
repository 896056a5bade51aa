"""Containers of a Docker or Podman engine, read over its Unix socket; it only ever asks, with GET."""

import http.client
import json
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from felhom_controller.report import Container, ContainerHealth, ContainerState, Stack

# Docker, Podman as root; a rootless Podman is named by --container-socket.
SOCKETS = (Path("/var/run/docker.sock"), Path("/run/podman/podman.sock"))
_CALL_SECONDS = 5.0
_ANSWER_LIMIT_BYTES = 8 * 1024 * 1024
_MAX_CONTAINERS = 200
_ASKED_AT_ONCE = 8
_MB = 1024 * 1024
_STATES: dict[str, ContainerState] = {
    "running": "running",
    "restarting": "restarting",
    "paused": "paused",
    "exited": "exited",
    "dead": "exited",
    "created": "exited",
    "stopped": "exited",
}
_HEALTHS: dict[str, ContainerHealth] = {"healthy": "healthy", "unhealthy": "unhealthy", "starting": "starting"}
_STACK_LABELS = ("com.docker.compose.project", "io.podman.compose.project")


class EngineError(Exception):
    """The container engine cannot be asked, or did not answer as one."""


def engine_socket(candidates: Iterable[Path] = SOCKETS) -> Path | None:
    """The first socket that exists, or None on a machine without an engine."""
    return next((path for path in candidates if path.is_socket()), None)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_CALL_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_CALL_SECONDS)
        self.sock.connect(str(self._path))


def _get(path: Path, address: str) -> Any:
    """The decoded answer; raises EngineError."""
    connection = _UnixConnection(path)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        content = answer.read(_ANSWER_LIMIT_BYTES)
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise EngineError(f"the container engine at {path} cannot be asked: {reason}") from error
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise EngineError(f"the container engine at {path} answered {answer.status}")
    try:
        return json.loads(content)
    except ValueError:
        raise EngineError(f"the container engine at {path} did not answer JSON") from None


def read_containers(path: Path) -> list[Container]:
    """All containers, running or not, by name; raises EngineError when the engine cannot be asked."""
    listed = _get(path, "/containers/json?all=true")
    if not isinstance(listed, list):
        raise EngineError(f"the container engine at {path} did not answer a list")
    items = [item for item in listed[:_MAX_CONTAINERS] if isinstance(item, dict)]
    # The engine takes a second or two to measure one container, so several are asked at once.
    with ThreadPoolExecutor(_ASKED_AT_ONCE) as pool:
        found = list(pool.map(lambda item: _container(path, item), items))
    return sorted((item for item in found if item is not None), key=lambda item: item.name)


def stacks_of(containers: list[Container]) -> list[Stack]:
    """The compose projects that the containers belong to; one that is not wholly up is called `degraded`."""
    states: dict[str, set[str | None]] = {}
    for item in containers:
        if item.stack is not None:
            states.setdefault(item.stack, set()).add(item.state)
    return [
        Stack(name, state="running" if found == {"running"} else "degraded" if "running" in found else "exited")
        for name, found in sorted(states.items())
    ]


def _container(path: Path, item: dict[str, Any]) -> Container | None:
    names, identifier = item.get("Names"), item.get("Id")
    if not isinstance(identifier, str) or not isinstance(names, list) or not names:
        return None
    labels = item.get("Labels") or {}
    address = f"/containers/{quote(identifier, safe='')}"
    try:
        details = _get(path, f"{address}/json")
    except EngineError:  # it may be gone since the list was made
        return None
    state = details.get("State") or {}
    is_running = state.get("Status") == "running"
    cpu_percent, memory_mb = _usage(path, address) if is_running else (None, None)
    return Container(
        name=str(names[0]).removeprefix("/"),
        stack=next((labels[label] for label in _STACK_LABELS if label in labels), None),
        image=item.get("Image"),
        state=_STATES.get(str(state.get("Status") or item.get("State"))),
        health=_HEALTHS.get(str((state.get("Health") or {}).get("Status")), "none"),
        restarts=details.get("RestartCount"),
        cpu_percent=cpu_percent,
        memory_mb=memory_mb,
        started_at=_started_at(state) if is_running else None,
    )


def _started_at(state: dict[str, Any]) -> str | None:
    """RFC 3339 as the engine says it; its zero time means never."""
    text = str(state.get("StartedAt") or "")
    try:
        return text if datetime.fromisoformat(text).year > 1 else None
    except ValueError:
        return None


def _usage(path: Path, address: str) -> tuple[float | None, float | None]:
    """Processor use in percent of one processor, and memory in MB without the page cache."""
    try:
        stats = _get(path, f"{address}/stats?stream=false&one-shot=false")
        cpu, before, memory = stats["cpu_stats"], stats["precpu_stats"], stats["memory_stats"]
        used = memory["usage"] - memory.get("stats", {}).get("inactive_file", 0)
        spent = cpu["cpu_usage"]["total_usage"] - before["cpu_usage"]["total_usage"]
        passed = cpu["system_cpu_usage"] - before.get("system_cpu_usage", 0)
        processors = cpu.get("online_cpus") or 1
    except (EngineError, KeyError, TypeError, AttributeError):
        return None, None
    percent = round(100 * processors * spent / passed, 2) if passed > 0 else None
    return percent, round(used / _MB, 1)
