from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from tests.build import NOW, make_customer

from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.recovery.drill import record_drill
from felhom_hub.recovery.drill_outcome import Outcome, Result
from felhom_hub.recovery.drill_words import DrillShown, shown, took_words

pytestmark = pytest.mark.django_db


def of(outcome: Outcome, **columns: Any) -> DrillShown:
    customer = make_customer("nagy", **columns)
    took = timedelta(milliseconds=1240)
    return shown(record_drill(customer, outcome, started_at=NOW, took=took, by=COMMAND_LINE))


def test_a_drill_that_passed_is_said_in_words() -> None:
    assert of(Outcome(Result.PASSED, [], 7, 3, 3, 5, 5), name="Nagy Anna") == DrillShown(
        "nagy", "Nagy Anna", NOW, "command line", "ok", "Passed", "1.2 s",
        "5 of 5 apps can be restored", "3 of 3 found", 7, [], 0,
    )  # fmt: skip


def test_of_many_findings_the_first_are_shown_and_the_rest_counted() -> None:
    found = of(Outcome(Result.GAPS, [f"gap {number}" for number in range(8)], 7, 1, 3, 4, 5))

    assert (found.tone, found.result, found.name, found.is_passed) == ("warn", "With gaps", "nagy", False)
    assert (found.found, found.more) == (["gap 0", "gap 1", "gap 2", "gap 3", "gap 4"], 3)


def test_what_nothing_is_known_of_is_not_said() -> None:
    found = of(Outcome(Result.FAILED, ["The hub answered 403"]))

    assert (found.tone, found.result, found.apps, found.disks, found.snapshot_version) == (
        *("down", "Failed", "", ""),
        None,
    )


@pytest.mark.parametrize(
    ("milliseconds", "words"), [(0, "0.0 s"), (1240, "1.2 s"), (59_940, "59.9 s"), (150_000, "2 min")]
)
def test_short_times_are_told_in_seconds(milliseconds: int, words: str) -> None:
    assert took_words(milliseconds) == words


def test_the_fleets_card_tells_of_the_last_drill_or_how_to_make_one() -> None:
    drill = of(Outcome(Result.GAPS, ["<b>hdd1</b> was not found"] * 7, 7, 2, 3, 4, 5), name="Nagy Anna")
    html = " ".join(render_to_string("recovery/last_drill.html", {"drill": drill}).split())

    assert '<a href="/customers/nagy#recovery"><bdi>Nagy Anna</bdi></a>' in html
    assert "With gaps after 1.2 s, 4 of 5 apps can be restored" in html
    assert "&lt;b&gt;hdd1&lt;/b&gt; was not found" in html
    assert "and 2 findings more" in html
    assert "felhom-hub drill --all" in render_to_string("recovery/last_drill.html", {"drill": None})
