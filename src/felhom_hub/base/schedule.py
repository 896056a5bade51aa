"""Recurring jobs: rows with a lease and a next time, so that each runs on one hub and a restart forgets nothing.

A job is a function decorated with `@every(…)` in its room's `jobs.py`; it takes `now` and works in short transactions.
"""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from felhom_hub.base.models import Job
from felhom_hub.base.writer import is_away

log = structlog.get_logger(__name__)

JobFunction = Callable[[datetime], object]
# A holder that died gives its job up after this long; no job runs longer.
LEASE = timedelta(minutes=5)
_HOLDER = f"{socket.gethostname()}:{os.getpid()}"[:100]


@dataclass(frozen=True)
class Recurring:
    """What runs, how often."""

    name: str
    interval: timedelta
    run: JobFunction


JOBS: dict[str, Recurring] = {}


def every(interval: timedelta) -> Callable[[JobFunction], JobFunction]:
    """Registers the decorated function as a job that runs once an interval, the first time at once."""

    def register(function: JobFunction) -> JobFunction:
        name = f"{function.__module__.removeprefix('felhom_hub.').removesuffix('.jobs')}.{function.__name__}"
        JOBS[name] = Recurring(name, interval, function)
        return function

    return register


def load_jobs() -> None:
    """Every room's `jobs.py` has been imported, and so its jobs are registered."""
    autodiscover_modules("jobs")


def run_due(now: datetime) -> list[str]:
    """Every job that was due at `now` and that nobody else holds has run once; returns their names.

    A job that fails is logged with its traceback, keeps the failure on its row, and has its next turn as usual. Where
    the database is away all jobs wait.
    """
    ran = []
    try:
        for job in JOBS.values():
            if _claim(job, now):
                _run(job, now)
                ran.append(job.name)
    except DatabaseError as error:
        log.warning("jobs_wait_for_database", reason=str(error))
        connection.close()
    return ran


def _claim(job: Recurring, now: datetime) -> bool:
    Job.objects.get_or_create(name=job.name, defaults={"next_at": now})
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    claimed = Job.objects.filter(free, name=job.name, next_at__lte=now).update(
        lease_until=now + LEASE, lease_holder=_HOLDER, started_at=now
    )
    return claimed == 1


def _run(job: Recurring, now: datetime) -> None:
    row = Job.objects.filter(name=job.name)
    try:
        job.run(now)
    except Exception as error:
        if is_away(error):
            raise  # to note it would only wait for the database once more; when the lease ends it is claimed again
        log.exception("job_failed", job=job.name)
        row.update(lease_until=None, next_at=now + job.interval, last_error=f"{type(error).__name__}: {error}"[:500])
    else:
        row.update(lease_until=None, next_at=now + job.interval, succeeded_at=now, last_error="")
