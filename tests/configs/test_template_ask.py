import pytest
from tests.build import NOW

from felhom_hub.base.models import Job
from felhom_hub.base.schedule import JOBS, load_jobs
from felhom_hub.configs.template_ask import FETCH_JOB, TRIAL_JOB, ask_for_newest, ask_for_trial
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_what_is_asked_for_are_the_jobs_of_this_room_by_the_operators_words() -> None:
    load_jobs()
    ask_for_newest(now=NOW, by=COMMAND_LINE)
    ask_for_trial(NOW)

    assert dict(Job.objects.values_list("name", "next_at")) == {FETCH_JOB: NOW, TRIAL_JOB: NOW}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail) == ("job_run", JOBS[FETCH_JOB].label)
