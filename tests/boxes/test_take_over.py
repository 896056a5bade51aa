import pytest
from tests.boxes.conftest import KATA, Served, carry_out
from tests.build import NOW

from felhom_hub.base.errors import Conflict, Impossible
from felhom_hub.boxes.ask import ask
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.take_over import take_over
from felhom_hub.configs.generate import generate
from felhom_hub.configs.queries import fingerprint, settings_of
from felhom_hub.customers.credentials import machine_secrets
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db


def read(served: Served, content: bytes) -> int:
    served.has(content)
    ask(Call.Kind.COMPARE, "kiss-foto", now=NOW, by=KATA)
    return carry_out().pk


def test_tokens_become_credentials_and_the_rest_is_stored(customer: Customer, served: Served) -> None:
    token = "t" * 40
    content = generate(customer).content.replace(b'cf_api_token: ""', f"cf_api_token: {token}".encode())
    number = read(served, content + b"x: {z: 1}\n")

    take_over("kiss-foto", number, seen=fingerprint(customer), now=NOW, by=KATA)

    assert machine_secrets(customer)["cf_api_token"] == token
    assert settings_of(customer).overrides == "x:\n  z: 1\n"
    with pytest.raises(Conflict, match="was changed since"):
        take_over("kiss-foto", number, seen="another", now=NOW, by=KATA)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (b"email: kiss@example.hu", b"email: nobody"),
        (b"domain: kiss.example.hu", b"domain: 10.0.0.1"),
        (b'cf_api_token: ""', b"cf_api_token: short"),
    ],
)
def test_values_against_their_rules_change_nothing(
    customer: Customer, served: Served, line: bytes, instead: bytes
) -> None:
    content = generate(customer).content
    assert line in content
    number = read(served, content.replace(line, instead) + b"x: 1\n")

    with pytest.raises(Impossible) as refused:
        take_over("kiss-foto", number, seen=fingerprint(customer), now=NOW, by=KATA)

    assert "short" not in refused.value.sentence.replace("shortened", "")
    assert settings_of(customer).overrides == ""


def test_a_reading_that_is_gone_cannot_be_taken_over(customer: Customer, served: Served) -> None:
    number = read(served, generate(customer).content)
    Call.objects.update(envelope="")

    with pytest.raises(Conflict, match="compare again"):
        take_over("kiss-foto", number, seen=fingerprint(customer), now=NOW, by=KATA)
