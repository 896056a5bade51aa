from pathlib import Path

import pytest
from tests.build import NOW
from tests.legacy.go_hub import LAST, GoHub, a_report, an_event

from felhom_hub.legacy.columns import MEANINGS
from felhom_hub.legacy.models import MovedTable
from felhom_hub.legacy.plan import STEPS, Table, plan_of
from felhom_hub.legacy.source import open_source

pytestmark = pytest.mark.django_db


def planned(hub: GoHub) -> dict[str, Table]:
    with open_source(hub.path) as source:
        return {table.name: table for table in plan_of(source)}


def test_every_meaning_has_a_step() -> None:
    assert list(STEPS) == list(MEANINGS)


def test_tables_come_in_order_with_what_is_not_understood_last(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", LAST)
    hub.put("reports", a_report("a", NOW))
    hub.run("ALTER TABLE events RENAME COLUMN event_type TO what")

    found = planned(hub)

    assert list(found) == [*(name for name in STEPS if name in LAST.tables), "schema_notes"]
    assert (found["reports"].rows, found["reports"].problem) == (1, "")
    assert found["events"].problem == "no column was found for event_type"
    assert found["schema_notes"].problem == "the table is not known here"


def test_only_what_is_new_is_counted_but_for_rows_that_the_go_hub_changes(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", LAST)
    hub.put("events", *(an_event("a", NOW) for _ in range(5)))
    hub.put("customer_configs", {"customer_id": "a"})
    for name in ("events", "customer_configs"):
        MovedTable.objects.create(name=name, through=3, moved_at=NOW)

    found = planned(hub)

    assert (found["events"].rows, found["events"].through) == (2, 3)
    assert (found["customer_configs"].rows, found["customer_configs"].through) == (1, 0)
