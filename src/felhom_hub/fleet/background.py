"""The background jobs as the operator sees them, and a run that he asks for."""

import time
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from felhom_hub.base.instants import utc_now
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import JOBS, Recurring, ask_run, load_jobs
from felhom_hub.fleet.rhythm import next_words, rhythm_words, took_words
from felhom_hub.operators.audit import Actor, record_audit

# So long the answer to "Run now" waits for the run to end; what takes longer is seen on the page.
WAIT_SECONDS = 2.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class JobRow:
    """One job. `state` is ok, failed, running, or waiting (it never ran); `result` says how the last run went."""

    name: str
    label: str
    rhythm: str
    state: str
    ran_at: datetime | None
    result: str
    following: str


def job_rows(*, now: datetime, zone: ZoneInfo) -> list[JobRow]:
    """Every job that this hub knows, in the order of their labels."""
    load_jobs()  # a process that only serves pages has no job loop that did
    rows = Job.objects.in_bulk(list(JOBS))
    jobs = sorted(JOBS.values(), key=lambda job: job.label.casefold())
    return [_row(job, rows.get(job.name), now=now, zone=zone) for job in jobs]


def _row(job: Recurring, row: Job | None, *, now: datetime, zone: ZoneInfo) -> JobRow:
    rhythm = rhythm_words(job.timetable)
    if row is None:
        following = next_words(job.timetable.first(now), now=now, zone=zone)
        return JobRow(job.name, job.label, rhythm, "waiting", None, "has not run yet", following)
    if row.lease_until is not None and row.lease_until >= now:
        return JobRow(job.name, job.label, rhythm, "running", row.started_at, "runs now", "when it is done")
    following = next_words(row.next_at, now=now, zone=zone)
    if row.started_at is None:
        return JobRow(job.name, job.label, rhythm, "waiting", None, "has not run yet", following)
    took = "" if row.duration_ms is None else took_words(row.duration_ms)
    if row.last_error:
        result = f"failed after {took}: {row.last_error}" if took else f"failed: {row.last_error}"
        return JobRow(job.name, job.label, rhythm, "failed", row.started_at, result, following)
    if row.lease_until is not None:  # whoever ran it is gone without a word
        return JobRow(job.name, job.label, rhythm, "failed", row.started_at, "stopped before its end", following)
    result = ", ".join(part for part in ((row.last_result or "done").rstrip("."), took) if part)
    return JobRow(job.name, job.label, rhythm, "ok", row.started_at, result, following)


def is_job(name: str) -> bool:
    """True for a job of this hub."""
    load_jobs()
    return name in JOBS


def run_now(name: str, *, by: Actor, now: datetime) -> None:
    """The job runs soon, on whichever hub looks first, unless it runs already; returns when it is over or takes long.

    It goes the way of every run, through the lease, so that no two run at a time.
    """
    with transaction.atomic():
        if ask_run(name, now):
            record_audit("job_run", by=by, now=now, detail=JOBS[name].label)
    deadline = time.monotonic() + WAIT_SECONDS
    while _is_ahead(name, now) and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)


def _is_ahead(name: str, asked_at: datetime) -> bool:
    """True until a run that began after it was asked for has ended."""
    row = Job.objects.get(name=name)
    has_begun = row.started_at is not None and row.started_at >= asked_at
    return not has_begun or (row.lease_until is not None and row.lease_until >= utc_now())
