"""Tells once when something about the hub itself goes wrong, and once when it is well again."""

from datetime import datetime
from typing import Final, Literal

from django.db import transaction

from felhom_hub.backups.models import OwnAlarm
from felhom_hub.base.db import Db
from felhom_hub.events.catalogue import default_severity_of
from felhom_hub.events.record import HubEvent, record_hub_events

Name = Literal["backup", "volume"]

MISSED: Final = "hub_backup_missed"
FAILED: Final = "hub_backup_failed"
FILLING: Final = "hub_volume_filling"
# Which event ends them.
_ENDED_BY: Final[dict[Name, str]] = {"backup": "hub_backup_done", "volume": "hub_volume_roomy"}


def raise_alarm(name: Name, event_type: str, message: str, *, now: datetime) -> bool:
    """The alarm stands and was told; False where it stood already."""
    with transaction.atomic():
        row = known(name, now=now)
        if row.event_type == event_type:
            return False
        _tell(row, event_type, event_type, message, now=now)
        return True


def end_alarm(name: Name, message: str, *, now: datetime) -> bool:
    """No alarm of that name stands, and the end of one was told; False where none stood."""
    with transaction.atomic():
        row = known(name, now=now)
        if not row.event_type:
            return False
        _tell(row, "", _ENDED_BY[name], message, now=now)
        return True


def known(name: Name, *, now: datetime) -> OwnAlarm:
    """The row, in the caller's transaction; made where there is none yet, which is how long the hub looks after it."""
    OwnAlarm.objects.get_or_create(name=name, defaults={"event_type": "", "since_at": now})
    return OwnAlarm.objects.select_for_update().get(name=name)


def _tell(row: OwnAlarm, stands: str, event_type: str, message: str, *, now: datetime) -> None:
    OwnAlarm.objects.filter(name=row.name).update(event_type=stands, since_at=now)
    record_hub_events(Db(), [HubEvent(None, event_type, default_severity_of(event_type), message)], now=now)
