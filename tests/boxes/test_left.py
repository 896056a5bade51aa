from datetime import timedelta

import pytest
from tests.boxes.conftest import KATA, carry_out, point_to
from tests.build import NOW, incoming, record
from tests.servers.recorder import running_recorder

from felhom_hub.base.errors import NotFound
from felhom_hub.boxes.ask import ask
from felhom_hub.boxes.left import left_for_report, note_told
from felhom_hub.boxes.models import Call
from felhom_hub.configs.delete import delete_with_config
from felhom_hub.configs.generate import generate
from felhom_hub.configs.hashes import expect_file
from felhom_hub.configs.save import edit_details
from felhom_hub.controllers.releases import note_tags
from felhom_hub.customers.keys import rotate_key
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.wanted import wanted_of, withdraw

pytestmark = pytest.mark.django_db


def left(kind: Call.Kind) -> Call:
    ask(kind, "kiss-foto", now=NOW, by=KATA)
    return carry_out()


def test_a_box_at_a_private_address_is_told_with_its_next_report(customer: Customer) -> None:
    """No network is listed, so that the loopback may not be called; nothing is sent there."""
    note_tags(["v0.30.2"], now=NOW)
    with running_recorder() as recorder:
        point_to(customer, f"https://127.0.0.1:{recorder.port}")
        push, update = left(Call.Kind.PUSH), left(Call.Kind.UPDATE)
        compare = left(Call.Kind.COMPARE)

    assert recorder.connections == 0
    assert (push.state, update.state, compare.state) == ("left", "left", "failed")
    assert "list its network in controllers.allowed_networks. It is told in the answer" in push.sentence
    wanted = wanted_of(customer.pk)
    assert (wanted.push_wanted_at, wanted.update_to) == (NOW, "v0.30.2")


@pytest.mark.usefixtures("customer")
def test_without_a_known_release_no_update_can_be_left() -> None:
    update = left(Call.Kind.UPDATE)

    assert (update.state, update.sentence) == (
        "failed",
        "Its controller has not reported an address. Nothing was changed.",
    )


@pytest.mark.parametrize(("reported", "state"), [(True, "done"), (False, "withdrawn")])
def test_a_push_has_ended_when_nothing_is_wanted_any_more(customer: Customer, reported: bool, state: str) -> None:
    call = left(Call.Kind.PUSH)
    assert note_told(NOW) == 0
    withdraw(customer.pk)
    NodeState.objects.update(config_hash=call.sha256 if reported else "0" * 64)

    assert note_told(NOW) == 1
    assert Call.objects.get().state == state


def report(config_hash: str, *, after: int) -> None:
    """The box without an address has this file, so many minutes later."""
    at = NOW + timedelta(minutes=after)
    record([incoming("kiss-foto", received_at=at, controller_url=None, config_hash=config_hash)])


def test_a_push_after_a_rotation_is_not_taken_for_done_by_the_old_file(customer: Customer) -> None:
    expect_file("kiss-foto")
    old = generate(customer).sha256
    report(old, after=0)
    rotate_key("kiss-foto", overlap=timedelta(days=7), now=NOW, by=KATA)

    call = left(Call.Kind.PUSH)
    report(old, after=1)

    assert (call.state, note_told(NOW)) == ("left", 0)
    assert wanted_of(customer.pk).push_wanted_at == NOW
    report(call.sha256, after=2)
    assert (note_told(NOW), Call.objects.get().state) == (1, "done")


def test_a_box_that_has_fetched_a_newer_file_than_was_asked_for_has_done_it(customer: Customer) -> None:
    call = left(Call.Kind.PUSH)
    edit_details("kiss-foto", {"name": "Kiss"}, now=NOW, by=KATA)
    newer = generate(Customer.objects.get()).sha256
    assert newer != call.sha256

    report(newer, after=1)

    assert note_told(NOW) == 1
    assert Call.objects.get().state == "done"
    assert wanted_of(customer.pk).push_wanted_at is None


def test_nothing_is_left_for_a_customer_that_was_deleted_meanwhile(customer: Customer) -> None:
    ask(Call.Kind.PUSH, "kiss-foto", now=NOW, by=KATA)
    call = Call.objects.select_related("customer").get()
    delete_with_config("kiss-foto", now=NOW, by=KATA)

    with pytest.raises(NotFound):
        left_for_report(call, "It cannot be reached.", NOW)

    assert NodeState.objects.get(pk=customer.pk).push_wanted_at is None


@pytest.mark.parametrize(("version", "state"), [("v0.30.2", "done"), ("v0.31.0", "done"), ("v0.30.1", "withdrawn")])
def test_an_update_likewise(customer: Customer, version: str, state: str) -> None:
    note_tags(["v0.30.2"], now=NOW)
    left(Call.Kind.UPDATE)
    withdraw(customer.pk)
    NodeState.objects.update(controller_version=version)

    assert note_told(NOW) == 1
    assert Call.objects.get().state == state
