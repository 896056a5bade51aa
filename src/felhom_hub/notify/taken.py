"""Who has taken what stands: the alarms of the servers that a page shows, and the incidents that tell of many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds
from felhom_hub.events.catalogue import label_of
from felhom_hub.notify.basis import FLEET
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.standing import INCIDENT_BEGAN


@dataclass(frozen=True, slots=True)
class Taken:
    """One alarm that somebody has acknowledged, or else the incident that tells of it (`incident` is its number)."""

    event_type: str
    incident: str
    by: str
    note: str
    at: datetime

    @property
    def label(self) -> str:
        """What is wrong, in the catalogue's words."""
        return label_of(self.event_type)


@dataclass(frozen=True, slots=True)
class Takings:
    """What was taken of each server, the longest standing first, and how many incidents nobody has taken."""

    of: Mapping[int, list[Taken]]
    untaken_incidents: int


class _Row(NamedTuple):
    subject: int
    since_ms: int
    event_type: str
    which: str
    incident: str
    acknowledged_ms: int | None
    acknowledged_by: str
    note: str


_COLUMNS = ("subject", "since_at", "event_type", "which", "incident", "acknowledged_at", "acknowledged_by", "note")


def read_takings(customer_pks: Iterable[int]) -> Takings:
    """What was taken of these customers, and of incidents; one statement, built once, as an overview has hundreds."""
    rows = sorted(_Row(*row) for row in Db().select(Alarm, _COLUMNS, key="subject", values=[FLEET, *customer_pks]))
    incidents = {row.which: row for row in rows if row.subject == FLEET and row.event_type == INCIDENT_BEGAN}
    found: dict[int, list[Taken]] = defaultdict(list)
    for row in rows:
        if row.subject != FLEET and (taken := _taken(row, incidents.get(row.incident))):
            found[row.subject].append(taken)
    return Takings(dict(found), sum(row.acknowledged_ms is None for row in incidents.values()))


def untaken_incidents() -> int:
    """How many open incidents nobody has acknowledged."""
    return Alarm.objects.filter(subject=FLEET, event_type=INCIDENT_BEGAN, acknowledged_at=None).count()


def _taken(alarm: _Row, incident: _Row | None) -> Taken | None:
    for row in (alarm, incident):
        if row is not None and row.acknowledged_ms is not None:
            at = from_milliseconds(row.acknowledged_ms)
            return Taken(alarm.event_type, row.which, row.acknowledged_by, row.note, at)
    return None
