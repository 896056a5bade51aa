from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, make_customer
from tests.fleet.fleets import a_random_fleet
from tests.fleet.html import report
from tests.telemetry.hours import a_day, app

from felhom_hub.base.folding import folded
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.matching import EXACT, fitness
from felhom_hub.fleet.search import MAX_SHOWN, Found, search
from felhom_hub.reports.status import Status
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


def some() -> None:
    make_customer("kovacs-peter", name="Kovács Péter", town="Győr", domain="kovacs.example.hu")
    make_customer("kov", name="Péter és fia")
    make_customer("nagy-anna", name="Nagy Anna", blocked_at=NOW)


def ids(found: Found) -> list[str]:
    return [hit.path.removeprefix("/customers/") for kind in found.kinds for hit in kind.hits]


@pytest.mark.parametrize(
    ("text", "expected", "only"),
    [
        ("KOVACS péter", ["kovacs-peter"], "/customers/kovacs-peter"),
        ("kov", ["kov", "kovacs-peter"], "/customers/kov"),  # it is an id, exactly
        ("peter", ["kov", "kovacs-peter"], ""),
        ("  gyor ", ["kovacs-peter"], "/customers/kovacs-peter"),
        ("example.hu", ["kovacs-peter"], "/customers/kovacs-peter"),
        ("nagy", ["nagy-anna"], "/customers/nagy-anna"),  # a blocked one, whom the overview hides
        ("zzz", [], ""),
        ("%", [], ""),
        ("\x00", [], ""),
        ("", [], ""),
    ],
)
def test_names_ids_towns_and_domains_are_found_without_accents(text: str, expected: list[str], only: str) -> None:
    some()

    found = search(text, now=NOW)

    assert (ids(found), found.only_path) == (expected, only)


def test_a_hit_says_how_the_server_is() -> None:
    report("kovacs-peter", minutes=134, customer_name="Kovács Péter")

    (hit,) = search("kovacs", now=NOW).kinds[0].hits

    assert (hit.name, hit.note, hit.status) == ("Kovács Péter", "kovacs-peter", Status.DOWN)


def test_two_of_one_name_are_shown_and_not_guessed_between() -> None:
    make_customer("a", name="Kiss János")
    make_customer("b", name="Kiss Janos")

    found = search("kiss jános", now=NOW)

    assert (ids(found), found.only_path) == (["a", "b"], "")


def test_fifty_are_shown_and_all_are_counted_with_the_same_number_of_queries() -> None:
    for number in range(MAX_SHOWN + 3):
        make_customer(f"c{number:02}", name=f"Kiss {number:02}", created_at=NOW - timedelta(hours=1))

    with CaptureQueriesContext(connection) as queries:
        found = search("kiss", now=NOW)

    assert (found.total, len(ids(found)), ids(found)[0]) == (MAX_SHOWN + 3, MAX_SHOWN, "c00")
    assert len(queries) == 4


def test_a_long_text_is_cut() -> None:
    assert search("x" * 5000, now=NOW).text == "x" * 100


def test_apps_are_found_by_both_their_names() -> None:
    a_day(make_customer("kiss"), app(900, "immich", display_name="Fotók"), app(100, "imagination"))
    summarise(NOW)

    assert [(hit.path, hit.name, hit.note) for hit in search("foto", now=NOW).kinds[1].hits] == [
        ("/apps/immich", "Fotók", "immich · 1 server")
    ]
    assert search("IMMICH", now=NOW).only_path == "/apps/immich"
    assert search("im", now=NOW).only_path == ""
    assert [hit.path for hit in search("im", now=NOW).kinds[1].hits] == ["/apps/immich", "/apps/imagination"]


def test_a_name_that_a_customer_and_an_app_share_is_not_guessed_between() -> None:
    a_day(make_customer("immich"), app(900, "immich"))
    summarise(NOW)

    assert search("immich", now=NOW).only_path == ""


@pytest.mark.parametrize("seed", range(3))
def test_the_database_finds_what_python_finds_in_the_same_order(seed: int) -> None:
    a_random_fleet(seed, 60)
    Customer.objects.filter(pk__in=list(Customer.objects.values_list("pk", flat=True)[::5])).update(
        domain="kov.example.hu"
    )

    for text in (
        "k",
        "kov",
        "KOVÁCS",
        "anna",
        "nagy anna",
        "s",
        "gyor",
        "example",
        "1",
        "K1",
        "\u0301",
        "-a",
        "nobody",
    ):
        wanted = folded(text)
        rows = Customer.objects.values_list("customer_id", "name", "town", "domain")
        plain = sorted(
            (fit, folded(name or customer_id), customer_id)
            for customer_id, name, town, domain in rows
            if (fit := fitness(wanted, (folded(customer_id), folded(name)), (folded(town), domain))) is not None
        )
        customers = search(text, now=NOW).kinds[0]
        assert customers.total == len(plain), text
        assert [hit.path for hit in customers.hits] == [f"/customers/{each}" for *_, each in plain[:MAX_SHOWN]], text
        exact = [each for fit, _, each in plain if fit == EXACT]
        assert customers.exact == (f"/customers/{exact[0]}" if len(exact) == 1 else ""), text
