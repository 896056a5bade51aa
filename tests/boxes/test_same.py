import pytest
from tests.boxes.conftest import KATA, Served, carry_out
from tests.build import NOW

from felhom_hub.boxes.ask import ask
from felhom_hub.boxes.models import Call
from felhom_hub.boxes.same import note_if_same
from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.wanted import expect_hashes, wanted_of

pytestmark = pytest.mark.django_db


def test_a_comparison_notes_that_only_the_formatting_differs(customer: Customer, served: Served) -> None:
    generated = generate(customer)
    expect_hashes({customer.pk: generated.sha256})
    served.has(b"# by hand\n" + generated.content)
    ask(Call.Kind.COMPARE, "kiss-foto", now=NOW, by=KATA)
    carry_out()

    wanted = wanted_of(customer.pk)
    assert (wanted.same_hash, wanted.compared_at) == (served.config.hash(), NOW)


def test_what_differs_or_is_the_very_file_is_not_noted(customer: Customer) -> None:
    generated = generate(customer)
    expect_hashes({customer.pk: generated.sha256})

    assert not note_if_same(customer, generated.content, now=NOW)
    assert not note_if_same(customer, generated.content + b"x: 1\n", now=NOW)
    assert not note_if_same(customer, b"[", now=NOW)
    customer.is_managed = False
    assert not note_if_same(customer, b"# by hand\n" + generated.content, now=NOW)
    assert NodeState.objects.get().same_hash is None
