"""Recurring jobs: rows with a lease and a next time, so that each runs on one hub and a restart forgets nothing.

A job is a function decorated with `@every(…)` or `@daily(…)` in its room's `jobs.py`; it takes `now` and works in short
transactions. What it returns as text is shown on /configuration as the run's result: a few words such as "2 removed".
Which thread runs it, and so which others it may hold up, is said by its lane
(docs/decisions/0016-jobs-run-in-lanes.md). A run holds its row by a lease that is renewed beside it (`lease.py`).
"""

import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from enum import StrEnum
from zoneinfo import ZoneInfo

import structlog
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from felhom_hub.base.lease import DatabaseTime, last_possible_end, lease_end, renewed, running_seconds
from felhom_hub.base.models import Job
from felhom_hub.base.pace import Interrupted, is_interrupted
from felhom_hub.base.timetable import Daily, Interval, Timetable
from felhom_hub.base.writer import is_away

log = structlog.get_logger(__name__)

JobFunction = Callable[[datetime], object]
_TELL_EVERY = timedelta(minutes=1)
_told_waiting_at: datetime | None = None
# In a container that was started again, name and process id are those of the hub that died in it.
_HOLDER = f"{socket.gethostname()[:60]}:{secrets.token_hex(4)}:{os.getpid()}"
_MAX_RESULT, _MAX_ERROR = 200, 500


class Lane(StrEnum):
    """The jobs that share a thread, and so may hold up each other and no others."""

    PROMPT = "prompt"  # quick, and nothing may hold it up
    REMOTE = "remote"  # waits for somebody else's server
    CONTROLLERS = "controllers"  # waits for people's boxes
    STEADY = "steady"  # all else; may take minutes
    LONG = "long"  # the hub's own backup, which may take most of an hour


class Unfinished(Exception):
    """What a job raises that has not done all of its work: it is due again at `again_at`, or at once.

    "At once" is after the others of its lane. The text is shown as the run's result.
    """

    def __init__(self, words: str, *, again_at: datetime | None = None) -> None:
        super().__init__(words)
        self.again_at = again_at


@dataclass(frozen=True)
class Recurring:
    """What runs, and when; `label` is its name for the operator."""

    name: str
    label: str
    timetable: Timetable
    run: JobFunction
    lane: Lane


JOBS: dict[str, Recurring] = {}


def every(interval: timedelta, *, label: str = "", lane: Lane = Lane.STEADY) -> Callable[[JobFunction], JobFunction]:
    """Registers the decorated function as a job that runs once an interval, the first time at once.

    Without a label the operator reads the function's name as words.
    """
    return _registered(Interval(interval), label, lane)


def daily(
    at: time_of_day, *, zone: ZoneInfo, label: str = "", lane: Lane = Lane.STEADY
) -> Callable[[JobFunction], JobFunction]:
    """As `every`, once a day at that time of the zone.

    A hub that was off or asleep at the time catches up once, as soon as it is back.
    """
    return _registered(Daily(at, zone), label, lane)


def _registered(timetable: Timetable, label: str, lane: Lane) -> Callable[[JobFunction], JobFunction]:
    def register(function: JobFunction) -> JobFunction:
        name = f"{function.__module__.removeprefix('felhom_hub.').removesuffix('.jobs')}.{function.__name__}"
        words = label or function.__name__.replace("_", " ").capitalize()
        JOBS[name] = Recurring(name, words, timetable, function, lane)
        return function

    return register


def load_jobs() -> None:
    """Every room's `jobs.py` has been imported, and so its jobs are registered."""
    autodiscover_modules("jobs")


def run_due(now: datetime, *, lane: Lane | None = None, clock: Callable[[], datetime] | None = None) -> list[str]:
    """Every job (of that lane) that was due at `now` and that nobody else holds has run once; returns their names.

    After each job the time is taken from `clock`, if there is one: a job gets the time at which it begins, however long
    the ones before it took.
    A job that fails is logged with its traceback, keeps the failure on its row, and has its next turn as usual. Where
    the database is away all jobs wait.
    """
    ran = []
    try:
        for job in list(JOBS.values()):
            if is_interrupted():
                break
            began = running_seconds()
            if lane in {None, job.lane} and _claim(job, now):
                _run(job, now, began)
                ran.append(job.name)
                now = clock() if clock else now
    except DatabaseError as error:
        _tell_waiting(str(error), now)
        connection.close()
    return ran


def _tell_waiting(reason: str, now: datetime) -> None:
    """Once a minute while it lasts; the jobs are looked at every second."""
    global _told_waiting_at  # noqa: PLW0603 - of this process's log alone
    if _told_waiting_at is None or not timedelta() <= now - _told_waiting_at < _TELL_EVERY:
        _told_waiting_at = now
        log.warning("jobs_wait_for_database", reason=reason)


def ask_run(name: str, now: datetime) -> bool:
    """The job is due now, and whichever hub looks next runs it, within a second; False while it runs already."""
    Job.objects.get_or_create(name=name, defaults={"next_at": now, "timetable": JOBS[name].timetable.text})
    return Job.objects.filter(_is_free(), name=name).update(next_at=now) == 1


def is_due(name: str, now: datetime) -> bool:
    """True where the job runs at the next opportunity."""
    return Job.objects.filter(_is_free(), name=name, next_at__lte=now).exists()


def put_off(name: str, until: datetime) -> None:
    """The job has run in its turn, by whoever drives it on a clock of his own, and is due again then."""
    Job.objects.filter(name=name).update(next_at=until)


def _is_free() -> Q:
    over = Q(lease_until__lt=DatabaseTime()) | Q(lease_until__gt=last_possible_end())
    return Q(lease_until__isnull=True) | over


def _claim(job: Recurring, now: datetime) -> bool:
    first = {"next_at": job.timetable.first(now), "timetable": job.timetable.text}
    row, _ = Job.objects.get_or_create(name=job.name, defaults=first)
    # A time beyond the next one was noted by a clock that has been set back since: the job would rest until then.
    if row.timetable != job.timetable.text or row.next_at > job.timetable.following(now):
        _take_over(job, row, now)
    claimed = Job.objects.filter(_is_free(), name=job.name, next_at__lte=now).update(
        lease_until=lease_end(), lease_holder=_HOLDER, started_at=now
    )
    return claimed == 1


def _take_over(job: Recurring, row: Job, now: datetime) -> None:
    """The job's times hold from now on: the settings, a newer hub, or the clock have changed them."""
    unchanged = Job.objects.filter(_is_free(), name=job.name, timetable=row.timetable, next_at=row.next_at)
    unchanged.update(timetable=job.timetable.text, next_at=job.timetable.taken_over(row.next_at, now))


def _run(job: Recurring, now: datetime, claimed: float) -> None:
    # Where the run has lost its lease, the row may be another's by now.
    row = Job.objects.filter(name=job.name, lease_holder=_HOLDER, started_at=now, lease_until__isnull=False)
    began = time.monotonic()
    next_at = job.timetable.following(now)
    try:
        with renewed(lambda: row.update(lease_until=lease_end()) == 1, began=claimed):
            result = job.run(now)
    except Interrupted:
        row.update(lease_until=None, next_at=now)  # the next hub, or this one when it starts again, goes on
        return
    except Unfinished as unfinished:
        next_at = unfinished.again_at or now
        outcome: dict[str, object] = {"last_error": "", "last_result": str(unfinished)[:_MAX_RESULT]}
    except Exception as error:
        if is_away(error):
            raise  # to note it would only wait for the database once more; when the lease ends it is claimed again
        log.exception("job_failed", job=job.name)
        outcome = {"last_error": f"{type(error).__name__}: {error}"[:_MAX_ERROR], "last_result": ""}
    else:
        text = result[:_MAX_RESULT] if isinstance(result, str) else ""
        outcome = {"succeeded_at": now, "last_error": "", "last_result": text}
    took = round((time.monotonic() - began) * 1000)
    row.update(lease_until=None, next_at=next_at, duration_ms=took, **outcome)
