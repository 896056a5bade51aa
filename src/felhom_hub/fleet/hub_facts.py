"""What the hub itself is and takes: versions, since when it runs, its database's size, growth and room to grow."""

import platform
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
from django.conf import settings
from django.db import connection

from felhom_hub import __version__
from felhom_hub.base.sizes import database_bytes
from felhom_hub.base.volume import hub_volume
from felhom_hub.base.words import count_words, size_words
from felhom_hub.reports.receipts import newest_receipt


@dataclass(frozen=True)
class HubFacts:
    """`free_bytes` is None where the volume cannot be asked; `growth` and `full` are a few words."""

    version: str
    python: str
    database: str
    up_since: datetime
    last_report_at: datetime | None
    size_bytes: int
    growth: str
    full: str
    is_filling: bool  # within `alerting.volume_days`
    is_low: bool  # on room, whatever the forecast says
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
    volume = hub_volume(now)
    full_on, warned_days = volume.forecast.full_on, settings.HUB.alerting.volume_days
    return HubFacts(
        version=__version__,
        python=platform.python_version(),
        database=_database(),
        up_since=datetime.fromtimestamp(psutil.Process().create_time(), UTC),
        last_report_at=newest_receipt(),
        size_bytes=database_bytes(),
        growth=growth_words(volume.forecast.growth, days=volume.forecast.days),
        full=f"{volume.forecast.words} at the present growth" if full_on else volume.forecast.words,
        is_filling=full_on is not None and (full_on - now.date()).days <= warned_days,
        is_low=volume.is_low,
        volume=str(volume.place),
        free_bytes=volume.free_bytes,
        total_bytes=volume.total_bytes,
    )


def growth_words(growth: float | None, *, days: int) -> str:
    """`1.2 MB a day, over 9 days`; what is missing while it cannot be known."""
    if growth is None:
        return "not known yet, needs 2 days"
    sign = "-" if growth < 0 else ""
    return f"{sign}{size_words(abs(growth))} a day, over {count_words(days, 'day')}"


def _database() -> str:
    if connection.vendor == "postgresql":
        return f"PostgreSQL {'.'.join(map(str, connection.get_database_version()))}"
    import sqlite3  # noqa: PLC0415 - only after use_own_sqlite(), which the settings call

    return f"SQLite {sqlite3.sqlite_version}"
