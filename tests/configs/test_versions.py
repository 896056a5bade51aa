import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.build import NOW, make_customer

from felhom_hub.base.resealing import sealed_models
from felhom_hub.base.secrets import SecretsError
from felhom_hub.configs.delete import delete_with_config
from felhom_hub.configs.models import ConfigVersion, CustomerConfig
from felhom_hub.configs.queries import fingerprint
from felhom_hub.configs.save import ChangedMeanwhile, Entered, adopt_config, create_config, edit_details, save_config
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.versions import Content, Version, content_of, keep_version, version_of, versions_of
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE, operator_at

PETER = Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu")
SETTINGS = Settings(True, "debug", {"disk_high": 90.5}, {"backup": "CHANGEME"}, "a:\n  password: hunter22 # p\n", 30)
ANNA = operator_at("192.0.2.7")

pytestmark = pytest.mark.django_db


def save(entered: Entered) -> None:
    save_config("a", entered, seen=fingerprint(Customer.objects.get()), now=NOW, by=ANNA)


def all_of(customer_id: str = "a") -> list[Version]:
    return versions_of(Customer.objects.get(customer_id=customer_id).pk, below=None, limit=100)


def test_each_change_is_a_version_with_who_changed_what() -> None:
    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    changed = Entered(replace(PETER, town=" Győr "), replace(SETTINGS, thresholds={}, overrides=""))
    for _ in range(2):  # the second one changes nothing
        save(changed)
    save(replace(changed, tokens={Kind.CF_API_TOKEN: "t" * 40}))

    assert all_of() == [
        Version(3, NOW, "operator", "192.0.2.7", ["cf_api_token entered"], None),
        Version(2, NOW, "operator", "192.0.2.7", ["town", "overrides", "disk_high"], None),
        Version(1, NOW, "command line", "", [], None),
    ]


def test_a_version_has_what_was_entered_to_the_letter() -> None:
    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    save(Entered(replace(PETER, town="Győr"), Settings()))
    customer = Customer.objects.get()

    first, second = version_of(customer, 1), version_of(customer, 2)

    assert first is not None
    assert first[1] == Content(PETER, SETTINGS)
    assert second is not None
    assert second[1] == content_of(customer) == Content(replace(PETER, town="Győr"), Settings())
    assert version_of(customer, 3) is None


def test_no_version_lies_in_the_clear_nor_opens_elsewhere() -> None:
    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    save(Entered(replace(PETER, town="Győr"), SETTINGS))
    customer = Customer.objects.get()
    rows = ConfigVersion.objects.order_by("number")

    assert "hunter22" not in json.dumps(list(rows.values("envelope", "changed", "by")))
    assert ConfigVersion in sealed_models()
    rows.filter(number=2).update(envelope=rows.get(number=1).envelope)
    with pytest.raises(SecretsError):
        version_of(customer, 2)


def test_what_a_hub_without_versions_made_is_kept_before_its_first_change() -> None:
    add_customer("a", PETER, now=NOW, by=COMMAND_LINE)
    earlier = NOW - timedelta(hours=1)
    CustomerConfig.objects.create(customer=Customer.objects.get(), log_level="warn", changed_at=earlier)
    assert all_of() == []

    save(Entered(replace(PETER, note="new"), Settings(log_level="warn")))

    assert [(each.number, each.at, each.by, each.changed) for each in all_of()] == [
        (2, NOW, "operator", ["note"]),
        (1, earlier, "", []),
    ]
    found = version_of(Customer.objects.get(), 1)
    assert found is not None
    assert found[1] == Content(PETER, Settings(log_level="warn"))


def test_the_commands_changes_are_versions_too() -> None:
    create_config("a", Entered(PETER, Settings()), now=NOW, by=COMMAND_LINE)
    assert edit_details("a", {"town": "Győr"}, now=NOW, by=COMMAND_LINE) == ("town",)
    assert edit_details("a", {"town": "Győr"}, now=NOW, by=COMMAND_LINE) == ()

    assert [(each.number, each.by, each.changed) for each in all_of()] == [
        (2, "command line", ["town"]),
        (1, "command line", []),
    ]


def test_a_manual_customer_has_versions_from_its_adoption_on() -> None:
    make_customer("b", name="Nagy")
    assert edit_details(
        "b", {"domain": "b.example.hu", "email": "b@b.example.hu", "town": "Pécs"}, now=NOW, by=ANNA
    ) == ("domain", "email", "town")
    assert all_of("b") == []
    adopt_config("b", domain="x.example.hu", now=NOW, by=ANNA)

    found = version_of(Customer.objects.get(), 1)
    assert found is not None
    assert found[1].details == Details("Nagy", "b.example.hu", "b@b.example.hu", "Pécs")


def test_numbers_are_never_given_twice_and_lists_are_cut() -> None:
    create_config("a", Entered(PETER, Settings()), now=NOW, by=COMMAND_LINE)
    for town in ("Pécs", "Győr", "Eger"):
        save(Entered(replace(PETER, town=town), Settings()))
    customer = Customer.objects.get()

    assert [each.number for each in versions_of(customer.pk, below=4, limit=2)] == [3, 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        ConfigVersion.objects.create(customer=customer, number=4, at=NOW, envelope="x")


def test_nothing_is_kept_where_nothing_changed() -> None:
    add_customer("a", PETER, now=NOW, by=COMMAND_LINE)
    customer = Customer.objects.get()

    keep_version(customer, content_of(customer), content_of(customer), now=NOW, by=ANNA)

    assert all_of() == []


def test_a_deletion_takes_the_versions_along() -> None:
    for customer_id in ("a", "b"):
        create_config(customer_id, Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    delete_with_config("a", now=NOW, by=COMMAND_LINE)

    assert list(ConfigVersion.objects.values_list("customer__customer_id", flat=True)) == ["b"]
    create_config("a", Entered(PETER, Settings()), now=NOW, by=COMMAND_LINE)
    assert [each.number for each in all_of()] == [1]


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_refused_and_two_commands_both_count() -> None:
    create_config("a", Entered(PETER, Settings()), now=NOW, by=COMMAND_LINE)
    seen = fingerprint(Customer.objects.get())

    def save_as(town: str) -> bool:
        try:
            save_config("a", Entered(replace(PETER, town=town), Settings()), seen=seen, now=NOW, by=ANNA)
        except ChangedMeanwhile:
            return False
        return True

    assert sorted(at_once(save_as, "Pécs", "Győr")) == [False, True]
    assert at_once(lambda name: edit_details("a", {name: "x"}, now=NOW, by=ANNA), "note", "phone") == [
        ("note",),
        ("phone",),
    ]

    assert [each.number for each in all_of()] == [4, 3, 2, 1]
    newest = version_of(Customer.objects.get(), 4)
    assert newest is not None
    assert newest[1] == content_of(Customer.objects.get())
    assert (newest[1].details.note, newest[1].details.phone) == ("x", "x")


def at_once(act: Callable[[str], Any], *texts: str) -> list[Any]:
    """What comes of it for each text, all at the same moment, each on a connection of its own."""
    ready = threading.Barrier(len(texts), timeout=60)

    def begin(text: str) -> Any:
        try:
            ready.wait()
            return act(text)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(texts)) as threads:
        return list(threads.map(begin, texts))
