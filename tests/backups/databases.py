"""SQLite files to back up, and what is noted of backups."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from felhom_hub.backups.models import HubBackup


def a_database(path: Path, *, rows: int = 3, each: bytes = b"x") -> Path:
    """With one table, in WAL mode as the hub's own."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE a (x)")
        connection.executemany("INSERT INTO a VALUES (?)", [(each,)] * rows)
        connection.commit()
    return path


def noted(path: Path | str, made_at: datetime, *, proven: bool | None = True) -> HubBackup:
    """A row of a backup; `proven` is None for one whose proof is to come."""
    return HubBackup.objects.create(
        path=str(path),
        made_at=made_at,
        size_bytes=31_000_000,
        database_bytes=214_000_000,
        row_count=1_204_311,
        took_ms=4100,
        looked_at=None if proven is None else made_at + timedelta(minutes=1),
        fault="It was changed or cut off after it was made" if proven is False else "",
    )
