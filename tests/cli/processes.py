"""Runs `felhom-hub` as its users do: as a process of its own, whose lines can be read while it runs."""

import contextlib
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.build import report_body
from tests.servers import forked
from tests.servers.clients import Answer
from tests.servers.forked import SECONDS as SECONDS  # noqa: PLC0414 - for those who use what is here
from tests.servers.forked import Process

HUB = [sys.executable, "-m", "felhom_hub.cli"]


def environment() -> dict[str, str]:
    """That of this process, without settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}


def ended(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end in the directory."""
    return forked.run([*HUB, *arguments], cwd=directory, env=environment(), timeout=SECONDS)


@contextlib.contextmanager
def started(directory: Path, *arguments: str, **variables: str) -> Iterator[Process]:
    """The command, running in the directory; killed at the end of the block if it still does, and after SECONDS."""
    with (directory / "errors.log").open("a", encoding="utf-8") as errors:
        process = forked.start(
            [*HUB, *arguments],
            cwd=directory,
            env=environment() | variables,
            stdout=subprocess.PIPE,
            stderr=errors.fileno(),
        )
    watch = threading.Timer(2 * SECONDS, process.kill)
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def next_line(process: Process) -> str:
    """The next line of its standard output, waited for; "" when there will be none."""
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def rest(process: Process) -> str:
    """What else it prints until it ends."""
    assert process.stdout is not None
    return process.stdout.read()


def port_in(line: str) -> int:
    """The port of a line `Dashboard: http://127.0.0.1:PORT/`."""
    address = line.removeprefix("Dashboard: http://127.0.0.1:")
    assert address != line, line
    return int(address.rstrip("/"))


def wait_until_healthy(process: Process, port: int) -> None:
    """`/healthz` has answered 200; fails when the process is gone or it takes too long."""
    deadline = time.monotonic() + SECONDS
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if get(port, "/healthz").status == HTTPStatus.OK:
                return
        assert process.poll() is None, f"the hub ended with {process.poll()}"
        assert time.monotonic() < deadline, "the hub is not healthy"
        time.sleep(0.02)


def get(port: int, path: str, **headers: str) -> Answer:
    """The answer to a GET on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


def sign_in(port: int, password: str) -> int:
    """The status that the hub answers to the password: 303 is signed in."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        form = urlencode({"password": password})
        connection.request("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status
    finally:
        connection.close()


def report_status(port: int, key: str, customer_id: str, **members: Any) -> int:
    """What the customer's controller is answered to a report."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        headers = {"Authorization": f"Bearer {key}"}
        connection.request("POST", "/api/v1/report", report_body(customer_id=customer_id, **members), headers)
        return connection.getresponse().status
    finally:
        connection.close()
