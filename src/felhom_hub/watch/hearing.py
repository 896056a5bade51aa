"""Keeps the ledger of deaf time: every beat moves one row on, and what lies behind a gap is written down.

Beats go through the intake's writer, as reports do: one that is stored shows that a report would have been. All hubs
on a database move the same row, so that there is a gap only where all are deaf. Each also sees whether one that was
silent is heard again, whose recovery is then told at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from felhom_hub.base.db import Db
from felhom_hub.base.instants import from_milliseconds, to_milliseconds
from felhom_hub.base.schedule import ask_run
from felhom_hub.reports.receipts import accepted_between, newest_receipt, oldest_receipt
from felhom_hub.watch.deaf_time import Span, deaf_parts
from felhom_hub.watch.models import DeafSpan, Hearing
from felhom_hub.watch.pulse import TOLERANCE, Beat
from felhom_hub.watch.set_back import clock_was_set_back
from felhom_hub.watch.staleness import is_anybody_back

BEAT_SECONDS = 5.0
# Three beats: a busy machine misses one. A hub that has just started was off before, however short that was.
ALLOWED_GAP = timedelta(seconds=3 * BEAT_SECONDS)
ALLOWED_AT_START = timedelta(seconds=BEAT_SECONDS + 1)

LOOK = "watch.look_for_silence"  # the job's name

_THE_ROW = 1
_SPAN = ("from_at", "to_at", "cause", "told_at")


def record_beats(db: Db, beats: Sequence[Beat]) -> list[Any]:
    """The beats are stored when the transaction commits, and the deaf time that they end."""
    for beat in beats:
        if beat.is_hearing:
            _record(db, beat)
    if is_anybody_back():
        ask_run(LOOK, max(beat.at for beat in beats))
    return [True] * len(beats)


def move_hearing(at: datetime) -> None:
    """Beats came without a gap until `at`, and found nobody back; for the simulation, six million a year."""
    Hearing.objects.filter(pk=_THE_ROW, at__lt=at).update(at=at)


def _record(db: Db, beat: Beat) -> None:
    at = to_milliseconds(beat.at)
    if db.insert(Hearing, ("id", "at"), [(_THE_ROW, at)], on_conflict="ignore", returning=("id",)):
        _begin(db, beat)
        return
    ((before_ms,),) = db.select(Hearing, ("at",), key="id", values=[_THE_ROW], lock=True)
    before = from_milliseconds(before_ms)
    if beat.at < before:
        if beat.is_set_back or (beat.is_first and before - beat.at > TOLERANCE):
            clock_was_set_back(beat.at)
            Hearing.objects.filter(pk=_THE_ROW).update(at=beat.at)
        return
    allowed = ALLOWED_AT_START if beat.is_first else ALLOWED_GAP
    if beat.at - before > allowed:
        _record_gap(db, Span(before, beat.at), beat, allowed)
    Hearing.objects.filter(pk=_THE_ROW).update(at=beat.at)


def _begin(db: Db, beat: Beat) -> None:
    """A hub that has no ledger yet takes the newest report for the last that it heard, and has nothing to tell."""
    newest = newest_receipt(before=beat.at)
    if newest is not None and beat.at - newest > ALLOWED_GAP:
        at = to_milliseconds(beat.at)
        db.insert(DeafSpan, _SPAN, [(to_milliseconds(newest), at, "off", at)])


def _record_gap(db: Db, gap: Span, beat: Beat, allowed: timedelta) -> None:
    """Where nobody had reported before there was nothing to hear: an empty database has no deaf time."""
    oldest = oldest_receipt()
    if oldest is None or oldest >= gap.to_at:
        return
    # Where the clock was set ahead the gap was never lived through: a report within it is from before the clock was set
    # back, and says nothing of what could be heard.
    accepted_at = [] if beat.cause == "clock" else accepted_between(gap.from_at, gap.to_at)
    parts = deaf_parts(gap, accepted_at, allowed=allowed)
    rows = [(to_milliseconds(part.from_at), to_milliseconds(part.to_at), beat.cause, None) for part in parts]
    db.insert(DeafSpan, _SPAN, rows)
