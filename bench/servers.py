"""The processes that are measured: the hub as `felhom-hub serve`, and the two that it is compared with."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
from tests.servers.hub import API_KEY, Hub, free_port

from bench.result import BenchError

KEY = API_KEY
ROOT = Path(__file__).resolve().parents[1]
HUB = ("felhom_hub.cli", "serve", "--config")
BASELINE = ("bench.contenders", "baseline")
ECHO = ("bench.contenders", "echo")


@dataclass
class Server(Hub):
    """The tests' hub process, started by a `program` of one's own: a module and its arguments, hub.yaml behind them."""

    program: tuple[str, ...] = HUB

    def launch(self) -> None:
        """The process is started; whether it becomes healthy is for the caller to find out."""
        self.port = self.port or free_port()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        hub_yaml = self.directory / "hub.yaml"
        hub_yaml.write_text(json.dumps(self._document()), encoding="utf-8")  # JSON is YAML
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, sys.executable, "-m", *self.program, str(hub_yaml)],
                cwd=ROOT,
                env=plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def cpu_seconds(self) -> float:
        """What the process has used so far, on all cores."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def stop(self) -> None:
        """It has answered and stored everything, and is gone; BenchError where it did not end well."""
        self.terminate()
        assert self.process is not None
        if self.process.returncode not in (0, -signal.SIGTERM):  # uvicorn raises the signal again when it is done
            raise BenchError(f"the server ended with {self.process.returncode}: {self.log[-2000:]}")

    def count(self, table: str) -> int:
        """How many rows the table has."""
        (number,) = self.rows(f'SELECT count(*) FROM "{table}"')[0]  # noqa: S608 - our own tables' names
        return int(number)


def fresh_server(directory: Path, program: tuple[str, ...] = HUB, *, database: Path | None = None) -> Server:
    """A server in an empty directory, with a copy of `database` where one is given; not yet started."""
    if directory.exists():
        shutil.rmtree(directory)
    server = Server(directory, program=program)
    server.data_dir.mkdir(parents=True)
    if database is not None:
        shutil.copyfile(database, server.database)
    return server


def plain_environment() -> dict[str, str]:
    """This process's environment without any setting of a hub."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("FELHOM_HUB_", "DJANGO_"))}
