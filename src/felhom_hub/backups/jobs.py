"""The recurring work on the hub's own backups: making one, proving it, and looking whether all is well."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import psutil
import psycopg
from django.conf import settings

from felhom_hub.backups.container import DamagedBackupError
from felhom_hub.backups.look_after import look_after_backup, look_after_volume, say_failed, say_proven
from felhom_hub.backups.postgresql import CopyDiffersError
from felhom_hub.backups.queries import waiting_for_proof
from felhom_hub.backups.record import make_backup, prove_backup
from felhom_hub.backups.source import source_of_hub
from felhom_hub.backups.take import NoRoomError, OldBackupStaysError
from felhom_hub.base.pace import Pace
from felhom_hub.base.schedule import JOBS, JobFunction, Lane, ask_run, daily, every
from felhom_hub.base.secrets import SecretsError
from felhom_hub.base.volume import hub_volume
from felhom_hub.base.words import count_words, size_words

BACK_UP: Final = "backups.back_up"
PROVE: Final = "backups.prove_newest"
# Beside an intake that has the disk and the processor for the rest.
_SHARE: Final = 0.5
_OFF: Final = "off: backup.dir is empty"
_WHY_NOT = (NoRoomError, CopyDiffersError, SecretsError, OSError, sqlite3.Error, psycopg.Error)


def scheduled(schedule: time | timedelta, zone: ZoneInfo) -> Callable[[JobFunction], JobFunction]:
    """Registers the decorated function as the job that makes the backup."""
    if isinstance(schedule, time):
        return daily(schedule, zone=zone, label="Backup of this hub", lane=Lane.LONG)
    return every(schedule, label="Backup of this hub", lane=Lane.LONG)


@scheduled(settings.HUB.backup.schedule, settings.HUB.server.time_zone)
def back_up(now: datetime) -> str:
    """There is a new backup in `backup.dir`, its proof is next, and old ones are gone."""
    if not settings.HUB.backup.dir:
        return _OFF
    try:
        taken, removed = make_backup(
            source_of_hub(),
            settings.HUB.assets.dir,
            Path(settings.HUB.backup.dir),
            keep=settings.HUB.backup.keep,
            now=now,
            rest=Pace(_SHARE).rest,
        )
    except OldBackupStaysError as error:
        ask_run(PROVE, now)
        say_failed(f"The backup {_one_line(error)}.", now=now)
        raise
    except _WHY_NOT as error:
        say_failed(f"No backup of the hub could be made: {_one_line(error)}.", now=now)
        raise
    ask_run(PROVE, now)
    return f"{size_words(taken.size_bytes)}, {count_words(len(removed), 'old one')} removed, its proof is next"


@every(timedelta(minutes=5), label="Proof of the newest backup", lane=Lane.LONG)
def prove_newest(now: datetime) -> str:
    """The newest backup was restored in a scratch place and compared with what was noted when it was made."""
    if not settings.HUB.backup.dir:
        return _OFF
    backup = waiting_for_proof(settings.HUB.backup.dir, now)
    if backup is None:
        return "nothing to prove"
    path = Path(backup.path)
    try:
        contents = prove_backup(path, settings.HUB.server.data_dir, now=now, rest=Pace(_SHARE).rest)
    except DamagedBackupError as error:
        say_failed(f"The backup {path.name} cannot be restored: {_one_line(error)}.", now=now)
        raise
    except _WHY_NOT as error:
        say_failed(f"The backup {path.name} could not be proven: {_one_line(error)}.", now=now)
        raise
    say_proven(path, now=now)
    return f"{path.name} can be restored, {count_words(sum(contents.tables.values()), 'row')}"


@every(timedelta(minutes=5), label="Backup and volume of this hub", lane=Lane.PROMPT)
def look_after(now: datetime) -> str:
    """A backup that is late, and a volume that will soon be full, were told once."""
    up_since = datetime.fromtimestamp(psutil.Process().create_time(), UTC)
    timetable = JOBS[BACK_UP].timetable
    found = look_after_backup(timetable, job=BACK_UP, proof=PROVE, up_since=up_since, now=now)
    return f"{found}; {look_after_volume(hub_volume(now), now)}"


def _one_line(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    named = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
    return f"{named}{' '.join(text.split())}".rstrip(".")
