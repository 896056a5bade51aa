"""Simulated machines: what each of them would report at a moment, as a pure function of seed, place and time.

What befalls a machine is decided in `troubles`, how old controllers word a report in `dialects`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

import msgspec

from felhom_controller.blueprint import SimulatedMachine, config_of
from felhom_controller.conditions import condition_at, health_of
from felhom_controller.dialects import encode_in
from felhom_controller.nights import Night, last_night
from felhom_controller.readings import NOISE_MASK, activity_at, local_timestamp, noise_of, utc_text
from felhom_controller.releases import version_at
from felhom_controller.report import REPORT_VERSION, AppTelemetry, Backup, Container, Report, Storage, System
from felhom_controller.snapshot import Holdings, snapshot_of
from felhom_controller.troubles import Trouble, last_boot_before
from felhom_controller.workload import Moment, app_of

_SYSTEM_MEMORY_MB = 1_150  # what the operating system itself uses
_SYSTEM_DISK_PERCENT = 41.0
_BACKUP_DISK_LIMIT = 88.0


@dataclass(frozen=True, slots=True)
class Dealt:
    """What a hub has done to a simulated machine that it can reach: its address, applied configuration, update."""

    controller_url: str
    config_hash: str | None
    controller_version: str | None


def _system_of(machine: SimulatedMachine, moment: Moment, *, load: float, used_mb: float, booted_at: float) -> System:
    wobble = moment.noise[(machine.index * 131 + int(moment.at // 60)) & NOISE_MASK] / 1_000
    trouble = moment.condition.trouble
    cpu = min(97.0, 3 + 19 * load * (1 + 0.6 * wobble) + (30 if trouble is Trouble.CRASH_LOOP else 0))
    heat = 83.5 if trouble is Trouble.HOT else machine.base_celsius + 11 * load
    total = machine.memory_total_mb
    used = min(used_mb, total * 0.96)
    return System(
        hostname=machine.customer_id,
        os="Debian GNU/Linux 13 (trixie)",
        kernel="6.12.48+deb13-amd64",
        cpu_percent=int(cpu * 10) / 10,
        load_1=int(cpu * 4) / 100,
        memory_percent=int(1_000 * used / total) / 10,
        memory_used_mb=int(used),
        memory_total_mb=total,
        swap_percent=max(0.0, float(int(100 * used / total) - 80)),
        temperature_celsius=int((heat + 2 * wobble) * 10) / 10,
        disk_percent=max(_SYSTEM_DISK_PERCENT, moment.condition.data_percent),
        uptime_seconds=int(moment.at - booted_at),
    )


@lru_cache(maxsize=4_096)
def _storage_of(system_gb: float, data_gb: float, data_percent: float) -> list[Storage]:
    def drive(
        name: str, path: str, device: str, *, total: float, percent: float, role: Literal["system", "data", "backup"]
    ) -> Storage:
        used = int(total * percent / 10) / 10
        return Storage(name, path, device, "ext4", total, used, percent, mounted=True, role=role, state="ok")

    backup_percent = min(_BACKUP_DISK_LIMIT, data_percent + 3)
    return [
        drive("Rendszer", "/", "/dev/nvme0n1p2", total=system_gb, percent=_SYSTEM_DISK_PERCENT, role="system"),
        drive("hdd1", "/mnt/hdd1", "/dev/sda1", total=data_gb, percent=data_percent, role="data"),
        drive("Mentés", "/mnt/backup", "/dev/sdb1", total=data_gb, percent=backup_percent, role="backup"),
    ]


def _backup_of(machine: SimulatedMachine, night: Night | None) -> Backup:
    if night is None:
        return Backup()
    return Backup(
        last_backup_at=utc_text(night.backup_at),
        last_backup_ok=night.backup_ok,
        last_db_dump_at=utc_text(night.dump_at),
        last_db_dump_ok=True,
        repository_size_mb=int(machine.data_disk_gb * machine.data_percent * 6) + night.number % 365 * 12,
        snapshot_count=37,
        last_integrity_check_at=utc_text(night.dump_at - night.number % 7 * 86_400 + 5_400),
        last_integrity_ok=True,
    )


def report_at(machine: SimulatedMachine, at: datetime) -> Report:
    """What the machine reports at a moment (the true time; its own clock may be wrong), in the canonical form."""
    seed, index, behaviour, persona = machine.seed, machine.index, machine.behaviour, machine.persona
    now = at.timestamp()
    condition = condition_at(seed, index, machine.data_percent, now)
    night, booted_at = last_night(seed, index, now), last_boot_before(seed, index, now)
    load = activity_at(now, is_business=persona.is_business)
    moment = Moment(now, condition, int(load * 100), noise_of(seed), utc_text(int(booted_at) + 42))
    containers: list[Container] = []
    telemetry: list[AppTelemetry] = []
    used = 0
    for plan in machine.plans:
        app, memory = app_of(plan, moment, containers)
        telemetry.append(app)
        used += memory
    return Report(
        version=REPORT_VERSION,
        customer_id=persona.customer_id,
        customer_name=persona.customer_name,
        controller_version=version_at(behaviour, index, now),
        controller_url=persona.controller_url,
        timestamp=local_timestamp(now + behaviour.clock_skew_seconds, at.microsecond * 1_000 + index % 1_000),
        config_hash=machine.config_hash,
        monitoring_paused=behaviour.monitoring_paused,
        health=health_of(condition, night, now),
        system=_system_of(machine, moment, load=load, used_mb=_SYSTEM_MEMORY_MB + used / 10, booted_at=booted_at),
        storage=_storage_of(machine.system_disk_gb, machine.data_disk_gb, condition.data_percent),
        containers=containers,
        stacks=machine.stacks,
        backup=_backup_of(machine, night),
        app_telemetry=telemetry,
    )


def holdings_of(machine: SimulatedMachine, config: bytes | None = None) -> Holdings:
    """What the machine is rebuilt from beside its report, made up; the configuration that was applied, or its first."""
    devices = ("/dev/nvme0n1p2", "/dev/sda1", "/dev/sdb1")

    def made_up(what: str) -> str:
        return hashlib.sha256(f"{machine.seed}:{machine.index}:{what}".encode()).hexdigest()

    passwords = ("local", "cross-drive") if machine.behaviour.has_restic_passwords else ()
    return Holdings(
        config or config_of(machine.persona),
        b'{"language": "hu", "theme": "auto"}',
        {device: str(UUID(made_up(device)[:32])) for device in devices},
        {name: made_up(name) for name in passwords},
        {stack.name: f"/mnt/hdd1/{stack.name}" for stack in machine.stacks or ()},
    )


def snapshot_at(machine: SimulatedMachine, at: datetime, config: bytes | None = None) -> bytes:
    """The infrastructure backup that the machine's controller sends at a moment."""
    return snapshot_of(report_at(machine, at), holdings_of(machine, config))


def body_at(machine: SimulatedMachine, at: datetime, dealt: Dealt | None = None) -> bytes:
    """The bytes that the machine's controller sends at a moment, in the wording of its version."""
    report = report_at(machine, at)
    if dealt is not None:
        report = msgspec.structs.replace(
            report,
            controller_url=dealt.controller_url,
            config_hash=dealt.config_hash,
            controller_version=dealt.controller_version or report.controller_version,
        )
    return encode_in(machine.behaviour.dialect, report)
