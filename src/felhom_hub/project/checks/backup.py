"""The hub's own backup and the room it has to grow: whether both go on as they should."""

import os
from datetime import datetime
from pathlib import Path

from django.db import Error

from felhom_hub.backups.place import is_on_same_disk
from felhom_hub.base.volume import hub_volume
from felhom_hub.project.checks.files import may_write_below
from felhom_hub.project.checks.findings import Finding, ok, warn
from felhom_hub.project.database_url import DatabaseUrl, SqliteUrl
from felhom_hub.project.options import Alerting, Backup


def check_backup(backup: Backup, url: DatabaseUrl) -> Finding:
    """Whether backups are made, where they can be, and would not be lost together with the database."""
    if not backup.dir:
        return warn("backup", "none is made by itself: backup.dir is empty")
    if not may_write_below(Path(backup.dir)):
        return warn("backup", f"{backup.dir} cannot be written by this user; see backup.dir")
    if isinstance(url, SqliteUrl) and is_on_same_disk(backup.dir, url.path):
        return warn("backup", f"{backup.dir} is on the disk of the database, and would be lost with it; see backup.dir")
    return ok("backup", f"goes to {backup.dir}")


def check_growth(url: DatabaseUrl, alerting: Alerting, *, now: datetime) -> Finding | None:
    """By which day the database's volume is full; None where there is no SQLite database with a history yet."""
    if not isinstance(url, SqliteUrl) or not os.path.lexists(url.path) or not url.path.stat().st_size:
        return None
    try:
        volume = hub_volume(now)
    except Error:  # of a database without tables, or of none: its own checks say so
        return None
    forecast = volume.forecast
    if volume.is_low:
        return warn("growth", f"the volume is nearly full: only {volume.room_words}")
    if forecast.full_on is not None and (forecast.full_on - now.date()).days <= alerting.volume_days:
        return warn("growth", f"the volume will be {forecast.words}, at the present growth")
    return ok("growth", forecast.words)
