"""The newest template is asked for before its turn."""

from datetime import datetime

from django.db import transaction

from felhom_hub.base.schedule import ask_run, load_jobs
from felhom_hub.operators.audit import Actor, record_audit

FETCH_JOB = "configs.fetch_newest_template"
TRIAL_JOB = "configs.try_newest_template"


def ask_for_newest(*, now: datetime, by: Actor) -> None:
    """The template is fetched within a second, unless it is being fetched already."""
    load_jobs()
    with transaction.atomic():
        if ask_run(FETCH_JOB, now):
            record_audit("job_run", by=by, now=now, detail="Config template")


def ask_for_trial(now: datetime) -> None:
    """What was fetched is tried within a second."""
    load_jobs()
    ask_run(TRIAL_JOB, now)
