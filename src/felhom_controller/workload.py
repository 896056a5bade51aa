"""What a simulated machine's apps do at a moment: containers and telemetry, from plan, condition and noise."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from felhom_controller.apps import App, AppContainer
from felhom_controller.blueprint import AppPlan
from felhom_controller.conditions import (
    CRASH_SECONDS,
    CRASHING_APP,
    LEAKING_APP,
    Condition,
    crashes,
)
from felhom_controller.readings import NOISE_MASK, utc_text
from felhom_controller.report import AppTelemetry, Container, ContainerHealth, ContainerTelemetry, LogIssue
from felhom_controller.troubles import Trouble

_SAMPLES = 90  # one telemetry sample every 10 s of a report's quarter of an hour


@lru_cache(maxsize=4_096)
def _issues_of(app: App, hour: int, errors: int) -> list[LogIssue]:
    issue = LogIssue(
        severity="error",
        message=app.complaint,
        fingerprint=hashlib.sha256(app.complaint.encode()).hexdigest()[:16],
        count=errors,
        first_seen=utc_text(hour * 3_600 - 4 * 86_400),
        last_seen=utc_text(hour * 3_600),
        container_name=app.containers[0].name,
    )
    return [issue]


@dataclass(frozen=True, slots=True)
class Moment:
    """What all apps of a machine share at a moment."""

    at: float
    condition: Condition
    activity: int  # hundredths
    noise: tuple[int, ...]
    started_at: str


def _container_of(
    app: App, part: AppContainer, moment: Moment, memory: int, cpu: int, *, is_crashing: bool
) -> Container:
    """One container; memory in tenths of a MB, cpu in hundredths of a percent."""
    condition = moment.condition
    if is_crashing:
        restarted_at = utc_text(int(moment.at - (moment.at - condition.since) % CRASH_SECONDS))
        restarts = crashes(condition, moment.at)
        return Container(
            part.name, app.name, part.image, "restarting", "unhealthy", restarts, cpu / 100, memory / 10, restarted_at
        )
    health: ContainerHealth = "unhealthy" if condition.is_flap and app.name == CRASHING_APP else "healthy"
    return Container(part.name, app.name, part.image, "running", health, 0, cpu / 100, memory / 10, moment.started_at)


def app_of(plan: AppPlan, moment: Moment, containers: list[Container]) -> tuple[AppTelemetry, int]:
    """One app's telemetry and its memory in tenths of a MB; its containers are added to `containers`."""
    app, condition, noise, minute = plan.app, moment.condition, moment.noise, int(moment.at // 60)
    is_crashing = condition.trouble is Trouble.CRASH_LOOP and app.name == CRASHING_APP
    leak_share = condition.leak_share if app.name == LEAKING_APP else None
    parts, now, average, peak, cpu = [], 0, 0, 0, 0
    for part, base, base_cpu, stream in plan.parts:
        wobble = noise[(stream + minute) & NOISE_MASK]
        # Whole tenths and hundredths: rounding floats would cost more than all else here.
        part_now = base * (12_500 + wobble) // 12_500
        if leak_share is not None:
            part_now, leak_share = int(app.limits_mb[1] * leak_share * 10), None
        part_average, part_peak = part_now * 97 // 100, part_now * (1_300 + wobble // 8) // 1_000
        part_cpu = base_cpu * moment.activity * (1_600 + wobble) // 160_000
        containers.append(_container_of(app, part, moment, part_now, part_cpu, is_crashing=is_crashing))
        parts.append(
            ContainerTelemetry(part.name, part_now / 10, part_average / 10, part_peak / 10, part_cpu / 100, _SAMPLES)
        )
        now += part_now
        average += part_average
        peak += part_peak
        cpu += part_cpu
    errors = (3 + moment.activity // 25) * (40 if is_crashing else 1) if plan.is_noisy else 0
    telemetry = AppTelemetry(
        app.name,
        app.display_name,
        parts,
        now / 10,
        average / 10,
        peak / 10,
        cpu / 100,
        _SAMPLES,
        app.limits_mb[0],
        app.limits_mb[1],
        errors,
        errors * 3,
        _issues_of(app, minute // 60, errors) if plan.is_noisy else None,
    )
    return telemetry, now
