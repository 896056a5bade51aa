from datetime import timedelta

import pytest
from tests.boxes.conftest import KATA
from tests.build import NOW

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import load_jobs
from felhom_hub.boxes.ask import JOB, ask, forget_customer, withdraw
from felhom_hub.boxes.models import Call
from felhom_hub.configs.generate import generate
from felhom_hub.controllers.releases import note_tags
from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.models import Customer
from felhom_hub.operators.models import AuditEntry
from felhom_hub.reports.wanted import want_config, wanted_of

pytestmark = pytest.mark.django_db


def test_a_call_waits_with_who_asked_and_what_is_to_be_sent(customer: Customer) -> None:
    call = ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA, seen_sha256=generate(customer).sha256)

    assert (call.state, call.asked_by, call.address) == ("waiting", "operator", "192.0.2.7")
    assert call.sha256 == generate(customer).sha256
    assert AuditEntry.objects.latest("pk").action == "config_push_asked"


def test_the_job_is_due_at_once(customer: Customer) -> None:
    load_jobs()
    Job.objects.create(name=JOB, next_at=NOW + timedelta(seconds=5), timetable="every 5 s")

    ask(Call.Kind.COMPARE, customer.customer_id, now=NOW, by=KATA)

    assert Job.objects.get(name=JOB).next_at == NOW


@pytest.mark.usefixtures("customer")
def test_an_update_is_to_the_newest_release() -> None:
    note_tags(["0.30.0", "v0.30.2", "0.31.0-rc.1"], now=NOW)

    assert ask(Call.Kind.UPDATE, "kiss-foto", now=NOW, by=KATA).version == "v0.30.2"
    assert ask(Call.Kind.COMPARE, "kiss-foto", now=NOW, by=KATA).version == ""


def test_what_cannot_be_asked(customer: Customer) -> None:
    with pytest.raises(NotFound):
        ask(Call.Kind.PUSH, "nobody", now=NOW, by=KATA)
    with pytest.raises(Conflict, match="changed since"):
        ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA, seen_sha256="0" * 64)
    Customer.objects.update(is_managed=False)
    with pytest.raises(Conflict, match="no configuration"):
        ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA)
    Customer.objects.update(blocked_at=NOW)
    with pytest.raises(Conflict, match="blocked"):
        ask(Call.Kind.COMPARE, "kiss-foto", now=NOW, by=KATA)
    assert not Call.objects.filter(customer=customer).exists()


@pytest.mark.parametrize(
    ("state", "is_possible"), [("waiting", True), ("left", True), ("running", False), ("done", False)]
)
def test_only_what_was_not_sent_can_be_withdrawn(customer: Customer, state: str, is_possible: bool) -> None:
    want_config(customer.pk, now=NOW)
    call = ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA)
    want_config(customer.pk, now=NOW)
    Call.objects.update(state=state)

    assert withdraw("kiss-foto", call.pk, now=NOW, by=KATA) is is_possible
    assert Call.objects.get().state == ("withdrawn" if is_possible else state)
    assert (wanted_of(customer.pk).push_wanted_at is None) is (state == "left")


def test_a_call_of_nobody_or_another_cannot_be_withdrawn(customer: Customer) -> None:
    with pytest.raises(NotFound):
        withdraw(customer.customer_id, 10**12, now=NOW, by=KATA)


def test_a_newer_push_takes_the_place_of_one_that_was_left(customer: Customer) -> None:
    first = ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA)
    Call.objects.update(state="left")
    want_config(customer.pk, now=NOW)

    ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA)

    assert Call.objects.get(pk=first.pk).state == "withdrawn"
    assert wanted_of(customer.pk).push_wanted_at is None


def test_nothing_is_kept_of_a_deleted_customer(customer: Customer) -> None:
    ask(Call.Kind.COMPARE, "kiss-foto", now=NOW, by=KATA)
    forget_customer(customer.pk + 1)
    assert Call.objects.exists()

    delete_customer("kiss-foto", now=NOW, by=KATA)

    assert not Call.objects.exists()
