"""Healthchecks from a checkout: checks of its own making, pinged by `GET /ping/<uuid>`.

It runs as its docker/uwsgi.ini says: uWSGI with the two senders of alerts and reports beside it. Every ping is one
transaction that updates the check and stores the ping.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from tests.servers import postgresql
from tests.servers.hub import free_port

from bench.peers.service import Program, Service
from bench.result import BenchError
from bench.wrk import Load, run_wrk

HOW = (
    "Healthchecks: clone github.com/healthchecks/healthchecks, and in it `python3 -m venv .venv` (a Python that its "
    "Django runs on) and `.venv/bin/pip install -r requirements.txt uwsgi`"
)
_PING = Path(__file__).with_name("ping.lua")
_COUNT = "SELECT coalesce(sum(n_pings), 0) FROM api_check"
_USER = "hub"
# A database that survives a power cut, as PostgreSQL is without any setting.
_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=128MB")
_MAKE_CHECKS = """
import uuid
from django.contrib.auth.models import User
from hc.accounts.models import Project
from hc.api.models import Check
owner = User.objects.create(username="bench", email="bench@example.org")
project = Project.objects.create(owner=owner, name="bench")
Check.objects.bulk_create([Check(project=project, name=f"box-{{n:05d}}", code=uuid.uuid4()) for n in range({count})])
print("codes", *Check.objects.order_by("id").values_list("code", flat=True))
"""


@dataclass(frozen=True)
class Setting:
    """One way to run it."""

    database: str
    processes: int

    def __str__(self) -> str:
        return f"{self.database}, uWSGI with {self.processes} processes"


# uwsgi.ini starts four; on PostgreSQL each keeps its connection, which is its setting DB_CONN_MAX_AGE.
SETTINGS = (Setting("SQLite", 4), Setting("PostgreSQL", 2), Setting("PostgreSQL", 4), Setting("PostgreSQL", 8))


def require(checkout: Path) -> None:
    """BenchError with the way to get it where the checkout or its packages are missing."""
    if not all((checkout / name).exists() for name in ("manage.py", ".venv/bin/uwsgi")):
        raise BenchError(f"no Healthchecks that can be run in {checkout}. {HOW}")


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL of its own: where its socket lies, and its first process."""

    directory: Path
    pid: int


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """It runs until the block ends, and leaves nothing behind."""
    try:
        directory = postgresql.make_directory()
    except postgresql.MissingError as error:
        raise BenchError(str(error)) from None
    try:
        with postgresql.running_cluster(directory, besides=_DURABLE) as pid:
            yield Cluster(directory, pid)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@dataclass
class Healthchecks(Service):
    """One setting of one checkout, with the database under `directory`."""

    checkout: Path
    directory: Path
    way: Setting
    count_of_checks: int
    cluster: Cluster | None = None
    name: str = "Healthchecks"
    _port: int = 0
    _program: Program | None = None

    def __post_init__(self) -> None:
        self.setting = str(self.way)

    def prepare(self) -> None:
        if self._paths.exists():  # another setting with the same database has made it
            return
        self.directory.mkdir(parents=True)
        program, python = self._new_program(), self.checkout / ".venv/bin/python"
        program.run(python, "manage.py", "migrate", "--verbosity=0")
        made = program.run(python, "manage.py", "shell", "-c", _MAKE_CHECKS.format(count=self.count_of_checks))
        codes = made.partition("codes ")[2].split()
        self._paths.write_text("".join(f"/ping/{code}\n" for code in codes), encoding="ascii")

    def start(self) -> None:
        self._port = free_port()
        self._program = program = self._new_program()
        binaries = self.checkout / ".venv/bin"
        # uWSGI closes each connection without saying so, which wrk would take for an error.
        program.launch(
            binaries / "uwsgi", "--strict", "--master", "--die-on-term", f"--http-socket=127.0.0.1:{self._port}",
            f"--processes={self.way.processes}", "--threads=1", "--enable-threads", "--thunder-lock", "--harakiri=10",
            "--buffer-size=32768", "--post-buffering=16192", "--disable-logging", "--max-fd=10000",
            "--add-header=Connection: close", "--module=hc.wsgi:application",
        )  # fmt: skip
        program.launch(binaries / "python", "manage.py", "sendalerts", "--skip-checks")
        program.launch(binaries / "python", "manage.py", "sendreports", "--loop", "--skip-checks")
        program.wait_until_answering(self._port, "/api/v3/status/")

    def stop(self) -> None:
        if self._program is not None:
            self._program.stop()

    def send(self, seconds: int) -> Load:
        return run_wrk(self._port, _PING, [str(self._paths)], seconds=seconds)

    def count(self) -> int:
        if self.cluster is None:
            with closing(sqlite3.connect(self._file)) as database:
                return int(database.execute(_COUNT).fetchone()[0])
        with psycopg.connect(postgresql.database_url(self.cluster.directory, "postgres")) as server:
            row = server.execute(_COUNT.encode()).fetchone()
        assert row is not None
        return int(row[0])

    @property
    def pids(self) -> list[int]:
        own = [] if self._program is None else self._program.pids
        return own if self.cluster is None else [*own, self.cluster.pid]

    @property
    def _paths(self) -> Path:
        return self.directory / "paths"

    @property
    def _file(self) -> Path:
        return self.directory / "hc.sqlite"

    def _new_program(self) -> Program:
        return Program(self.checkout, self._environment(), self.directory / "log")

    def _environment(self) -> dict[str, str]:
        database = {"DB_NAME": str(self._file)}
        if self.cluster is not None:
            host = str(self.cluster.directory)
            database = {"DB": "postgres", "DB_HOST": host, "DB_USER": "felhom", "DB_NAME": "postgres",
                        "DB_CONN_MAX_AGE": "600"}  # fmt: skip
        return {**database, "DEBUG": "False", "SECRET_KEY": "bench", "ALLOWED_HOSTS": "127.0.0.1",
                "SITE_ROOT": "http://127.0.0.1", "PYTHONUNBUFFERED": "1"}  # fmt: skip
