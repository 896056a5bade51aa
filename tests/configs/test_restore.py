from dataclasses import replace

import pytest
from tests.build import NOW, make_customer, make_node

from felhom_hub.base.errors import Conflict, Impossible, NotFound
from felhom_hub.configs.generate import generate
from felhom_hub.configs.queries import fingerprint
from felhom_hub.configs.restore import problem_of_restoring, restore_version
from felhom_hub.configs.save import ChangedMeanwhile, Entered, adopt_config, create_config, save_config
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.versions import Content, content_of, versions_of
from felhom_hub.customers.credentials import Kind, machine_secrets
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE, operator_at
from felhom_hub.operators.models import AuditEntry
from felhom_hub.reports.wanted import wanted_of

PETER = Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu", note="One\nTwo")
SETTINGS = Settings(False, "warn", {"disk_high": 90.0}, {}, "a: 1 # kept\n", 30)
ANNA = operator_at("192.0.2.7")

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    """Of two versions, whose box has reported."""
    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    found = Customer.objects.get()
    make_node(found)
    entered = Entered(replace(PETER, name="Kiss"), Settings(), {Kind.CF_API_TOKEN: "t" * 40})
    save_config("a", entered, seen=fingerprint(found), now=NOW, by=COMMAND_LINE)
    return Customer.objects.get()


def test_everything_is_as_it_was_but_the_tokens_and_that_is_a_new_version(customer: Customer) -> None:
    restore_version("a", 1, seen=fingerprint(customer), now=NOW, by=ANNA)

    customer = Customer.objects.get()
    assert content_of(customer) == Content(PETER, SETTINGS)
    assert machine_secrets(customer)[Kind.CF_API_TOKEN] == "t" * 40
    newest = versions_of(customer.pk, below=None, limit=1)[0]
    assert (newest.number, newest.restored, newest.address) == (3, 1, "192.0.2.7")
    assert newest.changed == ["name", "is_monitored", "log_level", "report_minutes", "overrides", "disk_high"]
    assert wanted_of(customer.pk).expected_hash == generate(customer).sha256
    entry = AuditEntry.objects.get(action="config_restored")
    assert (entry.customer_id, entry.detail, entry.actor) == ("a", "version 1", "operator")


def test_two_clicks_restore_once(customer: Customer) -> None:
    seen = fingerprint(customer)
    for _ in range(2):
        restore_version("a", 1, seen=seen, now=NOW, by=ANNA)

    assert [each.number for each in versions_of(customer.pk, below=None, limit=9)] == [3, 2, 1]
    assert AuditEntry.objects.filter(action="config_restored").count() == 1


def test_what_was_changed_since_it_was_compared_is_not_overwritten(customer: Customer) -> None:
    seen = fingerprint(customer)
    save_config("a", Entered(PETER, Settings()), seen=seen, now=NOW, by=COMMAND_LINE)

    with pytest.raises(ChangedMeanwhile):
        restore_version("a", 1, seen=seen, now=NOW, by=ANNA)

    assert content_of(Customer.objects.get()).settings == Settings()
    assert not AuditEntry.objects.filter(action="config_restored").exists()


def test_there_is_nothing_to_restore(customer: Customer) -> None:
    for customer_id, number in (("a", 3), ("a", 0), ("nobody", 1)):
        with pytest.raises(NotFound):
            restore_version(customer_id, number, seen=fingerprint(customer), now=NOW, by=ANNA)


def test_a_version_with_less_than_the_rules_ask_for_is_refused_with_the_field() -> None:
    manual = make_customer("b", name="Nagy")
    adopt_config("b", domain="b.example.hu", now=NOW, by=COMMAND_LINE)
    save_config(
        "b",
        Entered(Details("Nagy", "b.example.hu", "b@example.hu"), Settings()),
        seen=fingerprint(Customer.objects.get()),
        now=NOW,
        by=COMMAND_LINE,
    )

    with pytest.raises(Impossible, match="Contact email: Must be one address"):
        restore_version("b", 1, seen=fingerprint(Customer.objects.get()), now=NOW, by=ANNA)
    assert Customer.objects.get(pk=manual.pk).email == "b@example.hu"


def test_a_customer_that_is_manual_again_has_nothing_restored(customer: Customer) -> None:
    Customer.objects.update(is_managed=False)

    with pytest.raises(Conflict, match="has no configuration yet"):
        restore_version("a", 1, seen=fingerprint(customer), now=NOW, by=ANNA)


def test_fine_values_have_no_problem() -> None:
    assert problem_of_restoring(Content(PETER, SETTINGS)) == ""
    assert problem_of_restoring(Content(PETER, replace(SETTINGS, overrides="a: [")))[:10] == "Overrides:"
