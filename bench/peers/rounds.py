"""One round of one service, and what the rounds of all of them say together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.peers.service import Service, sampled_memory
from bench.result import BenchError, Line, Plan
from bench.wrk import CONNECTIONS, Load

_TIMES = 10  # issue 7: at least so many times the better of the others


@dataclass(frozen=True)
class PeerRound:
    """What one round has measured; every accepted beat was found in the database."""

    per_second: float
    p50_ms: float
    p99_ms: float
    memory_mib: float


@dataclass(frozen=True)
class Middle:
    """The medians of one service's rounds."""

    name: str
    setting: str
    per_second: float
    p99_ms: float
    memory_mib: float


def run_round(service: Service, plan: Plan) -> PeerRound:
    """The prepared service was started, met the load, and was stopped; BenchError where a beat was refused or lost."""
    before = service.count()
    try:
        service.start()
        warm = service.send(plan.warm_seconds)
        with sampled_memory(service) as memory:
            load = service.send(plan.seconds)
    finally:
        service.stop()
    require_durable(service, (warm, load), before=before, after=service.count())
    return PeerRound(load.per_second, load.p50_ms, load.p99_ms, max(memory))


def take_turns(
    hubs: Sequence[Service], peers: Sequence[Service], plan: Plan, tell: Callable[[str], None]
) -> tuple[dict[str, list[PeerRound]], list[str]]:
    """The rounds of each by its name, the hub with each of its loads and the others in turn, and why any was left out.

    A round in which another service refuses or loses a beat is left out, which is in its favour. The hub may do
    neither: BenchError, as where one of the others has no round left.
    """
    rounds: dict[str, list[PeerRound]] = {service.name: [] for service in (*hubs, *peers)}
    left_out: list[str] = []
    for number in range(plan.rounds):
        for service in (*hubs, *peers):
            tell(f"round {number + 1} of {plan.rounds}: {service.name}, {service.setting}")
            try:
                rounds[service.name].append(run_round(service, plan))
            except BenchError as error:
                if service in hubs:
                    raise
                left_out.append(f"round {number + 1}: {error}")
                tell(f"left out: {error}")
    for name, found in rounds.items():
        if not found:
            raise BenchError(f"{name}: no round ran through; {left_out[-1]}")
    return rounds, left_out


def require_durable(service: Service, loads: Sequence[Load], *, before: int, after: int) -> None:
    """BenchError where anything was refused, or the database has not what was answered.

    When a sender stops, one beat for each connection may be under way: it may be stored and never be answered.
    """
    refused, broken = sum(load.refused for load in loads), sum(load.broken for load in loads)
    answers, stored = sum(load.answers for load in loads), after - before
    if refused or broken:
        raise BenchError(f"{service.name}, {service.setting}: of {answers} answers {refused} refused, {broken} broke")
    if not answers <= stored <= answers + len(loads) * CONNECTIONS:
        raise BenchError(f"{service.name}, {service.setting}: {answers} answered, but {stored} stored")


def middle_of(service: Service, rounds: Sequence[PeerRound]) -> Middle:
    """The medians."""
    return Middle(
        service.name,
        service.setting,
        median(each.per_second for each in rounds),
        median(each.p99_ms for each in rounds),
        median(each.memory_mib for each in rounds),
    )


def lines_of(hubs: Mapping[str, Middle], peers: Sequence[Middle]) -> list[Line]:
    """The table: the hub, by what it is sent, against the better of the others, then everybody by itself."""
    better = max(peers, key=lambda peer: peer.per_second)
    lines = []
    for sent, hub in hubs.items():
        times, less = hub.per_second / better.per_second, hub.memory_mib / better.memory_mib
        lines += [
            Line(f"durable ingest of {sent}, 32 connections", hub.per_second, "a second",
                 f"{better.name} {better.per_second:,.0f}/s", times, f"≥ {_TIMES} ×", times >= _TIMES),
            Line("its memory under load", hub.memory_mib, "MiB", f"{better.name} {better.memory_mib:,.0f} MiB", less,
                 "less", less < 1),
        ]  # fmt: skip
    for each in (*hubs.values(), *peers):
        who = f"{each.name} ({each.setting})"
        lines += [
            Line(f"{who}: accepted and stored", each.per_second, "a second"),
            Line(f"{who}: p99", each.p99_ms, "ms"),
            Line(f"{who}: memory of all its processes", each.memory_mib, "MiB"),
        ]
    return lines


def best_of(tried: Mapping[str, float]) -> str:
    """The setting that took the most a second; BenchError where none ran through."""
    if not tried:
        raise BenchError("no setting ran through")
    return max(tried, key=lambda setting: tried[setting])
