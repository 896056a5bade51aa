import pytest
from tests.boxes.conftest import KATA, Served, carry_out
from tests.build import NOW

from felhom_hub.boxes.ask import ask
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.queries import last_push, newest_call, progress_now, reach_now
from felhom_hub.boxes.reach import Way
from felhom_hub.customers.models import Customer
from felhom_hub.reports.summary import summary_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("served")
def test_the_newest_call_and_the_newest_push_that_was_taken(customer: Customer) -> None:
    assert (newest_call(customer.pk), last_push(customer.pk)) == (None, None)
    for kind in (Call.Kind.PUSH, Call.Kind.COMPARE):
        ask(kind, "kiss-foto", now=NOW, by=KATA)
        carry_out()
    ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA)

    newest, pushed = newest_call(customer.pk), last_push(customer.pk)
    assert newest is not None
    assert pushed is not None
    assert (newest.kind, newest.state, pushed.state) == ("push", "waiting", "done")
    assert pushed.pk < newest.pk


def test_the_way_is_by_the_address_reported_last(customer: Customer, served: Served) -> None:
    summary = summary_of("kiss-foto", now=NOW)
    assert summary is not None

    assert reach_now(customer, summary.node).controller_url == served.url
    assert reach_now(customer, None).way is Way.NO_ADDRESS
    assert progress_now(customer.pk, None, now=NOW) is None
