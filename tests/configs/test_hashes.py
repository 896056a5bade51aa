from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, make_customer, make_node
from tests.doors import managed_customer
from tests.operators.site import with_server

from felhom_hub.configs.generate import generate
from felhom_hub.configs.hashes import RENEWED_AFTER, Inputs, Noted, expect_all_files, expect_file
from felhom_hub.configs.jobs import expect_files
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import details_of, fingerprint
from felhom_hub.configs.save import Entered, save_config
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.keys import rotate_key
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.wanted import expect_hashes, wanted_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def box() -> Customer:
    """A managed customer's, that has reported; another is managed and has not, a third is manual."""
    managed_customer()
    managed_customer("pending")
    make_node(make_customer("manual"))
    customer = Customer.objects.get(customer_id="nagy")
    make_node(customer)
    return customer


def expected(customer: Customer) -> str | None:
    return wanted_of(customer.pk).expected_hash


def test_each_box_that_reports_is_expected_to_have_its_file(box: Customer) -> None:
    assert expect_all_files(NOW, last=Inputs()) == Noted(changed=1, failed=0)

    hashes = dict(NodeState.objects.values_list("customer__customer_id", "expected_hash"))
    assert hashes == {"nagy": generate(box).sha256, "manual": None}


def test_whatever_goes_into_a_file_makes_them_anew_and_nothing_else_does(box: Customer, settings: Any) -> None:
    last = Inputs()
    expect_all_files(NOW, last=last)
    assert expect_all_files(NOW + MINUTE, last=last) is None
    Customer.objects.filter(pk=box.pk).update(note="pays in cash", phone="1")
    assert expect_all_files(NOW + MINUTE, last=last) is None

    def renames() -> None:
        Customer.objects.filter(pk=box.pk).update(name="Nagy és fia")

    def overrides() -> None:
        CustomerConfig.objects.create(customer=box, is_monitored=False, log_level="debug", changed_at=NOW)

    def gives_a_key() -> None:
        rotate_key("nagy", overlap=timedelta(days=1), now=NOW, by=COMMAND_LINE)

    def moves() -> None:
        with_server(settings, public_url="https://hub.example.org")

    for changes in (renames, overrides, gives_a_key, moves):
        changes()
        assert expect_all_files(NOW + MINUTE, last=last) == Noted(changed=1, failed=0), changes
        assert expected(box) == generate(Customer.objects.get(pk=box.pk)).sha256
        assert expect_all_files(NOW + MINUTE, last=last) is None


def test_a_box_that_reports_for_the_first_time_is_expected_to_have_its_file_too(box: Customer) -> None:
    last = Inputs()
    expect_all_files(NOW, last=last)
    pending = Customer.objects.get(customer_id="pending")
    make_node(pending)

    assert expect_all_files(NOW + MINUTE, last=last) == Noted(changed=1, failed=0)
    assert expected(pending) == generate(pending).sha256
    assert expected(box) is not None


@pytest.mark.parametrize("now", [NOW + RENEWED_AFTER, NOW - MINUTE])
def test_what_another_hub_has_noted_is_set_right_within_the_hour(box: Customer, now: Any) -> None:
    last = Inputs()
    expect_all_files(NOW, last=last)
    expect_hashes({box.pk: "0" * 64})

    assert expect_all_files(NOW + RENEWED_AFTER - MINUTE, last=last) is None
    assert expect_all_files(now, last=last) == Noted(changed=1, failed=0)


def test_of_a_file_that_cannot_be_made_nothing_is_expected_and_the_job_says_so(
    box: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("felhom_hub.configs.jobs._made_of", Inputs())
    expect_file("nagy")
    Credential.objects.filter(customer=box).update(envelope="damaged")

    assert expect_all_files(NOW, last=Inputs()) == Noted(changed=1, failed=1)
    assert expected(box) is None
    assert expect_files(NOW) == "0 servers changed, 1 file cannot be made"
    assert expect_files(NOW) == "nothing has changed"


def test_a_save_is_expected_at_once(box: Customer) -> None:
    entered = Entered(replace(details_of(box), name="Nagy és fia"), Settings())

    save_config("nagy", entered, seen=fingerprint(box), now=NOW, by=COMMAND_LINE)

    assert expected(box) == generate(Customer.objects.get(pk=box.pk)).sha256
