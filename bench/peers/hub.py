"""The hub itself, sent whole reports as its controllers do, or beats as small as those of the others."""

from dataclasses import dataclass
from pathlib import Path

from bench.measure import REPORTS
from bench.peers.service import Service
from bench.servers import KEY, Server, fresh_server
from bench.wrk import Load, Sender


@dataclass
class HubService(Service):
    """`felhom-hub serve`, which goes on from round to round with the reports of one sequence."""

    directory: Path
    seeded: Path
    sender: Sender
    name: str = "felhom-hub"
    setting: str = "SQLite, one process"
    _next: int = 0

    def __post_init__(self) -> None:
        self.server = Server(self.directory)

    def prepare(self) -> None:
        self.server = fresh_server(self.directory, database=self.seeded)
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
        """At the most: what it shares with others is counted as its own (RSS)."""
        return self.server.rss_bytes / 2**20
