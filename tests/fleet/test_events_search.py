import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer

from felhom_hub.customers.models import Customer
from felhom_hub.events.outcomes import BACKUP
from felhom_hub.fleet.events_search import MOST_CUSTOMERS, meant

pytestmark = pytest.mark.django_db


def ids(text: str) -> list[str]:
    found = dict(Customer.everyone.values_list("pk", "customer_id"))
    return [found[pk] for pk in meant(text)[0]]


def test_a_text_means_customers_by_name_id_or_town_without_case_and_accents() -> None:
    make_customer("kovacs-peter", name="Kovács Péter", town="Győr")
    make_customer("gal", name="Győri Optika")
    make_customer("other", name="Szabó Anna")

    assert ids("GYOR") == ["gal", "kovacs-peter"]  # a name fits better than a town
    assert ids("kovács") == ["kovacs-peter"]
    assert ids("nobody") == []


def test_an_exact_name_means_no_other() -> None:
    make_customer("kovacs")
    make_customer("kovacs-2")

    assert ids("Kovacs") == ["kovacs"]


def test_events_of_the_deleted_and_the_blocked_are_found_as_well() -> None:
    make_customer("gone", deleted_at=NOW)
    make_customer("gone-away", blocked_at=NOW)

    assert ids("gon") == ["gone", "gone-away"]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("backup_failed", ["backup_failed"]),
        ("Reports are late", ["node_stale"]),
        ("second-drive", ["crossdrive_backup_completed", "crossdrive_backup_failed"]),
        ("ups_on_battery", ["ups_on_battery"]),
        ("ups on battery", []),
        ("Győr", []),
    ],
)
def test_a_text_means_types_by_name_or_label(text: str, types: list[str]) -> None:
    assert meant(text)[1] == types


def test_a_part_of_a_word_means_all_types_that_hold_it() -> None:
    assert {*BACKUP.failed, "expected_backup_missed", "crossdrive_backup_failed"} <= set(meant("backup")[1])


def test_no_more_are_looked_for_than_a_statement_takes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Customer.objects.bulk_create(
        Customer(customer_id=f"c{number}", created_at=NOW) for number in range(MOST_CUSTOMERS + 9)
    )

    with django_assert_num_queries(1):
        assert len(meant("c")[0]) == MOST_CUSTOMERS
