"""Remembers what each browser saw last, so that the overview can say what has changed since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError

from felhom_hub.base.db import short_wait
from felhom_hub.fleet.changes import Then, Trouble, read, written
from felhom_hub.fleet.looking import Look, continued, is_worth_writing, seen_now
from felhom_hub.fleet.models import Visit

KEPT = timedelta(days=90)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Looking:
    """One browser's look: `stored` is its own row, `present` how it stands now; both are None at the very first."""

    viewer: str
    stored: Look | None
    present: Look | None

    @property
    def then(self) -> Then | None:
        """With what the page is compared."""
        if self.present is None or self.present.before_at is None:
            return None
        return Then(self.present.before_at, read(self.present.before))


def look_of(viewer: str, *, now: datetime) -> Looking:
    """The look of the browser with this session.

    One that has signed in anew has not looked before under its new session; it goes on from what was seen last by
    anybody, for there is one operator.
    """
    own = Visit.objects.filter(pk=viewer).first()
    last = own or Visit.objects.order_by("-seen_at").first()
    stored = None if own is None else _look(own)
    return Looking(viewer, stored, None if last is None else continued(_look(last), now))


def note_look(looking: Looking, trouble: Trouble, *, now: datetime) -> None:
    """What has been shown is remembered; most of the time that is near enough already, and nothing is written."""
    if not is_worth_writing(looking.stored, now):
        return
    columns = seen_now(looking.present, written(trouble), now)._asdict()
    try:
        with short_wait():
            if looking.stored is None:
                Visit.objects.bulk_create([Visit(viewer=looking.viewer, **columns)], ignore_conflicts=True)
            else:
                # Of two tabs that refresh at the same moment, the first one writes.
                Visit.objects.filter(pk=looking.viewer, seen_at=looking.stored.seen_at).update(**columns)
    except DatabaseError as error:
        # A full disk or a lock must not take away the page that tells about it; the next refresh tries again.
        _log.warning("what the operator saw could not be remembered", error=str(error))


def forget_visits(now: datetime) -> int:
    """Visits of browsers that never came back are gone; how many those were."""
    gone, _ = Visit.objects.filter(seen_at__lt=now - KEPT).delete()
    return gone


def _look(visit: Visit) -> Look:
    return Look(visit.began_at, visit.seen_at, visit.seen, visit.before_at, visit.before)
