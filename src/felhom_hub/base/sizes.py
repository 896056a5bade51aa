"""How large the database is, and by how much it grows a day: one row a day is kept, so that growth is measured."""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connection

from felhom_hub.base.db import postgresql_bytes
from felhom_hub.base.models import DatabaseSize

# Growth is judged over these days; older rows are kept for a year's picture and then go.
GROWTH_DAYS = 30
KEPT_DAYS = 400
# SQLite's write-ahead log belongs to the database as long as it is there.
_SQLITE_PARTS = ("", "-wal")

# What PostgreSQL's server was asked last by this process; every page's footer says it.
_noted: list[tuple[int, datetime]] = []
NOTED_FOR = timedelta(minutes=10)


def size_now_or_noted() -> tuple[int, datetime | None] | None:
    """The size and, where it is not of this moment, when it was measured; None where it is not known yet.

    No query: SQLite's files are asked, PostgreSQL's size was noted.
    """
    if connection.vendor == "sqlite":
        return database_bytes(), None
    return _noted[0] if _noted else None


def note_size(now: datetime) -> None:
    """What a page's footer says is at most `NOTED_FOR` old, unless the database is away; most of the time no query."""
    if connection.vendor == "sqlite" or (_noted and timedelta() <= now - _noted[0][1] < NOTED_FOR):
        return
    try:
        _noted[:] = [(database_bytes(), now)]
    except DatabaseError:
        connection.close()


def database_bytes() -> int:
    """What the database takes on its disk now."""
    if connection.vendor == "postgresql":
        return postgresql_bytes()
    return file_bytes(Path(connection.settings_dict["NAME"]))


def file_bytes(database: Path) -> int:
    """What an SQLite database takes on its disk now; 0 where there is none."""
    return sum(_size(Path(f"{database}{part}")) for part in _SQLITE_PARTS)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def record_size(now: datetime) -> int:
    """The row of today has the database's present size, which is returned; rows beyond `KEPT_DAYS` are gone."""
    size = database_bytes()
    today = now.date()
    DatabaseSize.objects.update_or_create(day=today, defaults={"size_bytes": size})
    DatabaseSize.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()
    return size


def sizes_since(day: date) -> list[tuple[date, int]]:
    """The kept sizes from that day on, oldest first."""
    return list(DatabaseSize.objects.filter(day__gte=day).order_by("day").values_list("day", "size_bytes"))
