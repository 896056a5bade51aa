"""One round of load on one server, and the proof that what it answered with 200 is what it has stored."""

from dataclasses import dataclass
from statistics import median
from typing import Any

import msgspec

from bench.result import BenchError, Plan
from bench.servers import KEY, Server
from bench.wrk import CONNECTIONS, Load, Sender

REPORTS = "reports_report"


@dataclass(frozen=True)
class Round:
    """What one round has measured; `behind` is the number of the sequence that comes next."""

    load: Load
    cpu_us: float  # the server's processor time for each answer, all its threads together
    warm: Load
    behind: int

    @property
    def answers(self) -> int:
        """Every 200 of the round, the warm-up's included."""
        return self.load.answers + self.warm.answers

    def to_dict(self) -> dict[str, Any]:
        """For bench.json."""
        return {"per_second": self.load.per_second, "cpu_us": self.cpu_us, **msgspec.to_builtins(self.load)}


def run_round(server: Server, sender: Sender, plan: Plan, *, first: int) -> Round:
    """The running server has answered the sequence from `first` on, all of it with 200; else BenchError."""
    warm = sender.send(server.port, key=KEY, first=first, seconds=plan.warm_seconds)
    before = server.cpu_seconds
    load = sender.send(server.port, key=KEY, first=first + warm.sent, seconds=plan.seconds)
    cpu_us = (server.cpu_seconds - before) / max(1, load.answers) * 1e6
    for each in (warm, load):
        require_all_accepted(each, server)
    if not load.answers:
        raise BenchError(f"{' '.join(server.program)}: no answer within {plan.seconds} s")
    return Round(load, cpu_us, warm, first + warm.sent + load.sent)


def require_all_accepted(load: Load, server: Server) -> None:
    """BenchError when anything but 200 was answered, or a connection broke."""
    if load.refused or load.broken:
        raise BenchError(
            f"{' '.join(server.program)}: of {load.answers} answers {load.refused} were refusals, and {load.broken} "
            f"connections broke; its log ends with {server.log[-1500:]!r}"
        )


def require_all_stored(server: Server, *, before: int, answers: int, runs: int) -> None:
    """The stopped server has a row for every 200, and no more than could be under way when each wrk run ended."""
    stored = server.count(REPORTS) - before
    if not answers <= stored <= answers + runs * CONNECTIONS:
        raise BenchError(f"{' '.join(server.program)}: {answers} reports were answered with 200, but {stored} stored")


def require_capacity(sender: Sender, number: int) -> None:
    """BenchError when the sequence has come to reports of the future."""
    if number > sender.sequence.capacity:
        raise BenchError(f"{number} reports are more than {sender.sequence.customers} customers send in 23 hours")


def medians(rounds: list[Round]) -> dict[str, float]:
    """The median of each number over the rounds."""
    each = [one.to_dict() for one in rounds]
    return {name: median(numbers[name] for numbers in each) for name in each[0]}
