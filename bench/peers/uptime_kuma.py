"""Uptime Kuma from a checkout: push monitors, told by `GET /api/push/<token>?status=up`, on its SQLite.

It opens that file with `synchronous=NORMAL`: what it has answered survives the end of its process, but not a power cut,
as every answer of the hub does.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.servers.hub import free_port

from bench.peers.service import Program, Service
from bench.result import BenchError
from bench.wrk import Load, run_wrk

HOW = "Uptime Kuma: clone github.com/louislam/uptime-kuma, and in it `npm ci --omit=dev`"
SETTINGS = {"SQLite, one connection": "true", "SQLite, up to 20 connections": "false"}
_PING = Path(__file__).with_name("ping.lua")
_INTERVAL_SECONDS = 900  # as a controller's
_USER = "INSERT INTO user (id, username, password) VALUES (1, 'bench', 'nobody signs in')"
_MONITOR = """
    INSERT INTO monitor (name, type, user_id, active, interval, retry_interval, push_token)
    VALUES (?, 'push', 1, 1, ?, ?, ?)
"""


def require(checkout: Path) -> None:
    """BenchError with the way to get it where the checkout or its packages are missing."""
    if not all((checkout / name).exists() for name in ("server/server.js", "node_modules/express")):
        raise BenchError(f"no Uptime Kuma that can be run in {checkout}. {HOW}")


@dataclass
class UptimeKuma(Service):
    """One setting of one checkout, with the database under `directory`."""

    checkout: Path
    directory: Path
    setting: str
    count_of_monitors: int
    name: str = "Uptime Kuma"
    _port: int = 0
    _program: Program | None = None

    def prepare(self) -> None:
        if self._paths.exists():  # another setting has made it
            return
        self._link_checkout()
        self.start()  # which makes the tables
        self.stop()
        self._make_monitors()

    def start(self) -> None:
        self._port = free_port()
        environment = {"UPTIME_KUMA_HOST": "127.0.0.1", "UPTIME_KUMA_PORT": str(self._port),
                       "UPTIME_KUMA_DB_TYPE": "sqlite", "DATA_DIR": f"{self.directory}/data/", "NODE_ENV": "production",
                       "UPTIME_KUMA_SQLITE_SINGLE_CONNECTION": SETTINGS[self.setting]}  # fmt: skip
        self._program = Program(self.directory / "program", environment, self.directory / "log")
        self._program.launch("node", "server/server.js")
        self._program.wait_until_answering(self._port, "/api/entry-page")

    def stop(self) -> None:
        if self._program is not None:
            self._program.stop()

    def send(self, seconds: int) -> Load:
        return run_wrk(self._port, _PING, [str(self._paths)], seconds=seconds)

    def count(self) -> int:
        """Heartbeats that say up: the monitors' own rounds only ever store others."""
        with closing(sqlite3.connect(self._file, timeout=30)) as database:
            return int(database.execute("SELECT count(*) FROM heartbeat WHERE status = 1").fetchone()[0])

    @property
    def pids(self) -> list[int]:
        return [] if self._program is None else self._program.pids

    @property
    def _paths(self) -> Path:
        return self.directory / "paths"

    @property
    def _file(self) -> Path:
        return self.directory / "data/kuma.db"

    def _link_checkout(self) -> None:
        """A working directory beside the checkout, which is not written to.

        The server reads dist/index.html when it starts. Who only pushes never sees it: an empty one will do.
        """
        program = self.directory / "program"
        program.mkdir(parents=True)
        (self.directory / "data").mkdir()
        for each in self.checkout.iterdir():
            if each.name not in ("data", "dist", ".git"):
                (program / each.name).symlink_to(each.resolve())
        if (self.checkout / "dist/index.html").exists():
            (program / "dist").symlink_to((self.checkout / "dist").resolve())
        else:
            (program / "dist").mkdir()
            (program / "dist/index.html").touch()

    def _make_monitors(self) -> None:
        tokens = [f"token{number:027d}" for number in range(self.count_of_monitors)]
        with closing(sqlite3.connect(self._file)) as database, database:
            database.execute(_USER)
            database.executemany(
                _MONITOR,
                [(token[-5:], _INTERVAL_SECONDS, _INTERVAL_SECONDS, token) for token in tokens],
            )
        self._paths.write_text("".join(f"/api/push/{token}?status=up\n" for token in tokens), encoding="ascii")
