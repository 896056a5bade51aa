import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, make_customer

from felhom_hub.base.errors import NotFound
from felhom_hub.base.secrets import NotAuthentic, open_text, seal
from felhom_hub.customers import credentials
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.credentials import (
    Kind,
    Secrets,
    check_retrieval_password,
    kinds_held,
    make_secrets,
    new_api_key,
    new_secrets,
    passphrase_for_drill,
    reveal_secret,
    reveal_secrets,
)
from felhom_hub.customers.keys import OVERLAP, revoke_key, rotate_key
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.passphrase import normalised
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db


def audit() -> list[tuple[datetime, str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("at", "actor", "action", "customer_id"))


def store_password(customer: Customer, password: str) -> None:
    Credential.objects.create(
        customer=customer,
        kind=Kind.RETRIEVAL_PASSWORD,
        envelope=seal(password, purpose=f"retrieval_password:{customer.customer_id}"),
        created_at=NOW,
    )


def test_an_api_key_has_256_random_bits_behind_its_prefix() -> None:
    keys = {new_api_key() for _ in range(100)}
    assert len(keys) == 100
    assert [key for key in keys if not re.fullmatch("fh_[A-Za-z0-9_-]{43}", key)] == []


def test_revealed_are_the_newest_secrets_that_hold_and_the_audit_says_so() -> None:
    customer = make_customer(is_managed=True)
    made = make_secrets(customer, now=NOW)
    second = rotate_key("kovacs-peter", overlap=OVERLAP, now=NOW, by=COMMAND_LINE)
    third = rotate_key("kovacs-peter", overlap=OVERLAP, now=NOW, by=COMMAND_LINE)
    revoke_key("kovacs-peter", third.number, now=NOW, by=COMMAND_LINE)
    revealed = reveal_secrets("kovacs-peter", now=NOW, by=COMMAND_LINE)
    assert revealed == Secrets(second.api_key, made.retrieval_password)
    assert audit()[-1] == (NOW, "command line", "secrets_revealed", "kovacs-peter")


def test_a_manual_customer_has_no_secrets() -> None:
    customer = make_customer()
    assert reveal_secrets("kovacs-peter", now=NOW, by=COMMAND_LINE) == Secrets(None, None)
    assert kinds_held(customer) == set()


def test_a_drill_gets_the_passphrase_of_its_customer_alone_and_no_entry() -> None:
    secrets = make_secrets(make_customer("nagy"), now=NOW)
    manual = make_customer("manual")

    assert passphrase_for_drill(Customer.objects.get(customer_id="nagy")) == secrets.retrieval_password
    assert passphrase_for_drill(manual) is None
    assert AuditEntry.objects.count() == 0


def test_the_kinds_that_are_held_are_known_without_opening_any() -> None:
    customer, other = make_customer(), make_customer("nagy-anna")
    make_secrets(other, now=NOW)
    store_password(customer, "canary")
    assert kinds_held(customer) == {Kind.RETRIEVAL_PASSWORD}
    assert kinds_held(other) == {Kind.API_KEY, Kind.RETRIEVAL_PASSWORD, Kind.SESSION_SECRET}


@pytest.mark.parametrize("kind", [Kind.API_KEY, Kind.RETRIEVAL_PASSWORD, Kind.SESSION_SECRET])
def test_an_envelope_copied_to_another_customers_row_does_not_open(kind: Credential.Kind) -> None:
    customer, other = make_customer(), make_customer("nagy-anna")
    make_secrets(customer, now=NOW)
    make_secrets(other, now=NOW)
    stolen = Credential.objects.get(customer=customer, kind=kind).envelope
    assert open_text(stolen, purpose=f"{kind}:kovacs-peter")
    with pytest.raises(NotAuthentic):
        open_text(stolen, purpose=f"{kind}:nagy-anna")


def test_a_stolen_envelope_fails_plainly_where_it_is_used() -> None:
    customer, other = make_customer(), make_customer("nagy-anna")
    made = make_secrets(customer, now=NOW)
    make_secrets(other, now=NOW)
    stolen = Credential.objects.get(customer=customer, kind=Kind.RETRIEVAL_PASSWORD).envelope
    Credential.objects.filter(customer=other, kind=Kind.RETRIEVAL_PASSWORD).update(envelope=stolen)
    assert made.retrieval_password is not None
    with pytest.raises(NotAuthentic):
        check_retrieval_password("nagy-anna", made.retrieval_password)
    with pytest.raises(NotAuthentic):
        reveal_secrets("nagy-anna", now=NOW, by=COMMAND_LINE)
    assert audit() == []


@pytest.mark.parametrize("typed", ["alma-kerék-madár-felhő", "Alma kerek madar felho", "ALMAKERÉKMADÁRFELHÖ"])
def test_the_retrieval_password_fits_however_it_is_typed(typed: str) -> None:
    store_password(make_customer(), "alma-kerék-madár-felhő")
    assert check_retrieval_password("kovacs-peter", typed)


@pytest.mark.parametrize("typed", ["", "-", "alma-kerék-madár", "alma-kerék-felhő-madár", "x" * 100_000, "\udcff"])
def test_another_password_does_not_fit(typed: str) -> None:
    store_password(make_customer(), "alma-kerék-madár-felhő")
    assert not check_retrieval_password("kovacs-peter", typed)


def test_another_customers_password_does_not_fit() -> None:
    store_password(make_customer(), "alma-kerék-madár-felhő")
    store_password(make_customer("nagy-anna"), "körte-ablak-róka-hajó")
    assert not check_retrieval_password("kovacs-peter", "körte-ablak-róka-hajó")


def test_a_replaced_password_does_not_fit() -> None:
    customer = make_customer()
    store_password(customer, "alma-kerék-madár-felhő")
    Credential.objects.update(revoked_at=NOW)
    store_password(customer, "körte-ablak-róka-hajó")
    assert not check_retrieval_password("kovacs-peter", "alma-kerék-madár-felhő")
    assert check_retrieval_password("kovacs-peter", "körte-ablak-róka-hajó")


@pytest.mark.parametrize("typed", ["", "-", "***"])
def test_a_password_of_separators_alone_fits_nothing(typed: str) -> None:
    store_password(make_customer(), "***")
    assert not check_retrieval_password("kovacs-peter", typed)


# The decoy that stands in for a password where there is none.
@pytest.mark.parametrize("customer_id", ["nagy-anna", "", "a\0b", "\udcff", "x" * 200])
def test_nobody_has_a_password_not_even_the_decoys(customer_id: str) -> None:
    store_password(make_customer(), "körte-ablak-róka-hajó")
    assert not check_retrieval_password(customer_id, credentials._DECOY)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the costly steps, in their order, as they are really done."""
    done: list[str] = []

    def noted(step: Callable[..., str]) -> Callable[..., str]:
        def note(*arguments: str, **options: str) -> str:
            done.append(step.__name__)
            return step(*arguments, **options)

        return note

    for step in (seal, open_text, normalised, digest_of):
        monkeypatch.setattr(credentials, step.__name__, noted(step))
    return done


def test_an_unknown_customer_takes_the_same_work_as_a_wrong_password(
    work: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store_password(make_customer(), "alma-kerék-madár-felhő")
    steps = {}
    for customer_id in ("kovacs-peter", "nagy-anna", "no/id"):
        work.clear()
        with django_assert_num_queries(1):
            assert not check_retrieval_password(customer_id, "körte-ablak-róka-hajó")
        steps[customer_id] = tuple(work)
    expected = ("seal", "open_text", "normalised", "digest_of", "normalised", "digest_of")
    assert steps == dict.fromkeys(("kovacs-peter", "nagy-anna", "no/id"), expected)


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_no_secret_lies_in_the_files_of_the_database() -> None:
    customer = make_customer(note="canary-in-the-clear", is_managed=True)
    made = make_secrets(customer, now=NOW)
    session_secret = open_text(
        Credential.objects.get(kind=Kind.SESSION_SECRET).envelope, purpose="session_secret:kovacs-peter"
    )
    rotated = rotate_key("kovacs-peter", overlap=OVERLAP, now=NOW, by=COMMAND_LINE)
    revoked = rotated.api_key
    revoke_key("kovacs-peter", rotated.number, now=NOW, by=COMMAND_LINE)
    revealed = reveal_secrets("kovacs-peter", now=NOW, by=COMMAND_LINE)
    assert revealed == made
    assert made.api_key is not None
    assert made.retrieval_password is not None
    check_retrieval_password("kovacs-peter", made.retrieval_password)
    secrets = [made.api_key, session_secret, revoked, made.retrieval_password, normalised(made.retrieval_password)]
    path = Path(connection.settings_dict["NAME"])
    written = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"canary-in-the-clear" in written
    assert [secret for secret in secrets if secret.encode() in written or secret.encode("utf-16-le") in written] == []


@pytest.mark.parametrize(("to_copy", "action"), [(False, "secret_revealed"), (True, "secret_copied")])
def test_one_secret_is_shown_after_its_entry_only(to_copy: bool, action: str) -> None:
    made = make_secrets(make_customer(), now=NOW)

    shown = reveal_secret("kovacs-peter", Kind.API_KEY, to_copy=to_copy, now=NOW, by=COMMAND_LINE)

    assert shown == made.api_key
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail, entry.customer_id) == (action, "api_key", "kovacs-peter")


def test_a_secret_that_is_not_there_leaves_no_entry() -> None:
    make_secrets(make_customer(), now=NOW)

    for customer_id, kind in (("kovacs-peter", Kind.CF_API_TOKEN), ("nobody", Kind.API_KEY)):
        with pytest.raises(NotFound):
            reveal_secret(customer_id, kind, to_copy=False, now=NOW, by=COMMAND_LINE)

    assert audit() == []


def test_a_session_secret_has_256_random_bits_too() -> None:
    first, second = (new_secrets()[Kind.SESSION_SECRET] for _ in range(2))

    assert len(bytes.fromhex(first)) == 32
    assert first != second
