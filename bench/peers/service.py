"""What is measured of each: a service that can be started and stopped, its processes' memory, its accepted beats."""

import http.client
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil

from bench.result import BenchError
from bench.servers import plain_environment
from bench.wrk import Load

START_SECONDS, STOP_SECONDS = 300.0, 30.0
_SAMPLE_SECONDS = 0.5


class Service(ABC):
    """One of those that are compared, in one setting: `name` and `setting` are what the table says."""

    name: str
    setting: str

    @abstractmethod
    def prepare(self) -> None:
        """Its database is there, with everybody who will send; called once, before anything else."""

    @abstractmethod
    def start(self) -> None:
        """It answers."""

    @abstractmethod
    def stop(self) -> None:
        """Its processes are gone, whatever state they were in."""

    @abstractmethod
    def send(self, seconds: int) -> Load:
        """Beats were sent for so long over 32 connections."""

    @abstractmethod
    def count(self) -> int:
        """How many beats its database has, read beside it or without it."""

    @property
    @abstractmethod
    def pids(self) -> list[int]:
        """Its first processes; their children belong to it as well."""

    def memory_mib(self) -> float:
        """Memory of all its processes: at the least, where other services share pages with them."""
        return memory_mib(self.pids)


class Program:
    """Processes of one foreign service, all started in the directory with the environment."""

    def __init__(self, directory: Path, environment: dict[str, str], log: Path) -> None:
        self._directory, self._log = directory, log
        self._environment = {**plain_environment(), **environment}
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def pids(self) -> list[int]:
        """Those that were launched."""
        return [process.pid for process in self._running]

    def run(self, *command: str | Path) -> str:
        """What the command prints; BenchError where it fails."""
        done = subprocess.run(
            command, cwd=self._directory, env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise BenchError(f"{' '.join(map(str, command))[:200]} failed: {done.stderr[-1500:]}")
        return done.stdout

    def launch(self, *command: str | Path) -> None:
        """The command runs, and writes to the log."""
        with self._log.open("ab") as log:
            self._running.append(
                subprocess.Popen(
                    command,
                    cwd=self._directory,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )

    def wait_until_answering(self, port: int, path: str) -> None:
        """The path is answered 200; BenchError with the log's end where it takes too long."""
        until = time.monotonic() + START_SECONDS
        while not _is_answering(port, path):
            if time.monotonic() > until or any(process.poll() is not None for process in self._running):
                text = self._log.read_text(encoding="utf-8", errors="replace")
                raise BenchError(f"nothing answers GET {path}; the log ends with {text[-2000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """All of them and their children are gone."""
        everybody = [each for pid in self.pids for each in family(pid)]
        for process in self._running:
            process.terminate()
        for process in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        for ask in (psutil.Process.terminate, psutil.Process.kill):
            for each in everybody:
                with suppress(psutil.NoSuchProcess):
                    ask(each)
            _, everybody = psutil.wait_procs(everybody, timeout=STOP_SECONDS)
        self._running.clear()


def family(pid: int) -> list[psutil.Process]:
    """The process and its children and theirs; nothing where it is gone."""
    with suppress(psutil.NoSuchProcess):
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    return []


def memory_mib(pids: list[int]) -> float:
    """Memory of the processes and their children, each page that several share divided among them (PSS)."""
    total = 0
    for each in (process for pid in pids for process in family(pid)):
        with suppress(psutil.NoSuchProcess):
            total += each.memory_full_info().pss
    return total / 2**20


@contextmanager
def sampled_memory(service: Service) -> Iterator[list[float]]:
    """Its memory in MiB, every half second."""
    taken = [service.memory_mib()]
    done = threading.Event()

    def sample() -> None:
        while not done.wait(_SAMPLE_SECONDS):
            taken.append(service.memory_mib())

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield taken
    finally:
        done.set()
        thread.join()


def _is_answering(port: int, path: str) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
