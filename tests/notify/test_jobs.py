import pytest
from tests.build import NOW, incoming_event, record_all_events
from tests.servers.resend import Provider

from felhom_hub.base.schedule import JOBS, Lane, load_jobs

pytestmark = pytest.mark.django_db


def test_the_job_says_what_it_did(resend: Provider) -> None:
    load_jobs()
    job = JOBS["notify.deliver_messages"]
    record_all_events([incoming_event("a"), incoming_event("b"), incoming_event("c")])
    resend.behave("ok", 422, 500)

    assert job.run(NOW) == "1 message sent, 1 message postponed, 1 message failed"
    assert job.run(NOW) == "nothing to send"
    assert (job.label, job.lane) == ("Deliver messages", Lane.REMOTE)
