"""The hub's own backup as the operator sees it: the last one and its proof, the next run, and where they lie."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from felhom_hub.backups.models import HubBackup, OwnAlarm
from felhom_hub.backups.place import is_on_same_disk
from felhom_hub.backups.queries import known_backups, waiting_for_proof
from felhom_hub.base.words import count_words
from felhom_hub.fleet.background import JobRow

JOB, PROOF_JOB = "backups.back_up", "backups.prove_newest"


@dataclass(frozen=True)
class OwnBackup:
    """`proof` is the newest that was looked at, and like `newest` and `proven` None where there is none.

    `alarm` is a few words, "" where none stands.
    """

    directory: str  # "" where no backups are made
    newest: HubBackup | None
    is_waiting: bool  # the newest for its proof
    proof: HubBackup | None
    proven: HubBackup | None
    alarm: str
    alarm_since: datetime | None
    rhythm: str
    following: str
    is_running: bool
    is_on_same_disk: bool
    kept: str

    @property
    def place(self) -> str:
        """The directory of the newest one, which `backup.dir` was when it was made."""
        return str(Path(self.newest.path).parent) if self.newest else self.directory

    @property
    def name(self) -> str:
        """The newest one's file."""
        return Path(self.newest.path).name if self.newest else ""


_ALARMS = {"hub_backup_missed": "late", "hub_backup_failed": "failed"}


def own_backup(jobs: list[JobRow], *, now: datetime) -> OwnBackup:
    """What is so at `now`; `jobs` are the page's."""
    own = settings.HUB.backup
    known = known_backups(now)
    of_name = {job.name: job for job in jobs}
    alarm = OwnAlarm.objects.filter(name="backup").exclude(event_type="").first()
    return OwnBackup(
        directory=own.dir,
        newest=known.newest,
        is_waiting=bool(own.dir) and known.newest is not None and waiting_for_proof(own.dir, now) == known.newest,
        proof=known.looked_at,
        proven=known.proven,
        alarm=_ALARMS.get(alarm.event_type, alarm.event_type) if alarm else "",
        alarm_since=alarm.since_at if alarm else None,
        rhythm=of_name[JOB].rhythm,
        following=of_name[JOB].following,
        is_running=any(of_name[name].state == "running" for name in (JOB, PROOF_JOB)),
        is_on_same_disk=bool(own.dir) and connection.vendor == "sqlite" and is_on_same_disk(own.dir, _database()),
        kept=f"the newest {count_words(own.keep, 'backup') if own.keep > 1 else 'backup'}",
    )


def _database() -> Path:
    return Path(connection.settings_dict["NAME"])
