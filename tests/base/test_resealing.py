from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django import Settings
from tests.build import NOW, make_customer

from felhom_hub.base import resealing
from felhom_hub.base.resealing import Portion, count_sealed_with, count_to_reseal, reseal, sealed_models
from felhom_hub.base.secret_keys import SecretKey
from felhom_hub.base.secrets import Keyring, forget_keyring
from felhom_hub.customers.credentials import machine_secrets, make_secrets, reveal_secrets
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.recovery.envelope import compress, seal_version
from felhom_hub.recovery.models import InfraBackup
from felhom_hub.recovery.queries import content_of

# Alike for a database that ignores case.
OLD, NEW = SecretKey("k_1", bytes(range(32))), SecretKey("K_1", bytes(range(32, 64)))


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> Iterator[None]:
    use(settings, OLD)
    yield
    forget_keyring()


def use(settings: Settings, *keys: SecretKey) -> None:
    secrets = replace(settings.HUB.secrets, keys=keys, key_file=Path("/nowhere/secret.keys"))
    settings.HUB = replace(settings.HUB, secrets=secrets)


def a_customer(customer_id: str = "a") -> Customer:
    customer = make_customer(customer_id, is_managed=True)
    make_secrets(customer, now=NOW)
    InfraBackup.objects.create(
        customer=customer, version=1, received_at=NOW, renewed_at=NOW, sha256="0" * 64, size_bytes=7,
        envelope=seal_version(compress(b'{"a":1}'), customer_id=customer_id, version=1),
    )  # fmt: skip
    return customer


def test_every_field_of_that_name_is_known_here() -> None:
    """A room that seals something names its field `envelope`, and registers it."""
    with_envelopes = {model for model in apps.get_models() if any(f.name == "envelope" for f in model._meta.fields)}
    assert sealed_models() == with_envelopes


@pytest.mark.django_db
def test_everything_is_sealed_with_the_active_key_and_says_the_same(settings: Settings) -> None:
    customer = a_customer()
    before = reveal_secrets("a", now=NOW, by=COMMAND_LINE), machine_secrets(customer), content_of(customer)
    use(settings, NEW, OLD)
    assert (count_to_reseal(), count_sealed_with("k_1"), count_sealed_with("K_1")) == (4, 4, 0)

    assert sum(portion.resealed for portion in reseal()) == 4

    assert (count_to_reseal(), count_sealed_with("k_1"), count_sealed_with("K_1")) == (0, 0, 4)
    use(settings, NEW)
    assert (reveal_secrets("a", now=NOW, by=COMMAND_LINE), machine_secrets(customer), content_of(customer)) == before
    assert list(reseal()) == []


@pytest.mark.django_db
def test_a_run_that_was_stopped_goes_on_where_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "_ROWS", 2)
    customer = a_customer()
    use(settings, NEW, OLD)

    assert next(reseal()) == Portion(2, ())

    assert count_to_reseal() == 2
    assert machine_secrets(customer).keys() == {"api_key", "session_secret"}
    assert [portion.resealed for portion in reseal()] == [1, 1]


@pytest.mark.django_db
def test_large_ones_are_a_portion_each(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "_CHARACTERS", 1)
    a_customer()
    use(settings, NEW, OLD)
    assert [portion.resealed for portion in reseal()] == [1, 1, 1, 1]


@pytest.mark.django_db
def test_what_no_key_opens_is_named_and_left(settings: Settings) -> None:
    a_customer()
    stolen = Credential.objects.get(kind="session_secret")
    Credential.objects.filter(kind="api_key").update(envelope=stolen.envelope)
    lost = Credential.objects.get(kind="api_key")
    revoked = Credential.objects.create(
        customer_id=lost.customer_id, kind="api_key", digest="d", envelope="", created_at=NOW
    )
    use(settings, NEW, OLD)

    portions = list(reseal())

    assert [each for portion in portions for each in portion.unreadable] == [f"credential {lost.pk}"]
    assert sum(portion.resealed for portion in portions) == 3
    assert Credential.objects.get(pk=lost.pk).envelope == stolen.envelope
    assert Credential.objects.get(pk=revoked.pk).envelope == ""


@pytest.mark.django_db
def test_what_is_written_meanwhile_stays(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    a_customer()
    use(settings, NEW, OLD)
    opened = Keyring.open

    def revoked_meanwhile(self: Keyring, envelope: str, *, purpose: str) -> bytes:
        if purpose == "api_key:a":
            Credential.objects.filter(kind="api_key").update(envelope="")
        return opened(self, envelope, purpose=purpose)

    monkeypatch.setattr(Keyring, "open", revoked_meanwhile)

    assert sum(portion.resealed for portion in reseal()) == 3
    assert Credential.objects.get(kind="api_key").envelope == ""
