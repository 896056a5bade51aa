"""Runs our own commands as real processes that need no imports: `fork_server.py` forks them from one that has them.

`run` and `start` take a command as `subprocess` does. What cannot be forked (another program, an option of Python's,
another locale) is started as it says, and with `pytest --cold-starts` everything is, as users do it. A test that is
about the start itself uses `subprocess`.

This is a plugin of pytest as well: where it is not loaded, as in a benchmark, nothing is forked.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

import pytest

_ROOT = Path(__file__).resolve().parents[2]
# Python, or the loader of programs, reads these before the first line of ours.
_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_")
_SERVING = ("serve", "demo")
SECONDS = 120.0  # generous: the machine may be busy


class Forked:
    """A child of a fork server, with what the tests use of subprocess.Popen[str]."""

    def __init__(self, args: Sequence[str], told: int, stdout: IO[str] | None, stderr: IO[str] | None) -> None:
        self.args, self.stdout, self.stderr = args, stdout, stderr
        self.returncode: int | None = None
        self._told = told
        self._waiting = threading.Lock()
        pid, _, self._status = os.read(told, 64).partition(b"\n")
        if not pid:
            raise RuntimeError("the fork server is gone; it says why on standard error")
        self.pid = int(pid)

    def poll(self) -> int | None:
        """The exit status, or None while it runs; minus the number of the signal that ended it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status; raises subprocess.TimeoutExpired after so many seconds."""
        with self._waiting:
            if self.returncode is None:
                if not self._status and not select.select([self._told], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired(self.args, timeout or 0)
                # Nothing is said when the server was killed: the kernel has killed its children then.
                self.returncode = int(self._status or os.read(self._told, 64) or -signal.SIGKILL)
                os.close(self._told)
            return self.returncode

    def send_signal(self, number: int) -> None:
        """The very process has it, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self.stdout, self.stderr):
            if stream is not None:
                stream.close()
        self.wait()


Process = Forked | subprocess.Popen[str]


class ForkServer:
    """The process that forks, and the channel to it."""

    def __init__(self, kind: str) -> None:
        self._asking = threading.Lock()
        self._channel, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.servers.fork_server", str(its.fileno()), kind],
                cwd=_ROOT,
                env={name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
            )
        if not self._channel.recv(16):
            self.close()
            raise RuntimeError("the fork server did not start; it says why on standard error")

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(self, order: Mapping[str, object], streams: Sequence[int]) -> int:
        """The child is on its way; returns the descriptor that tells its process id and, later, its exit status."""
        told, telling = os.pipe()
        try:
            with self._asking:
                socket.send_fds(self._channel, [json.dumps(order).encode()], [*streams, telling])
        finally:
            os.close(telling)
        return told

    def close(self) -> None:
        """The server has ended, and with it every child."""
        self._channel.close()
        self._process.wait()


_servers: dict[str, ForkServer] = {}
_starting = threading.Lock()
_is_on = False


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --cold-starts."""
    parser.addoption("--cold-starts", action="store_true", help="every command imports, and every hub migrates, itself")


def pytest_configure(config: pytest.Config) -> None:
    """Commands are forked from now on, where the system has what that takes."""
    global _is_on  # noqa: PLW0603 - a process has one run of pytest
    _is_on = hasattr(os, "pidfd_open") and not config.option.cold_starts


def pytest_unconfigure() -> None:
    """No process of the run stays behind."""
    global _is_on  # noqa: PLW0603 - likewise
    _is_on = False
    while _servers:
        _servers.popitem()[1].close()


def is_on() -> bool:
    """Whether what takes its time at a start may come from elsewhere."""
    return _is_on


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str],
    typed: str = "",
    timeout: float = SECONDS,
) -> subprocess.CompletedProcess[str]:
    """The command, run to its end with `typed` to read; what it printed is captured as text.

    Raises subprocess.TimeoutExpired, and has killed it, after so many seconds.
    """
    with (
        tempfile.TemporaryFile("w+") as read,
        tempfile.TemporaryFile("w+") as output,
        tempfile.TemporaryFile("w+") as errors,
    ):
        read.write(typed)
        read.seek(0)
        process = start(command, cwd=cwd, env=env, stdin=read.fileno(), stdout=output.fileno(), stderr=errors.fileno())
        try:
            status = process.wait(timeout)
        except BaseException:
            process.kill()
            process.wait()
            raise
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(command, status, output.read(), errors.read())


def start(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str],
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> Process:
    """The command runs; its outputs are DEVNULL, PIPE or a descriptor of the caller's, its input one or DEVNULL."""
    kind = _kind_of(command) if _is_on and _starts_like_this(env) else None
    if kind is None:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
            preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - it only makes one system call
        )
    with _starting:
        if kind not in _servers:
            _servers[kind] = ForkServer(kind)
    _python, flag, program, *arguments = command
    order = {
        "flag": flag,
        "program": program,
        "arguments": arguments,
        "directory": str(cwd or Path.cwd()),
        "environment": dict(env),
    }
    with contextlib.ExitStack() as ours:
        nothing = os.open(os.devnull, os.O_RDWR)
        ours.callback(os.close, nothing)
        streams = [nothing if stdin == subprocess.DEVNULL else stdin]
        read: list[IO[str] | None] = []
        for chosen in (stdout, stderr):
            if chosen == subprocess.PIPE:
                reading, writing = os.pipe()
                ours.callback(os.close, writing)
                streams.append(writing)
                read.append(open(reading, encoding="utf-8"))  # noqa: PTH123, SIM115 - the caller's to close
            else:
                streams.append(nothing if chosen == subprocess.DEVNULL else chosen)
                read.append(None)
        return Forked(command, _servers[kind].fork(order, streams), *read)


def _heed_ctrl_c() -> None:
    """Also where the tests run in the background of a shell, whose jobs start with Ctrl-C ignored and hand that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _kind_of(command: Sequence[str]) -> str | None:
    """What the server must have imported (`PRELOADS` of fork_server.py); None where it cannot be forked."""
    python, flag, program, *arguments = (*command, "", "")
    if python != sys.executable or flag not in ("-m", "-c"):
        return None
    if flag == "-c":
        return "hub" if "django.setup()" in program else None
    if program == "felhom_hub.cli" and arguments[0] in _SERVING:
        return "serving hub"
    return {"felhom_hub.cli": "hub", "django": "hub", "felhom_controller": "controller"}.get(program)


def _starts_like_this(env: Mapping[str, str]) -> bool:
    names = {name for name in (*env, *os.environ) if name.startswith(_READ_AT_START)}
    return all(env.get(name) == os.environ.get(name) for name in names)
