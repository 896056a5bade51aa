"""kill -9 in the middle of moving a Go hub's database in, and a second try."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.legacy.go_hub import LAST, GoHub, a_config, a_report, an_event, times
from tests.servers.hub import Hub
from tests.structure.callers import run_python, start_python

SECONDS = 120
REPORTS, EVENTS = 3000, 3000


@pytest.fixture
def go_hub(tmp_path: Path) -> GoHub:
    """With enough to be killed in."""
    made = GoHub(tmp_path / "go.db", LAST)
    made.put("customer_configs", a_config())
    made.put("reports", *(a_report("kovacs-peter", at) for at in times(REPORTS)))
    made.put("events", *(an_event("kovacs-peter", at) for at in times(EVENTS)))
    made.put("schema_notes", *({"note": str(number)} for number in range(500)))
    return made


@pytest.mark.parametrize("table", ["reports_report", "events_event", "legacy_keptrows"])
def test_kill_9_in_the_middle_loses_and_doubles_nothing(new_hub: Callable[..., Hub], go_hub: GoHub, table: str) -> None:
    hub = new_hub()
    hub.start()
    moving = start_python(hub, "-m", "felhom_hub.cli", "import-go", str(go_hub.path))
    deadline = time.monotonic() + SECONDS
    while hub.rows(f"SELECT count(*) FROM {table}") == [(0,)]:  # noqa: S608 - from above
        assert moving.poll() is None
        assert time.monotonic() < deadline
    moving.send_signal(signal.SIGKILL)
    moving.wait(SECONDS)

    done = json.loads(run_python(hub, "-m", "felhom_hub.cli", "import-go", str(go_hub.path), "--json"))

    tables = {each["table"]: (each["rows"], each["stored"], each["not_understood"]) for each in done["tables"]}
    assert tables["reports"] == (REPORTS, REPORTS, 0)
    assert tables["events"] == (EVENTS, EVENTS, 0)
    assert tables["schema_notes"] == (500, 0, 500)
    assert hub.rows("SELECT count(*) FROM reports_report") == [(REPORTS,)]
    assert hub.rows("SELECT count(*) FROM events_event WHERE source = 'controller'") == [(EVENTS,)]
    assert hub.rows("SELECT sum(rows) FROM legacy_keptrows WHERE \"table\" = 'schema_notes'") == [(500,)]
    assert hub.rows("SELECT count(*) FROM customers_customer WHERE is_managed") == [(1,)]
