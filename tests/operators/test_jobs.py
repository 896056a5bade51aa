from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.base.schedule import JOBS, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.operators.digests import digest
from felhom_hub.operators.jobs import clean_up_sign_ins
from felhom_hub.operators.models import Session, SignInFailure
from felhom_hub.operators.sessions import SESSION_LIFE, open_session
from felhom_hub.operators.throttle import MEMORY

MOMENT = timedelta(milliseconds=1)


@pytest.mark.django_db
def test_ended_sessions_and_forgotten_failures_are_deleted_and_counted_once() -> None:
    for age in (SESSION_LIFE + MOMENT, SESSION_LIFE):
        open_session(password_hash="a hash", address="192.0.2.7", user_agent="", now=NOW - age)
    alive = open_session(password_hash="a hash", address="192.0.2.7", user_agent="", now=NOW - SESSION_LIFE + MOMENT)
    for age in (MEMORY + MOMENT, MEMORY, MEMORY - MOMENT):
        SignInFailure.objects.create(address="192.0.2.7", failed_at=NOW - age)

    assert clean_up_sign_ins(NOW) == "4 removed"

    assert list(Session.objects.values_list("token_digest", flat=True)) == [digest(alive)]
    assert list(SignInFailure.objects.values_list("failed_at", flat=True)) == [NOW - MEMORY + MOMENT]
    assert clean_up_sign_ins(NOW) == "0 removed"


def test_it_runs_every_hour() -> None:
    load_jobs()

    job = JOBS["operators.clean_up_sign_ins"]

    assert (job.run, job.timetable, job.label) == (clean_up_sign_ins, Interval(timedelta(hours=1)), "Session clean-up")
