"""Questions about the hub's own backups: the newest, the newest that is proven, the one whose proof is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db.models import QuerySet

from felhom_hub.backups.models import HubBackup

# A time beyond that was noted by a clock that has been set back since: it says nothing of what is due.
_AHEAD: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Known:
    """The newest backup, the newest whose proof came to an end, and the newest that is proven; None for none."""

    newest: HubBackup | None
    looked_at: HubBackup | None
    proven: HubBackup | None


def known_backups(now: datetime) -> Known:
    """What is known at `now`."""
    made = _made(now)
    newest = made.first()
    if newest is None or (newest.looked_at is not None and not newest.fault):
        return Known(newest, newest, newest)  # as it should be
    looked = made.exclude(looked_at=None)
    return Known(newest, looked.first(), looked.filter(fault="").first())


def waiting_for_proof(directory: str, now: datetime) -> HubBackup | None:
    """The newest backup there, where its proof has not come to an end; what lies elsewhere may be out of reach."""
    newest = _made(now).filter(path__startswith=f"{directory.rstrip('/')}/").first()
    return newest if newest is not None and newest.looked_at is None else None


def proven_files(now: datetime) -> frozenset[Path]:
    """The newest proven backup's file: whatever else goes, it stays."""
    proven = known_backups(now).proven
    return frozenset() if proven is None else frozenset((Path(proven.path),))


def _made(now: datetime) -> QuerySet[HubBackup]:
    return HubBackup.objects.filter(made_at__lte=now + _AHEAD).order_by("-made_at", "-pk")
