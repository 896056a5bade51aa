"""Whether the hub's own backup and volume are as they should be; what is not is told once, and so is its end."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from felhom_hub.backups.lateness import is_late
from felhom_hub.backups.models import HubBackup, OwnAlarm
from felhom_hub.backups.own_alarms import FAILED, FILLING, MISSED, end_alarm, known, raise_alarm
from felhom_hub.backups.queries import known_backups
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import ask_run
from felhom_hub.base.timetable import Timetable
from felhom_hub.base.volume import Volume, full_words
from felhom_hub.base.words import age_words, count_words, moment_words, size_words

# After a failure it is tried again so soon: a day without a backup is more than the schedule allows.
TRIED_AGAIN_AFTER: Final = timedelta(minutes=30)
# The largest takes most of an hour. A directory on another machine that is gone holds a run for as long as that lasts.
LONGEST_RUN: Final = timedelta(hours=6)


def say_failed(message: str, *, now: datetime) -> None:
    """That a backup or its proof failed was told, unless that stands."""
    raise_alarm("backup", FAILED, message, now=now)


def say_proven(path: Path, *, now: datetime) -> None:
    """Whatever stood about the backup is over."""
    end_alarm("backup", f"The backup {path.name} is there, and can be restored.", now=now)


def look_after_backup(timetable: Timetable, *, job: str, proof: str, up_since: datetime, now: datetime) -> str:
    """A late backup was told, once; returns a few words. One that failed is tried again, one that runs has its time."""
    if not settings.HUB.backup.dir:
        end_alarm("backup", "The hub makes no backups by itself any more: backup.dir is empty.", now=now)
        # From when it is switched on again, the first one has its time.
        OwnAlarm.objects.filter(name="backup").delete()
        return "no backups are made"
    with transaction.atomic():
        row = known("backup", now=now)
    found = known_backups(now)
    since = now - LONGEST_RUN
    runs_or_waits = Q(lease_until__gte=now, started_at__gt=since) | Q(next_at__lte=now, next_at__gt=since)
    if Job.objects.filter(runs_or_waits, name__in=(job, proof)).exists():
        return "a backup is made or proven"
    if _has_failed(job, found.newest, now):
        ask_run(job, now)
        return "the backup is tried again"
    # By hand it may have been made and proven meanwhile.
    if row.event_type and found.proven is not None and (found.proven.looked_at or row.since_at) > row.since_at:
        say_proven(Path(found.proven.path), now=now)
        return "the backup is there again"
    # Where there is none, it is due since the hub looks after it.
    last_at = row.since_at if found.proven is None else found.proven.made_at
    if row.event_type or not is_late(timetable, last_at, up_since=up_since, now=now):
        return "the backup needs a look" if row.event_type else "the backup is in time"
    what = "there is none that is proven"
    if found.proven is not None:
        moment = moment_words(found.proven.made_at, settings.HUB.server.time_zone)
        what = f"the last proven one was made {age_words(found.proven.made_at, now)} ({moment})"
    raise_alarm("backup", MISSED, f"The backup of the hub is late: {what}.", now=now)
    return "the backup is late"


def _has_failed(job: str, newest: HubBackup | None, now: datetime) -> bool:
    """True where the last try, or its proof, came to nothing a while ago."""
    tried = Job.objects.filter(name=job, started_at__lte=now - TRIED_AGAIN_AFTER).first()
    return tried is not None and (tried.last_error != "" or (newest is not None and newest.fault != ""))


def look_after_volume(volume: Volume, now: datetime) -> str:
    """A volume that will be full soon, or nearly is, was told, once; returns a few words."""
    days = settings.HUB.alerting.volume_days
    full_on, words = volume.forecast.full_on, volume.forecast.words
    if not days:
        end_alarm("volume", "The volume of the database is not looked after any more.", now=now)
    elif volume.free_bytes is None:
        pass  # What is not known neither begins an alarm nor ends one.
    elif volume.is_low:
        words = volume.room_words
        raise_alarm("volume", FILLING, f"The volume of the database is nearly full: only {words}.", now=now)
    elif full_on is not None and (full_on - now.date()).days <= days:
        message = (
            f"The volume of the database will be full {full_words(full_on, now.date())}, at the present growth "
            f"of {size_words(volume.forecast.growth or 0)} a day; {size_words(volume.free_bytes)} are free."
        )
        raise_alarm("volume", FILLING, message, now=now)
    elif _is_roomy(volume, days, now):
        room = volume.room_words if full_on is None else f"for {count_words((full_on - now.date()).days, 'day')}"
        end_alarm("volume", f"The volume of the database has room again: {room}.", now=now)
    return f"the volume: {words}"


def _is_roomy(volume: Volume, days: int, now: datetime) -> bool:
    """Well beyond the lines: what moves back and forth about one must not begin and end an alarm each day."""
    full_on, free = volume.forecast.full_on, volume.free_bytes or 0
    is_late = full_on is None or (full_on - now.date()).days > days + max(1, days // 10)
    return is_late and free >= 1.5 * volume.low_bytes
