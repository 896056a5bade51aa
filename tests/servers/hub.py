"""A real hub in a process of its own: started on a free loopback port with a fresh data directory, stopped by its pid.

`with running_hub(tmp_path) as hub:` gives a healthy one; then `hub.post("/api/v1/report", body)`, `hub.kill()`,
`hub.start()`, `hub.rows("SELECT count(*) FROM reports_report")` and the like.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from tests.servers import forked, migrated
from tests.servers.clients import Answer
from tests.servers.forked import Process

START_SECONDS = 60.0  # generous: the machine may be busy; how long it took is returned, not asserted
STOP_SECONDS = 30.0
WAIT_SECONDS = 120.0  # as generous: a mail whose server answers too late is tried again after up to 30 s
API_KEY = "the-global-key-of-the-tests"
_START = Path(__file__).with_name("start_hub.py")


@dataclass
class Hub:
    """One hub: `settings` as in `{"api.strict_event_types": True}`, `constants` by the path of a module's global."""

    directory: Path
    settings: dict[str, object] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)
    database_url: str | None = None  # None: SQLite in the data directory
    fresh: bool = False  # it makes its tables itself
    prefix: tuple[str, ...] = ()  # a command that runs the hub's, such as prlimit
    database: Path = Path()  # the SQLite file, where it is not the data directory's
    port: int = 0
    process: Process | subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        if self.database == Path():
            self.database = self.data_dir / "hub.db"

    @property
    def data_dir(self) -> Path:
        return self.directory / "data"

    @property
    def log_file(self) -> Path:
        return self.directory / "hub.log"

    @property
    def pid(self) -> int:
        assert self.process is not None, "the hub was not started"
        return self.process.pid

    def launch(self) -> None:
        """The process is started; whether it becomes healthy is for the caller to find out."""
        assert self.process is None or self.process.poll() is not None, "the hub runs already"
        self.port = self.port or free_port()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if forked.is_on() and not (self.database_url or self.fresh or self.database.exists()):
            migrated.place_file(self.database)
        hub_yaml = self.directory / "hub.yaml"
        hub_yaml.write_text(json.dumps(self._document()), encoding="utf-8")  # JSON is YAML
        command = [sys.executable, "-m", "felhom_hub.cli", "serve", "--config", str(hub_yaml)]
        if self.constants:
            command = [sys.executable, str(_START), str(hub_yaml), json.dumps(self.constants)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
        with self.log_file.open("ab") as log:
            self.process = forked.start(
                [*self.prefix, *command],
                env=inherited | {"FELHOM_HUB_CONFIG": str(hub_yaml)} | self.environment,
                stdout=log.fileno(),
                stderr=log.fileno(),
            )

    def start(self) -> float:
        """The hub is healthy; returns the seconds that it took."""
        began = time.monotonic()
        self.launch()
        self.wait_until_healthy()
        return time.monotonic() - began

    def wait_until_healthy(self, seconds: float = START_SECONDS) -> None:
        """`/healthz` has answered 200; fails with the log's end when the process is gone or it takes too long."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/healthz", key=None, timeout=max(1.0, deadline - time.monotonic())).status == 200:
                    return
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the hub is not healthy (exit {self.process.poll()}):\n{self.log[-4000:]}")
            time.sleep(0.02)

    def terminate(self) -> float:
        """SIGTERM; returns the seconds until the process was gone."""
        return self._end(signal.SIGTERM)

    def signal_stop(self) -> None:
        """SIGTERM is on its way; what the hub does about it is for the caller to watch."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> float:
        """SIGKILL, as a power cut for the process; returns the seconds until it was gone."""
        return self._end(signal.SIGKILL)

    def close(self) -> None:
        """The process is gone, whatever state it was in."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()

    def wait_for_exit(self, seconds: float = STOP_SECONDS) -> int:
        """The exit status of a process that ends by itself."""
        assert self.process is not None
        return self.process.wait(seconds)

    def get(self, path: str, *, key: str | None = API_KEY, timeout: float = 30.0) -> Answer:
        return self.request("GET", path, key=key, timeout=timeout)

    def post(
        self, path: str, body: bytes, *, key: str | None = API_KEY, timeout: float = 30.0, **headers: str
    ) -> Answer:
        return self.request("POST", path, body, key=key, timeout=timeout, **headers)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        key: str | None = API_KEY,
        timeout: float = 30.0,
        **headers: str,
    ) -> Answer:
        """One request on a connection of its own; `headers` are written with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, read beside the hub (or without it)."""
        if self.database_url is not None:
            import psycopg  # noqa: PLC0415 - only where PostgreSQL is tested

            with psycopg.connect(self.database_url) as server:
                return server.execute(sql.encode()).fetchall()
        with contextlib.closing(self.connect()) as file:
            found: list[tuple[Any, ...]] = file.execute(sql).fetchall()
        return found

    def execute(self, sql: str) -> None:
        """A statement beside the hub (or without it), committed."""
        if self.database_url is not None:
            import psycopg  # noqa: PLC0415 - only where PostgreSQL is tested

            with psycopg.connect(self.database_url) as server:
                server.execute(sql.encode())
            return
        with contextlib.closing(self.connect()) as file:
            file.execute(sql)

    def connect(self) -> Any:
        """A connection to the SQLite file with the library that the hub uses; the caller closes it."""
        from felhom_hub.project.sqlite import use_own_sqlite  # noqa: PLC0415 - before sqlite3 itself

        use_own_sqlite()
        import sqlite3  # noqa: PLC0415 - the one put in place above

        return sqlite3.connect(self.database, timeout=20, isolation_level=None)

    @property
    def rss_bytes(self) -> int:
        return int(psutil.Process(self.pid).memory_info().rss)

    @property
    def peak_rss_bytes(self) -> int:
        """The most that it took since its start or the last `reset_peak` (proc(5): VmHWM)."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the kernel tells no peak")

    def reset_peak(self) -> None:
        Path(f"/proc/{self.pid}/clear_refs").write_text("5", encoding="ascii")

    @property
    def open_files(self) -> int:
        """File descriptors, sockets included."""
        return int(psutil.Process(self.pid).num_fds())

    @property
    def connected_ports(self) -> set[int]:
        """The ports of the clients whose connections the hub holds open."""
        held = psutil.Process(self.pid).net_connections(kind="tcp")
        return {connection.raddr.port for connection in held if connection.raddr}

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> None:
        """It holds now; fails with `what` and the end of the hub's log when it takes too long."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                end = "\n".join(self.log.splitlines()[-40:])
                raise AssertionError(f"not within {seconds:.0f} s: {what}. The hub's log ends with:\n{end}")
            time.sleep(0.02)

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    @property
    def log_bytes(self) -> int:
        return self.log_file.stat().st_size

    def _document(self) -> dict[str, dict[str, object]]:
        values: dict[str, object] = {
            "server.listen": f"127.0.0.1:{self.port}",
            "server.data_dir": str(self.data_dir),
            "api.report_api_key": API_KEY,
            "server.drain_time": "0",  # nobody has to be waited for
            "registry.image": "",  # no test asks a registry that is not of its own
            **({} if self.database_url is None else {"database.url": self.database_url}),
            **self.settings,
        }
        document: dict[str, dict[str, object]] = {}
        for key, value in values.items():
            section, _, name = key.partition(".")
            document.setdefault(section, {})[name] = value
        return document

    def _end(self, with_signal: signal.Signals) -> float:
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(with_signal)
        self.process.wait(STOP_SECONDS)
        return time.monotonic() - began


@contextlib.contextmanager
def running_hub(directory: Path, **options: Any) -> Iterator[Hub]:
    """A healthy hub under `directory`; `options` are those of `Hub`. It is gone when the block ends."""
    hub = Hub(directory, **options)
    try:
        hub.start()
        yield hub
    finally:
        hub.close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on just now.

    From below those that the system gives to connections, of which one might take it before the hub does.
    """
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
