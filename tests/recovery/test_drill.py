from datetime import timedelta

import pytest
from tests.build import NOW, make_customer

from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry
from felhom_hub.recovery.drill import SCHEDULE, note_try, record_drill
from felhom_hub.recovery.drill_outcome import Outcome, Result
from felhom_hub.recovery.models import Drill, DrillTry

pytestmark = pytest.mark.django_db

FOUND = ("hdd1 (UUID 1111) was not found", "Immich cannot be restored")


def test_a_drill_is_recorded_with_all_that_it_has_shown() -> None:
    outcome = Outcome(Result.GAPS, FOUND, 7, 2, 3, 4, 5)
    record_drill(make_customer("nagy"), outcome, started_at=NOW, took=timedelta(seconds=1.5), by=COMMAND_LINE)

    columns = ("customer__customer_id", "started_at", "duration_ms", "actor", "result", "gaps", "snapshot_version")
    counts = ("disks_matched", "disks_described", "stacks_planned", "stacks_all")
    assert Drill.objects.values_list(*columns, *counts).get() == (
        *("nagy", NOW, 1500, "command line", "gaps", list(FOUND), 7),
        *(2, 3, 4, 5),
    )


@pytest.mark.parametrize(
    ("outcome", "detail"),
    [
        (Outcome(Result.PASSED), "passed"),
        (Outcome(Result.GAPS, FOUND), "with gaps: 2 findings"),
        (Outcome(Result.FAILED, FOUND[:1]), "failed: 1 finding"),
    ],
)
def test_the_audit_says_how_it_ended_when_it_was_over(outcome: Outcome, detail: str) -> None:
    record_drill(make_customer("nagy"), outcome, started_at=NOW, took=timedelta(seconds=2), by=SCHEDULE)

    assert AuditEntry.objects.values_list("action", "customer_id", "actor", "detail", "at").get() == (
        *("drill_done", "nagy", "schedule", detail),
        NOW + timedelta(seconds=2),
    )


def test_a_clock_that_was_set_back_meanwhile_makes_no_negative_time() -> None:
    drill = record_drill(make_customer("nagy"), Outcome(Result.PASSED), started_at=NOW, took=timedelta(-1), by=SCHEDULE)

    assert (drill.duration_ms, str(drill)) == (0, f"drill of customer {drill.customer_id}: passed")


def test_a_try_is_kept_until_a_drill_is_held() -> None:
    customer = make_customer("nagy")
    note_try(customer, now=NOW)
    note_try(customer, now=NOW + timedelta(minutes=10))
    assert DrillTry.objects.values_list("tried_at").get() == (NOW + timedelta(minutes=10),)

    record_drill(customer, Outcome(Result.FAILED), started_at=NOW, took=timedelta(0), by=COMMAND_LINE)

    assert not DrillTry.objects.exists()
