"""The hub itself, sent whole reports as its controllers do, or beats as small as those of the others."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.measure import REPORTS
from bench.peers.service import Service, family
from bench.servers import KEY, Server, fresh_server
from bench.wrk import Load, Sender


@dataclass
class HubService(Service):
    """`felhom-hub serve`, which goes on from round to round with the reports of one sequence."""

    directory: Path
    seeded: Path
    sender: Sender
    name: str
    has_writer_process: bool = False
    _next: int = 0

    def __post_init__(self) -> None:
        self.server = Server(self.directory)
        self.setting = "SQLite, database.writer_process" if self.has_writer_process else "SQLite, one process"

    def prepare(self) -> None:
        self.server = fresh_server(self.directory, database=self.seeded)
        self.server.settings = {"database.writer_process": self.has_writer_process}
        self._next = self.sender.sequence.customers

    def start(self) -> None:
        self.server.start()

    def stop(self) -> None:
        self.server.close()

    def send(self, seconds: int) -> Load:
        load = self.sender.send(self.server.port, key=KEY, first=self._next, seconds=seconds)
        self._next += load.sent
        return load

    def count(self) -> int:
        return self.server.count(REPORTS)

    @property
    def pids(self) -> list[int]:
        return [self.server.pid]

    def memory_mib(self) -> float:
        """At the most: what its processes share is counted for each of them (RSS)."""
        total = 0
        for each in family(self.server.pid):
            with suppress(psutil.NoSuchProcess):
                total += each.memory_info().rss
        return total / 2**20
