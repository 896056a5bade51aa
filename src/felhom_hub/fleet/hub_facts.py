"""What the hub itself is and takes: versions, since when it runs, its database's size, growth and room to grow."""

import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from felhom_hub import __version__
from felhom_hub.base.sizes import GROWTH_DAYS, database_bytes, growth_a_day, sizes_since
from felhom_hub.base.words import count_words, size_words

# A forecast from fewer days would be a guess (design language, section 4).
_FORECAST_DAYS = 7
# Room for longer than this needs nobody.
_LONG_DAYS = 730


@dataclass(frozen=True)
class HubFacts:
    """`free_bytes` is None where the volume cannot be asked; `growth` and `lasts` are sentences, "" for none."""

    version: str
    python: str
    database: str
    up_since: datetime
    size_bytes: int
    growth: str
    lasts: str
    volume: str
    free_bytes: int | None
    total_bytes: int | None

    @property
    def used_share(self) -> float:
        """How much of the volume is taken, of 100."""
        if not self.total_bytes or self.free_bytes is None:
            return 0.0
        return round(100 * (self.total_bytes - self.free_bytes) / self.total_bytes, 1)


def hub_facts(now: datetime) -> HubFacts:
    """The facts at `now`."""
    sizes = sizes_since(now.date() - timedelta(days=GROWTH_DAYS))
    volume = _volume()
    free, total = _room(volume)
    growth = growth_a_day(sizes)
    days = (sizes[-1][0] - sizes[0][0]).days if sizes else 0
    return HubFacts(
        version=__version__,
        python=platform.python_version(),
        database=_database(),
        up_since=datetime.fromtimestamp(psutil.Process().create_time(), UTC),
        size_bytes=database_bytes(),
        growth=growth_words(growth, days=days),
        lasts=lasts_words(growth, days=days, free_bytes=free) if connection.vendor == "sqlite" else "",
        volume=str(volume),
        free_bytes=free,
        total_bytes=total,
    )


def growth_words(growth: float | None, *, days: int) -> str:
    """`1.2 MB a day, over 9 days`; what is missing while it cannot be known."""
    if growth is None:
        return "not known yet, needs 2 days"
    sign = "-" if growth < 0 else ""
    return f"{sign}{size_words(abs(growth))} a day, over {count_words(days, 'day')}"


def lasts_words(growth: float | None, *, days: int, free_bytes: int | None) -> str:
    """`room for about 300 days`; nothing where it lasts for years, or growth is not known for long enough."""
    if growth is None or growth <= 0 or days < _FORECAST_DAYS or free_bytes is None:
        return ""
    lasts = round(free_bytes / growth)
    return f"room for about {count_words(lasts, 'day')}" if lasts <= _LONG_DAYS else ""


def _volume() -> Path:
    """Where the room is that the hub needs: the database's own directory, or its data directory."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).parent
    return Path(settings.HUB.server.data_dir)


def _room(volume: Path) -> tuple[int | None, int | None]:
    try:
        usage = shutil.disk_usage(volume)
    except OSError:
        return None, None
    return usage.free, usage.total


def _database() -> str:
    if connection.vendor == "postgresql":
        return f"PostgreSQL {'.'.join(map(str, connection.get_database_version()))}"
    import sqlite3  # noqa: PLC0415 - only after use_own_sqlite(), which the settings call

    return f"SQLite {sqlite3.sqlite_version}"
