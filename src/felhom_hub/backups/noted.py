"""What this process knows of the hub's own backups without a query: `/metrics` is answered beside the event loop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from felhom_hub.backups.models import OwnAlarm
from felhom_hub.backups.queries import known_backups

NOTED_FOR: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Noted:
    """`proven_at` is when the newest proven backup was made, None for none; `at` is when this was looked up."""

    at: datetime
    proven_at: datetime | None
    size_bytes: int | None
    is_alarmed: bool


_noted: list[Noted] = []


def noted_backups() -> Noted | None:
    """The last look; None where no backups are made, or nobody has looked yet."""
    return _noted[0] if _noted and settings.HUB.backup.dir else None


def note_backups(now: datetime) -> None:
    """What is noted is at most `NOTED_FOR` old, unless the database is away; most of the time no query."""
    if not settings.HUB.backup.dir or (_noted and timedelta() <= now - _noted[0].at < NOTED_FOR):
        return
    try:
        proven = known_backups(now).proven
        is_alarmed = OwnAlarm.objects.filter(name="backup").exclude(event_type="").exists()
    except DatabaseError:
        connection.close()
        return
    made_at, size = (None, None) if proven is None else (proven.made_at, proven.size_bytes)
    _noted[:] = [Noted(now, made_at, size, is_alarmed)]
