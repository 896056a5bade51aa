from datetime import timedelta

import pytest
from tests.build import NOW, incoming, make_customer, make_node, record

from felhom_hub.base.folding import folded
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.clock import clock_at
from felhom_hub.fleet.reasons import explained, named

pytestmark = pytest.mark.django_db

ILL = {"status": "warn", "issues": [], "warnings": ["drive hdd1 is 91 % full"]}
CLOCK = clock_at(NOW)
MINUTE = timedelta(minutes=1)


def ids(found: frozenset[int]) -> list[str]:
    return sorted(Customer.everyone.filter(pk__in=found).values_list("customer_id", flat=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kovács", ["kov-1"]),
        ("KOV", ["kov-1", "kov-2"]),
        ("győr", ["kov-2"]),
        ("%", []),
        ("v-", ["kov-1", "kov-2"]),
        ("s kov", []),  # the end of a name and the beginning of an id
        ("\u0301", ["kov-1", "kov-2", "x"]),  # nothing is left of it without accents
    ],
)
def test_names_ids_and_towns_are_searched(text: str, found: list[str]) -> None:
    make_customer("kov-1", name="Kovács", town="Vác")
    make_customer("Kov-2", town="Győr")
    make_customer("x", name="Nagy", town="")
    make_customer("kov-gone", deleted_at=NOW)

    assert sorted(each.lower() for each in ids(named(folded(text)))) == found


def said(wanted: str, minutes: int = 0) -> list[str]:
    pks = Customer.objects.exclude(customer_id="well").values_list("pk", flat=True)
    return ids(explained(folded(wanted), list(pks), clock_at(NOW + minutes * MINUTE)))


def test_reasons_are_searched_in_the_words_that_are_shown() -> None:
    make_customer("a")
    record(
        [
            incoming("ill", received_at=NOW, health=ILL),
            incoming("well", received_at=NOW),
            incoming("paused", received_at=NOW, monitoring_paused=True),
        ]
    )
    make_node(make_customer("late"), last_received_at=NOW - 31 * MINUTE, health="warn", health_messages='["hot"]')
    make_node(make_customer("silent"), last_received_at=NOW - 61 * MINUTE, health="warn", health_messages='["hot"]')

    assert said("Config created under 1 min ago. Waiting for the first report.") == ["a"]
    assert said("Health warning: drive hdd1 is 91 % full") == ["ill"]
    assert said("monitoring is PAUSED") == ["paused"]
    assert said("Report is 31 min old. Becomes DOWN in 29 min") == ["late"]
    assert said("No report for 1 h 1 min. Last report: hot") == ["silent"]
    assert said("hot") == ["silent"]


def test_only_those_that_are_asked_about_are_found() -> None:
    first, _ = make_customer("a"), make_customer("b")

    assert explained("waiting", [first.pk], CLOCK) == {first.pk}
    assert explained("waiting", [], CLOCK) == frozenset()


def test_a_reason_is_the_one_that_was_reported_last() -> None:
    for number, word in enumerate(("hot", "full")):
        health = {"status": "warn", "issues": [], "warnings": [word]}
        record([incoming("ill", received_at=NOW + number * MINUTE, health=health)])
        assert said(f"Health warning: {word}", minutes=number) == ["ill"]
        assert said("hot", minutes=number) == (["ill"] if word == "hot" else [])
