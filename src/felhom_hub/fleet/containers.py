"""The apps of a server with their containers, those with a problem first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from felhom_hub.base.words import count_words, size_words
from felhom_hub.fleet.meters import MEMORY, Tone
from felhom_hub.reports.app_telemetry import AppFacts
from felhom_hub.reports.detail import Container, Detail

_MB = 1_000_000
_URGENCY = {"down": 0, "warn": 1, "idle": 2, "": 3}


@dataclass(frozen=True, slots=True)
class AppRow:
    """One app; None and empty texts where nothing is reported. `memory_percent` is of its limit."""

    name: str
    version: str
    state: str
    state_tone: Literal["down", "warn", "idle", ""]
    cpu_percent: float | None
    memory: str
    memory_percent: int | None
    memory_tone: Tone
    restarts: int | None
    log_issues: str | None

    @property
    def urgency(self) -> int:
        """What sorts the rows."""
        return min(_URGENCY[self.state_tone], _URGENCY[self.memory_tone])


@dataclass(frozen=True, slots=True)
class Containers:
    """The section: a sentence, and the apps where more than counts is reported."""

    summary: str
    rows: list[AppRow]
    tone: Tone


def containers_of(detail: Detail, *, is_old: bool) -> Containers | None:
    """The section, or None where nothing is reported; last known states warn of nothing."""
    if detail.counts is not None:
        total, running, unhealthy = detail.counts.total, detail.counts.running, detail.counts.unhealthy
        return Containers(_summary(running, total, unhealthy or 0), [], "warn" if unhealthy and not is_old else "")
    if not detail.containers:
        return None
    telemetry = {app.app_name.casefold(): app for app in detail.apps}
    titles = {stack.name: (stack.title or stack.name, stack.version or "") for stack in detail.stacks}
    rows = []
    for name, members in _by_app(detail.containers).items():
        app = telemetry.get(name.casefold())
        title, version = titles.get(name, (app.display_name if app else name, ""))
        rows.append(_row(title, version, members, app))
    rows.sort(key=lambda row: (row.urgency, row.name.casefold()))
    running = sum(_is_running(container) for container in detail.containers)
    unhealthy = sum(container.health == "unhealthy" for container in detail.containers)
    tones = {tone for row in rows for tone in (row.state_tone, row.memory_tone)}
    tone: Tone = "down" if "down" in tones else "warn" if "warn" in tones else ""
    return Containers(_summary(running, len(detail.containers), unhealthy), rows, "" if is_old else tone)


def _by_app(containers: Iterable[Container]) -> dict[str, list[Container]]:
    apps: dict[str, list[Container]] = {}
    for container in containers:
        apps.setdefault(container.stack or container.name, []).append(container)
    return apps


def _row(title: str, version: str, members: Sequence[Container], app: AppFacts | None) -> AppRow:
    state, tone = _state(members)
    used = _sum(container.memory_bytes for container in members)
    limit = app.memory_limit_mb * _MB if app is not None and app.memory_limit_mb else None
    percent = None if used is None or limit is None else round(used / limit * 100)
    restarts = _sum(container.restarts for container in members)
    return AppRow(
        name=title,
        version=version,
        state=state,
        state_tone=tone,
        cpu_percent=_sum(container.cpu_percent for container in members),
        memory=_memory(used, limit),
        memory_percent=percent,
        memory_tone="" if percent is None else MEMORY.tone_of(percent),
        restarts=None if restarts is None else int(restarts),
        log_issues=None if app is None else _log_issues(app),
    )


def _is_running(container: Container) -> bool:
    # Docker's own status text begins so: "Up 3 days (healthy)".
    return container.state is not None and (container.state == "running" or container.state.startswith("up"))


def _state(members: Sequence[Container]) -> tuple[str, Literal["down", "warn", "idle", ""]]:
    """How many run, and which one does not; an app that is stopped as a whole was probably meant to be."""
    restarting = [container.name for container in members if container.state == "restarting"]
    if restarting:
        return f"{', '.join(restarting)} restarting", "down"
    unhealthy = [container.name for container in members if container.health == "unhealthy"]
    if unhealthy:
        return f"{', '.join(unhealthy)} unhealthy", "warn"
    running = sum(_is_running(container) for container in members)
    if running == len(members):
        return f"Running, {running} of {running}", ""
    if all(container.state is None for container in members):
        return "", ""
    if running == 0:
        return f"Stopped, {count_words(len(members), 'container')}", "idle"
    stopped = [container for container in members if not _is_running(container)]
    words = ", ".join(f"{container.name} {container.state or 'not reported'}" for container in stopped)
    return f"Running, {running} of {len(members)}: {words}", "warn"


def _sum(values: Iterable[float | int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _memory(used: float | None, limit: float | None) -> str:
    if used is None:
        return ""
    return size_words(used) if limit is None else f"{size_words(used)} of {size_words(limit)} limit"


def _log_issues(app: AppFacts) -> str | None:
    if app.log_errors_24h is None and app.log_warnings_24h is None:
        return None
    parts = ((app.log_errors_24h or 0, "error"), (app.log_warnings_24h or 0, "warning"))
    return ", ".join(count_words(count, noun) for count, noun in parts if count) or "none"


def _summary(running: int | None, total: int | None, unhealthy: int) -> str:
    if running is None or total is None:
        known = total if running is None else running
        return f"{count_words(known or 0, 'container')}{'' if running is None else ' running'}"
    words = f"{running:,} of {count_words(total, 'container')} run"
    return f"{words}, {unhealthy:,} unhealthy" if unhealthy else words
