from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from tests.build import NOW, make_customer

from felhom_hub.base.secrets import NotAuthentic
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import settings_of
from felhom_hub.configs.sealed import open_overrides, seal_overrides

TEXT = "# ők\nsmtp_password: 'Ab<&\"%'\n"


def test_a_text_opens_for_its_customer_alone() -> None:
    envelope = seal_overrides(TEXT, "a")

    assert "smtp" not in envelope
    assert open_overrides(envelope, "a") == TEXT
    assert (seal_overrides("", "a"), open_overrides("", "a")) == ("", "")
    with pytest.raises(NotAuthentic):
        open_overrides(envelope, "b")


@pytest.mark.django_db
def test_what_lay_in_the_clear_is_sealed_by_the_migration() -> None:
    customers = [make_customer(name) for name in ("a", "b", "c")]
    for customer, text in zip(customers, (TEXT, "b: 1\n", ""), strict=True):
        CustomerConfig.objects.create(customer=customer, overrides=text, changed_at=NOW)

    migration = import_module("felhom_hub.configs.migrations.0007_sealed_overrides")
    migration.seal_what_is_there(apps, SimpleNamespace(connection=connection))

    assert [settings_of(customer).overrides for customer in customers] == [TEXT, "b: 1\n", ""]
    held = CustomerConfig.objects.order_by("pk").values_list("envelope", "overrides")
    assert [(bool(envelope), text) for envelope, text in held] == [(True, ""), (True, ""), (False, "")]
