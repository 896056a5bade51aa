import re
import unicodedata
from dataclasses import replace

import pytest

from felhom_hub.base.errors import Impossible
from felhom_hub.customers.details import Details, check_customer_id, checked, problems_of

PETER = Details(
    name="Kovács Péter",
    domain="kovacs.example.hu",
    email="peter@kovacs.example.hu",
    town="Győr",
    phone="+36 20 123 4567",
    note="Second floor.\nRings twice.",
)
NAME_RULE = "name must be one line of at most 200 printable characters"
DOMAIN_RULE = (
    "domain must be a domain such as kovacs.example.hu, without https:// and path (accents in their xn-- form)"
)
EMAIL_RULE = "email must be one address such as anna@example.hu"
NOTE_RULE = "note must be at most 4000 printable characters; it may have several lines"


def test_sound_details_stay_as_they_are() -> None:
    assert checked(PETER) == PETER


def test_town_phone_and_note_may_be_empty() -> None:
    short = Details(name="P", domain="a.hu", email="p@a.hu")
    assert checked(short) == short


def test_what_is_around_the_values_is_dropped_and_the_domain_is_in_lower_case() -> None:
    typed = Details(
        name=f" {unicodedata.normalize('NFD', PETER.name)} ",
        domain=" Kovacs.Example.HU. ",
        email=f"\t{PETER.email}\n",
        town="Győr ",
        phone=f" {PETER.phone}",
        note=f"\n{PETER.note.replace(chr(10), chr(13) + chr(10))}\r\n",
    )
    assert checked(typed) == PETER


@pytest.mark.parametrize(
    "domain", ["a.hu", "xn--kovcs-1qa.hu", "1.example.hu", "a-b.c.d.example", f"{'a' * 63}.hu", "box.home.arpa"]
)
def test_possible_domains_are_taken(domain: str) -> None:
    assert checked(replace(PETER, domain=domain)).domain == domain


@pytest.mark.parametrize(
    ("item", "value", "sentence"),
    [
        ("name", "", "name must not be empty"),
        ("name", " \t", "name must not be empty"),
        ("name", "x" * 201, NAME_RULE),
        ("name", "two\nlines", NAME_RULE),
        ("name", "a\0b", NAME_RULE),
        ("name", "\udcff", NAME_RULE),
        ("town", "x" * 101, "town must be one line of at most 100 printable characters"),
        ("phone", "1" * 51, "phone must be one line of at most 50 printable characters"),
        ("note", "x" * 4001, NOTE_RULE),
        ("note", "\x1b[2J", NOTE_RULE),
        ("domain", "", DOMAIN_RULE),
        ("domain", "hu", DOMAIN_RULE),
        ("domain", "https://kovacs.hu", DOMAIN_RULE),
        ("domain", "kovacs.hu/", DOMAIN_RULE),
        ("domain", "kovacs.hu:8080", DOMAIN_RULE),
        ("domain", "kovács.hu", DOMAIN_RULE),
        ("domain", "kovacs..hu", DOMAIN_RULE),
        ("domain", "-a.hu", DOMAIN_RULE),
        ("domain", "a-.hu", DOMAIN_RULE),
        ("domain", "*.kovacs.hu", DOMAIN_RULE),
        ("domain", "192.0.2.7", DOMAIN_RULE),
        ("domain", f"{'a' * 64}.hu", DOMAIN_RULE),
        ("domain", f"{'a.' * 126}hu", DOMAIN_RULE),
        ("email", "", EMAIL_RULE),
        ("email", "peter", EMAIL_RULE),
        ("email", "peter@localhost", EMAIL_RULE),
        ("email", "a@b.hu, c@d.hu", EMAIL_RULE),
        ("email", "Péter <a@b.hu>", EMAIL_RULE),
        ("email", "a@b.hu\nBcc: c@d.hu", EMAIL_RULE),
        ("email", f"{'a' * 250}@b.hu", EMAIL_RULE),
    ],
)
def test_an_impossible_value_is_refused_with_its_rule(item: str, value: str, sentence: str) -> None:
    with pytest.raises(Impossible, match=rf"^{re.escape(sentence)}$"):
        checked(replace(PETER, **{item: value}))


@pytest.mark.parametrize("customer_id", ["a", "kovacs-peter", "A.b_c-9", "0", "x" * 128])
def test_an_id_by_the_contract_is_taken(customer_id: str) -> None:
    check_customer_id(customer_id)


@pytest.mark.parametrize("customer_id", ["", "-a", ".a", "a b", "a/b", "kovács", "a\n", "x" * 129])
def test_another_id_is_refused(customer_id: str) -> None:
    rule = "1 to 128 letters, digits, dots, dashes and underscores, beginning with a letter or digit"
    with pytest.raises(Impossible, match=rf"^The customer's id must be {rule}$"):
        check_customer_id(customer_id)


def test_everything_that_is_wrong_is_found_at_once() -> None:
    assert problems_of(PETER) == {}
    found = problems_of(replace(PETER, name=" ", email="x", note="a\0"))
    assert list(found) == ["name", "email", "note"]
    assert found["name"] == "Name must not be empty."
