"""The alarms that stand, as rows: read before an event is decided on, and written after, in the event's transaction."""

from collections.abc import Iterable, Mapping

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.notify.models import Alarm
from felhom_hub.notify.policy import AUDIENCES, Audience
from felhom_hub.notify.standing import Standing

# Subject, type, and of the fleet's which incident.
Key = tuple[int, str, str]

_READ = (
    "id", "subject", "event_type", "which", "event_id", "since_at", "incident", "operator_waits", "customer_waits",
    "acknowledged_by",
)  # fmt: skip
_WRITTEN = (
    "subject", "event_type", "which", "event_id", "since_at", "incident", "operator_waits", "customer_waits",
)  # fmt: skip
_KEY = ("subject", "event_type", "which")


def read_alarms(db: Db, subjects: Iterable[int]) -> dict[Key, Standing]:
    """The alarms of the subjects; one statement."""
    found = {}
    for pk, subject, event_type, which, event_pk, since, incident, *waits, by in db.select(
        Alarm, _READ, key="subject", values=subjects
    ):
        waiting: frozenset[Audience] = frozenset(
            audience for audience, does in zip(AUDIENCES, waits, strict=True) if does
        )
        standing = Standing(pk, event_pk, from_milliseconds(since), incident, waiting, by)
        found[subject, event_type, which] = standing
    return found


def write_alarms(db: Db, before: Mapping[Key, Standing], after: Mapping[Key, Standing]) -> None:
    """The rows are as `after` says: what is new or another is stored, and what is over is gone."""
    over = [standing.pk for key, standing in before.items() if key not in after and standing.pk is not None]
    if over:
        db.delete(Alarm, over)
    changed = {key: standing for key, standing in after.items() if standing != before.get(key)}
    rows = [
        (
            *key, standing.event_pk, to_milliseconds(standing.since_at), standing.incident,
            *(audience in standing.waiting for audience in AUDIENCES),
        )
        for key, standing in sorted(changed.items())
    ]  # fmt: skip
    db.insert(Alarm, _WRITTEN, rows, on_conflict="update", key=_KEY)
