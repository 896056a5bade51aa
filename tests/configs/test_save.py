from dataclasses import replace

import pytest
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Conflict, Impossible
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import fingerprint
from felhom_hub.configs.save import ChangedMeanwhile, Entered, create_config, forget_config, save_config
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.audit import Actor
from felhom_hub.operators.models import AuditEntry

BY = Actor("operator", "127.0.0.1")
DETAILS = Details("Kovács", "kovacs.hu", "p@kovacs.hu")
TOKEN = "eyJhIjoiMTIzNDU2Nzg5MCJ9"
ENTERED = Entered(DETAILS, Settings(log_level="debug"), {Kind.CF_API_TOKEN: TOKEN})

pytestmark = pytest.mark.django_db


def the_customer() -> Customer:
    return Customer.objects.get(customer_id="kovacs")


def test_customer_tokens_and_settings_are_stored_together_or_not_at_all() -> None:
    with pytest.raises(Impossible):
        create_config("kovacs", replace(ENTERED, tokens={Kind.CF_API_TOKEN: "short"}), now=NOW, by=BY)
    assert (Customer.objects.count(), CustomerConfig.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)

    create_config("kovacs", ENTERED, now=NOW, by=BY)

    assert the_customer().is_managed
    assert CustomerConfig.objects.get().log_level == "debug"
    assert Credential.objects.filter(kind="cf_api_token").count() == 1


def test_a_second_one_of_the_same_id_is_refused() -> None:
    create_config("kovacs", ENTERED, now=NOW, by=BY)

    with pytest.raises(Conflict):
        create_config("kovacs", ENTERED, now=NOW, by=BY)


def test_what_is_saved_says_in_the_audit_what_changed_and_never_the_values() -> None:
    create_config("kovacs", ENTERED, now=NOW, by=BY)
    AuditEntry.objects.all()._raw_delete("default")  # an entry cannot be deleted otherwise
    changed = Entered(replace(DETAILS, town="Győr"), Settings(log_level="info"), removed=frozenset({Kind.CF_API_TOKEN}))

    save_config("kovacs", changed, seen=fingerprint(the_customer()), now=NOW, by=BY)

    assert sorted(AuditEntry.objects.values_list("action", "detail")) == [
        ("config_edited", "log_level"),
        ("customer_edited", "town"),
        ("tokens_changed", "cf_api_token removed"),
    ]


def test_of_two_who_edit_at_once_the_later_one_is_refused() -> None:
    create_config("kovacs", ENTERED, now=NOW, by=BY)
    seen = fingerprint(the_customer())
    save_config("kovacs", replace(ENTERED, details=replace(DETAILS, town="Győr")), seen=seen, now=NOW, by=BY)

    with pytest.raises(ChangedMeanwhile):
        save_config("kovacs", replace(ENTERED, details=replace(DETAILS, town="Pécs")), seen=seen, now=NOW, by=BY)
    assert the_customer().town == "Győr"


def test_a_manual_customer_has_no_configuration_to_save() -> None:
    make_customer("kovacs")

    with pytest.raises(Conflict, match="has no configuration yet"):
        save_config("kovacs", ENTERED, seen="", now=NOW, by=BY)


def test_settings_are_forgotten_with_their_customer() -> None:
    create_config("kovacs", ENTERED, now=NOW, by=BY)

    forget_config(the_customer())

    assert CustomerConfig.objects.count() == 0
