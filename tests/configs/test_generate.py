from dataclasses import replace
from typing import Any

import pytest
import yaml
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Conflict
from felhom_hub.configs import generate as generate_module
from felhom_hub.configs.documents import document
from felhom_hub.configs.generate import Generated, generate, generate_all
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.template import built_in
from felhom_hub.customers.credentials import machine_secrets
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

DETAILS = Details('Nagy "Öcsi" # Kft.', "nagy.example.hu", "no@example.hu")


def managed(overrides: str = "", **columns: Any) -> Customer:
    add_customer("nagy", DETAILS, now=NOW, by=COMMAND_LINE)
    customer = Customer.objects.get()
    CustomerConfig.objects.create(customer=customer, overrides=overrides, changed_at=NOW, **columns)
    return customer


def test_a_box_gets_the_template_with_its_own_values() -> None:
    customer = managed('assets:\n  sync_schedule: "01:00"\nextra: [a]\n', log_level="warn")
    made = generate(customer)
    values, secrets = yaml.safe_load(made.yaml), machine_secrets(customer)

    assert values["customer"] == {
        "id": "nagy", "name": 'Nagy "Öcsi" # Kft.', "domain": "nagy.example.hu", "email": "no@example.hu",
    }  # fmt: skip
    assert values["hub"]["api_key"] == secrets["api_key"]
    assert values["web"]["session_secret"] == secrets["session_secret"]
    assert values["assets"] == {"sync_enabled": True, "sync_schedule": "01:00"}
    assert (values["logging"]["level"], values["extra"]) == ("warn", ["a"])
    assert [line for line in built_in().splitlines() if "#" in line and line.partition("#")[2] not in made.yaml] == []
    assert generate(customer) == made
    assert made.content.decode() == made.yaml
    assert len(made.sha256) == 64


def test_to_make_it_is_no_revealing_and_it_shows_nowhere() -> None:
    customer = managed()
    before = AuditEntry.objects.count()
    made = generate(customer)

    assert AuditEntry.objects.count() == before
    assert machine_secrets(customer)["api_key"] not in repr(made)
    assert sorted(machine_secrets(customer)) == ["api_key", "session_secret"]


def test_who_has_no_configuration_gets_none() -> None:
    with pytest.raises(Conflict, match="manual has no configuration yet"):
        generate(make_customer("manual"))


def test_a_template_that_cannot_be_read_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate_module, "current_template", lambda: "a: [\n")

    with pytest.raises(Conflict, match=r"The configuration of nagy cannot be made: Line 2 is not YAML"):
        generate(managed())


def test_another_byte_is_another_hash() -> None:
    assert Generated("a: 1\n").sha256 != Generated("a: 1 \n").sha256
    assert replace(Generated("a"), yaml="b") == Generated("b")


def test_all_files_are_made_at_once_as_each_is_alone(django_assert_num_queries: Any) -> None:
    make_customer("manual")
    for number in range(5):
        add_customer(f"c{number}", DETAILS, now=NOW, by=COMMAND_LINE)
    third = Customer.objects.get(customer_id="c3")
    CustomerConfig.objects.create(customer=third, overrides="extra: [a]\n", log_level="debug", changed_at=NOW)

    with django_assert_num_queries(4):  # the last finds nobody more
        made = list(generate_all())

    assert [(customer.customer_id, each) for customer, each in made] == [
        (f"c{number}", generate(Customer.objects.get(customer_id=f"c{number}"))) for number in range(5)
    ]


def test_who_gets_no_file_does_not_keep_the_others_from_theirs() -> None:
    for name in ("a", "b", "c", "d"):
        add_customer(name, DETAILS, now=NOW, by=COMMAND_LINE)
    CustomerConfig.objects.create(customer=Customer.objects.get(customer_id="a"), overrides="paths: [1", changed_at=NOW)
    lost = Customer.objects.get(customer_id="d")
    CustomerConfig.objects.create(customer=lost, envelope="v1:gone:AAAA:AAAA", changed_at=NOW)
    Credential.objects.filter(customer__customer_id="c", kind="api_key").update(envelope="v1:gone:AAAA:AAAA")

    made = {customer.customer_id: each for customer, each in generate_all(document("plain: 1\n"))}

    assert made["a"] == "It is not YAML to another reader."
    assert isinstance(made["b"], Generated)
    assert made["b"].yaml.startswith("plain: 1\ncustomer:\n")
    assert 'the key "gone"' in str(made["c"])
