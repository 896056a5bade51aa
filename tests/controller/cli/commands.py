"""Runs the command as its users do: as a process of its own."""

import http.client
import json
import os
import subprocess
import sys

from tests.servers import forked
from tests.servers.forked import Process

CONTROLLER = [sys.executable, "-m", "felhom_controller"]
KEY = "a-secret-key"
SECONDS = 60


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command: the key, and nothing else of ours."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_")}
    return {**plain, "FELHOM_CONTROLLER_KEY": KEY, **changes}


def ended(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    return forked.run([*CONTROLLER, *arguments], env=environment(**changes))


def started(*arguments: str) -> Process:
    """The command, running; the caller ends it."""
    return forked.start([*CONTROLLER, *arguments], env=environment())


def address_in(controller: Process) -> str:
    """Host and port that a started command says it listens on."""
    assert controller.stderr is not None
    for line in controller.stderr:
        if line.startswith("listening on "):
            return line.split()[-1]
    raise AssertionError("the command did not say where it listens")


def applied(address: str, path: str, content: bytes) -> tuple[int, object]:
    """Status and members of what the address answers to the body."""
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        connection.request("POST", path, content, {"Authorization": f"Bearer {KEY}"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
