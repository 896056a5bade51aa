"""A throw-away PostgreSQL: a cluster in a directory of its own, run without root's rights, gone with the tests.

It listens on a Unix socket in that directory only, so it needs no port and nobody else can reach it.
"""

import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

import psycopg
from psycopg import sql

OLDEST_VERSION = 15
START_SECONDS = 60.0
STOP_SECONDS = 20.0
_USER = "felhom"
_PR_SET_PDEATHSIG = 1
# Nothing has to survive a power cut here. ICU's Hungarian order is what a real hub may have, and it is not the order
# of bytes: what works with it does not rest on the collation.
_INITDB = ("--auth=trust", "--encoding=UTF8", "--locale-provider=icu", "--icu-locale=hu", "--locale=C", "--no-sync")
_SERVER = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60",
    "shared_buffers=32MB", "logging_collector=off", "log_min_messages=fatal",
)  # fmt: skip


class MissingError(Exception):
    """This machine has no PostgreSQL that is new enough."""


def make_directory() -> Path:
    """A fresh directory for one cluster, owned by the user that will run it."""
    directory = Path(tempfile.mkdtemp(prefix="felhom-postgresql-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam(_runner())
        os.chown(directory, user.pw_uid, user.pw_gid)
    return directory


def database_url(directory: Path, name: str) -> str:
    """The `database.url` of a database in the directory's cluster."""
    return f"postgresql://{_USER}@{quote(str(directory), safe='')}/{name}"


def create_database(directory: Path, name: str, *, template: str = "template1") -> str:
    """The `database.url` of a new database in the directory's cluster, which runs; it is a copy of the template."""
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(database_url(directory, "postgres"), autocommit=True) as server:
        server.execute(command)
    return database_url(directory, name)


@contextmanager
def running_cluster(directory: Path, *, besides: tuple[str, ...] = ()) -> Iterator[int]:
    """A cluster answers on the directory's socket until the block ends, however it ends, or this process dies.

    Settings in `besides` take the place of the tests' own. Yields the process id of its first process.
    """
    binaries = find_binaries()
    data = directory / "data"
    _run_quietly([binaries / "initdb", *_INITDB, f"--username={_USER}", f"--pgdata={data}"], directory)
    settings = [part for setting in (*_SERVER, *besides) for part in ("-c", setting)]
    log = directory / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", directory, *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=directory,
            env=_environment(),
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - it only makes one system call
            **_identity(),
        )
    try:
        _wait_until_ready(server, data / "postmaster.pid", log)
        yield server.pid
    finally:
        _stop(server)


def find_binaries() -> Path:
    """The directory of the newest installed server; raises MissingError when there is none that is new enough."""
    found = sorted(_installed())
    if not found or found[-1][0] < OLDEST_VERSION:
        raise MissingError(f"PostgreSQL {OLDEST_VERSION} or newer is not installed; `make system-packages` sees to it")
    return found[-1][1]


def _installed() -> Iterator[tuple[int, Path]]:
    on_path = shutil.which("initdb")
    candidates = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").parent.glob("pgsql-*/bin")]
    if on_path is not None:
        candidates.append(Path(on_path).resolve().parent)
    for directory in candidates:
        if (directory / "postgres").exists() and (directory / "initdb").exists():
            shown = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True)
            version = re.search(r"(\d+)", shown.stdout)
            if version is not None:
                yield int(version[1]), directory


def _runner() -> str:
    """PostgreSQL refuses to run as root: the packages' own user does, where there is one."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise MissingError("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody")


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[str | int]


def _identity() -> _Identity:
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(_runner())
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _run_quietly(command: list[str | Path], directory: Path) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=directory, env=_environment(), **_identity()
    )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def _die_with_parent() -> None:
    """A test run that is killed takes its server along: SIGQUIT stops PostgreSQL at once."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait_until_ready(server: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    """The last line of the server's own pid file says "ready" (pg_ctl waits for it in the same way)."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    for chosen in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(chosen)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
