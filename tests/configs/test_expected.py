from datetime import timedelta

import pytest
from tests.build import NOW, incoming, make_customer, make_node, record

from felhom_hub.configs.expected import Expectation, expect_as_set, expect_one, learn_intervals
from felhom_hub.configs.jobs import expect_reports, learn_report_intervals
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.save import Entered, create_config, forget_config
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.reports.allowance import allowances

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
OFF = Expectation(fleet=15 * MINUTE, stale=30 * MINUTE, is_learned=False)
LEARNED = Expectation(fleet=15 * MINUTE, stale=30 * MINUTE, is_learned=True)


def hourly(customer_id: str) -> int:
    """A node that reports every hour; its key."""
    record([incoming(customer_id, received_at=NOW + hour * 60 * MINUTE) for hour in range(10)])
    return Customer.objects.get(customer_id=customer_id).pk


def configured(customer_id: str, minutes: int | None) -> Customer:
    details = Details("Kovács Péter", f"{customer_id}.example.hu", "peter@example.hu")
    create_config(customer_id, Entered(details, Settings(report_minutes=minutes)), now=NOW, by=COMMAND_LINE)
    return Customer.objects.get(customer_id=customer_id)


def test_what_is_set_holds_from_the_first_report_on() -> None:
    customer = configured("a", 60)
    assert expect_as_set(OFF) == 0
    record([incoming("a")])

    assert expect_as_set(OFF) == 1
    assert expect_as_set(OFF) == 0

    assert allowances() == {customer.pk: 45 * MINUTE}


def test_nothing_is_learned_unless_it_is_wanted_and_it_is_forgotten_with_the_wish() -> None:
    pk = hourly("a")
    assert (expect_as_set(OFF), allowances()) == (0, {})

    assert learn_intervals(LEARNED) == 1
    assert (expect_as_set(LEARNED), allowances()) == (0, {pk: 45 * MINUTE})

    assert (expect_as_set(OFF), allowances()) == (1, {})


def test_what_is_set_holds_before_what_is_learned() -> None:
    customer = configured("a", 15)
    hourly("a")
    other = hourly("b")

    assert learn_intervals(LEARNED) == 1
    assert allowances() == {other: 45 * MINUTE}

    expect_one(customer.pk, 120, LEARNED)
    assert learn_intervals(LEARNED) == 0
    assert allowances() == {other: 45 * MINUTE, customer.pk: 105 * MINUTE}


def test_with_its_configuration_an_interval_is_gone() -> None:
    customer = configured("a", 60)
    make_node(customer, allowance_ms=45 * 60_000)

    forget_config(customer)

    assert (allowances(), CustomerConfig.objects.count()) == ({}, 0)


def test_a_new_threshold_in_the_file_changes_what_is_allowed() -> None:
    customer = configured("a", 5)
    make_node(customer)
    expect_as_set(OFF)
    assert allowances() == {customer.pk: -10 * MINUTE}

    expect_as_set(Expectation(fleet=5 * MINUTE, stale=30 * MINUTE, is_learned=False))
    assert allowances() == {}


def test_the_jobs_say_what_they_did() -> None:
    make_node(configured("a", 60))
    hourly("b")

    assert expect_reports(NOW) == "1 server changed"
    assert learn_report_intervals(NOW) == "switched off"


def test_a_customer_without_a_node_has_nothing_to_allow() -> None:
    expect_one(make_customer("a").pk, 60, OFF)

    assert allowances() == {}
