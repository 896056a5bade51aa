"""A move from the Go hub that is repeated, broken off and resumed, or made with a copy that has other numbers."""

from pathlib import Path
from typing import Any

import pytest
from tests.build import NOW
from tests.legacy.go_hub import LAST, GoHub, a_config, a_report

from felhom_hub.legacy.kept import kept_rows
from felhom_hub.legacy.move import Moved, move_in
from felhom_hub.legacy.source import open_source

pytestmark = pytest.mark.django_db

KEPT = 10 + 10 + 450


def moved(hub: GoHub) -> Moved:
    with open_source(hub.path) as source:
        return move_in(source, now=NOW, on_rows=lambda _: None)


@pytest.fixture
def odd(tmp_path: Path) -> GoHub:
    """Of 30 customers and their wishes every third has something that is not understood."""
    hub = GoHub(tmp_path / "hub.db", LAST)
    for number in range(30):
        email = f"{number}@example.hu" if number % 3 else f"nobody {number}"
        hub.put("customer_configs", a_config(f"c{number:02}", api_key=f"{number:032}", email=email))
        hub.put("customer_notifications", {"customer_id": f"c{number:02}", "email": email})
    hub.put("reports", a_report("c00", NOW))
    hub.put("schema_notes", *({"note": str(number)} for number in range(450)))
    return hub


def kept_now() -> dict[tuple[str, int], Any]:
    """What is kept; no row may be there twice."""
    rows = list(kept_rows())
    found = {(table, row): values for table, row, values in rows}
    assert len(found) == len(rows)
    return found


def test_a_move_that_is_repeated_keeps_and_tells_the_same_again(odd: GoHub) -> None:
    first, kept = moved(odd), kept_now()
    again = moved(odd)

    assert len(kept) == KEPT
    assert len(first.notes) == 20
    assert kept["customer_configs", 1] == {"email": "nobody 0"}
    assert kept_now() == kept
    assert again.notes == first.notes
    assert [each.kept for each in again.tables] == [each.kept for each in first.tables]


@pytest.mark.parametrize("is_second", [False, True])
@pytest.mark.parametrize("after", [20, 30, 60, 261])
def test_a_move_that_is_broken_off_and_resumed_keeps_and_tells_the_same(
    odd: GoHub, after: int, *, is_second: bool
) -> None:
    if is_second:
        moved(odd)
    done = 0

    def stop(count: int) -> None:
        nonlocal done
        done += count
        if done >= after:
            raise KeyboardInterrupt

    with open_source(odd.path) as source, pytest.raises(KeyboardInterrupt):
        move_in(source, now=NOW, on_rows=stop)
    assert not is_second or len(kept_now()) == KEPT  # nothing is lost for a moment

    assert len(moved(odd).notes) == 20
    assert len(kept_now()) == KEPT


def test_a_copy_with_other_numbers_keeps_no_row_twice_and_the_last_ones_that_have_gone_as_well(odd: GoHub) -> None:
    moved(odd)
    odd.run(
        "DELETE FROM schema_notes WHERE note IN ('7', '449')",
        "DELETE FROM customer_notifications WHERE customer_id = 'c01'",
    )
    odd.run("VACUUM")  # which numbers the rows of both tables anew
    moved(odd)

    kept = kept_now()
    notes = [int(values["note"]) for (table, _), values in kept.items() if table == "schema_notes"]
    assert sorted(notes) == [number for number in range(450) if number != 7]
    emails = [values["email"] for (table, _), values in kept.items() if table == "customer_notifications"]
    assert sorted(emails) == sorted(f"nobody {number}" for number in range(0, 30, 3))
