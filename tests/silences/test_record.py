from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.build import NOW, make_customer
from tests.silences.silences import KATA, TWO_HOURS, entered, made

from felhom_hub.base.errors import NotFound
from felhom_hub.customers.delete import delete_customer
from felhom_hub.operators.models import AuditEntry
from felhom_hub.silences.models import Silence, SilencedCustomer
from felhom_hub.silences.queries import silences_at
from felhom_hub.silences.record import count_held_back, end_silence, make_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def audit() -> list[tuple[str, str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "customer_id", "detail"))


def test_a_silence_is_stored_as_it_was_entered() -> None:
    customer = make_customer("anna")
    schedule = Schedule(NOW, NOW + 99 * HOUR, frozenset((2, 6)), 90, 210)
    number = made(
        {customer.pk: "anna"}, choices=("group:node", "backup_failed"), is_for_customers=False, schedule=schedule
    )

    (known,) = silences_at(NOW)
    assert (known.pk, known.why, known.made_by, known.reaches_all, known.customers, known.tag) == (
        number, "House move", "kata", False, frozenset((customer.pk,)), "",
    )  # fmt: skip
    assert known.choices == {"group:node", "backup_failed"}
    assert (known.is_for_customers, known.schedule) == (False, schedule)


def test_who_made_and_ended_it_is_in_the_audit() -> None:
    one, other = make_customer("a"), make_customer("b")
    made({one.pk: "a"}, why="one")
    made({one.pk: "a", other.pk: "b"}, why="two")
    made(tag="digi", why="tagged")
    end_silence(made(why="all of them"), now=NOW, by=KATA)

    assert audit() == [
        ("kata", "silence_made", "a", "one"),
        ("kata", "silence_made", "", "a, b: two"),
        ("kata", "silence_made", "", "tag digi: tagged"),
        ("kata", "silence_made", "", "all: all of them"),
        ("kata", "silence_ended", "", "all of them"),
    ]


def test_two_clicks_end_a_silence_once() -> None:
    number = made()

    assert [end_silence(number, now=NOW + HOUR, by=KATA) for _ in range(2)] == [True, False]
    silence = Silence.objects.get()
    assert (silence.ended_at, silence.ended_by) == (NOW + HOUR, "kata")
    assert [action for _, action, _, _ in audit()] == ["silence_made", "silence_ended"]


@pytest.mark.parametrize("number", [0, 7, 2**63, 10**30])
def test_a_silence_that_there_is_not_cannot_be_ended(number: int) -> None:
    with pytest.raises(NotFound, match=f"There is no silence {number}"):
        end_silence(number, now=NOW, by=KATA)


def test_what_is_held_back_adds_up() -> None:
    one, other = made(), made()
    count_held_back({one: 2, other: 1})
    count_held_back({one: 3})

    assert list(Silence.objects.order_by("pk").values_list("held_back", flat=True)) == [5, 1]


def test_a_deleted_customer_is_named_by_no_silence() -> None:
    customer = make_customer("anna")
    make_silence(entered({customer.pk: "anna"}), now=NOW, by=KATA)
    delete_customer("anna", now=NOW, by=KATA)

    assert not SilencedCustomer.objects.exists()
    (known,) = silences_at(NOW)
    assert (known.reaches_all, known.customers) == (False, frozenset())  # it does not become one for all


@pytest.mark.parametrize(
    "columns",
    [{"weekdays": 128}, {"from_minute": 1440}, {"to_minute": 1441}, {"reach": "tag"}, {"tag": "digi"}],
)
def test_the_database_refuses_what_cannot_be(columns: dict[str, object]) -> None:
    plain = {"why": "so", "reach": "all", "from_at": TWO_HOURS.from_at, "made_at": NOW, "made_by": "kata"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Silence.objects.create(**{**plain, **columns})
