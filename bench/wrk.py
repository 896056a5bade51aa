"""Runs wrk with the sequence of reports, and reads what it has counted."""

import resource
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.reports import Sequence, write_lua
from bench.result import BenchError

CONNECTIONS = 32
_SCRIPT = Path(__file__).with_name("report.lua")
_ANSWER_SECONDS = 30  # an answer that takes longer counts as broken
_GRACE_SECONDS = 60


class Load(msgspec.Struct, frozen=True):
    """What wrk has seen in one run; `refused` of the `answers` had a status of 400 or more."""

    sent: int
    answers: int
    seconds: float
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_share: float = 0.0  # of one core, that wrk itself took

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def find_wrk() -> str:
    """The program; BenchError with the way to get it where it is missing."""
    found = shutil.which("wrk")
    if found is None:
        raise BenchError("wrk is missing; `make system-packages` installs it or says how to get it")
    return found


@dataclass(frozen=True)
class Sender:
    """A sequence, ready to be sent."""

    sequence: Sequence
    lua: Path

    def send(self, port: int, *, key: str, first: int, seconds: int) -> Load:
        """Sends the sequence from `first` on for so long, over 32 connections that are kept."""
        sequence = self.sequence
        arguments = [str(self.lua), key, str(first), str(sequence.customers), str(sequence.begin_ms)]
        return run_wrk(port, _SCRIPT, arguments, seconds=seconds)


def run_wrk(port: int, script: Path, arguments: list[str], *, seconds: int) -> Load:
    """The script's requests were sent for so long, over 32 connections that the server may keep."""
    command = [find_wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"--timeout={_ANSWER_SECONDS}s"]
    command += ["-s", str(script), f"http://127.0.0.1:{port}/", "--", *arguments]
    before = _children_cpu()
    try:
        output = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=seconds + _GRACE_SECONDS
        ).stdout
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise BenchError(f"wrk failed: {error}; it said {error.stderr!r}") from None
    load = load_of(output)
    return msgspec.structs.replace(load, cpu_share=(_children_cpu() - before) / load.seconds)


def make_sender(sequence: Sequence, directory: Path) -> Sender:
    """The sequence's bodies lie in `directory` for wrk to read."""
    lua = directory / "bodies.lua"
    write_lua(sequence, lua)
    return Sender(sequence, lua)


def load_of(output: str) -> Load:
    """What `report.lua` printed at the end."""
    _, mark, rest = output.partition("RESULT ")
    if not mark:
        raise BenchError(f"wrk printed no result: {output[-500:]!r}")
    return msgspec.json.decode(rest.partition("\n")[0], type=Load)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
