from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.silences.silences import KATA, TWO_HOURS, ZONE, made

from felhom_hub.base.errors import NotFound
from felhom_hub.operators.models import AuditEntry
from felhom_hub.silences.change import Changed, as_changed, change_silence
from felhom_hub.silences.models import Silence
from felhom_hub.silences.queries import lasting_silence
from felhom_hub.silences.record import end_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
AS_MADE = Changed("House move", frozenset(), is_for_customers=True, schedule=TWO_HOURS)


def change(number: int, **members: Any) -> bool:
    return change_silence(number, replace(AS_MADE, **members), now=NOW, by=KATA, zone=ZONE)


def details() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(action="silence_changed").values_list("customer_id", "detail"))


def test_a_changed_silence_is_so_from_then_on_and_for_the_same_servers() -> None:
    anna = make_customer("anna")
    number = made({anna.pk: "anna"})
    wanted = Changed(
        "Longer", frozenset(("group:node",)), is_for_customers=False,
        schedule=Schedule(NOW, None, frozenset((2, 6)), 90, 210),
    )  # fmt: skip

    assert change_silence(number, wanted, now=NOW, by=KATA, zone=ZONE)

    found = lasting_silence(number, NOW, ZONE)
    assert found is not None
    assert (as_changed(found.known), found.known.customers, found.known.made_by) == (
        wanted,
        frozenset((anna.pk,)),
        "kata",
    )
    (entry,) = details()
    assert entry[0] == "anna"
    assert entry[1].split("; ") == [
        "Longer: reason: Longer (was House move)",
        "types: server silent (was all types)",
        "for: the operator alone (was operator and customer)",
        "when: Wed, Sun 01:30 to 03:30 (was 23 Nov 2026, 13:00 to 23 Nov 2026, 15:00)",
    ]


def test_the_audit_says_what_changed_and_nothing_else() -> None:
    number = made()

    assert change(number, schedule=Schedule(NOW, NOW + 3 * HOUR))

    was, now = "23 Nov 2026, 13:00 to 23 Nov 2026, 15:00", "23 Nov 2026, 13:00 to 23 Nov 2026, 16:00"
    assert details() == [("", f"House move: when: {now} (was {was})")]


def test_what_is_saved_unchanged_is_no_change() -> None:
    number = made()

    assert not change(number)
    assert details() == []


@pytest.mark.parametrize("kind", ["none", "ended", "over"])
def test_what_is_over_cannot_be_changed(kind: str) -> None:
    number = made(schedule=Schedule(NOW - 2 * HOUR, NOW if kind == "over" else NOW + HOUR))
    if kind == "ended":
        end_silence(number, now=NOW, by=KATA)
    before = Silence.objects.values().get()

    with pytest.raises(NotFound, match=f"There is no silence {number if kind != 'none' else 7}, or it has ended"):
        change(7 if kind == "none" else number, why="Another")

    assert (Silence.objects.values().get(), details()) == (before, [])
