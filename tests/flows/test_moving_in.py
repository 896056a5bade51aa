"""The guide docs/moving-in.md, word for word: its commands, in its order, on a Go hub's directory."""

import json
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import bcrypt
import pytest
from tests.build import NOW
from tests.cli.processes import SECONDS, next_line, port_in, report_status, sign_in, started, wait_until_healthy
from tests.documents import Shell, command_blocks
from tests.legacy.go_hub import API_KEY, LAST, GoHub, a_config, a_report, an_event, times
from tests.servers.forked import Process
from tests.structure.files import ROOT

from felhom_hub.base.instants import rfc3339

_FUNCTION = f'felhom-hub() {{ {sys.executable} -m felhom_hub.cli "$@"; }}\n'
_NEW_KEY = "n" * 32
_PASSWORD = "the password of the Go hub"


@pytest.fixture
def go_hub(tmp_path: Path) -> GoHub:
    """In the directory of the Go hub, with a hub.yaml of its own keys and a second one for the trial."""
    hub = GoHub(tmp_path / "hub.db", LAST)
    hub.put("customer_configs", a_config())
    hub.put("reports", *(a_report("kovacs-peter", at) for at in times(96)))
    hub.put("events", *(an_event("kovacs-peter", at) for at in times(3)))
    hub.put("schema_notes", {"note": "by hand"})
    hashed = bcrypt.hashpw(_PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    for name, data_dir in (("hub.yaml", tmp_path), ("hub-trial.yaml", tmp_path / "trial")):
        (tmp_path / name).write_text(
            f"auth: {{password_hash: '{hashed}'}}\napi: {{report_api_key: old-global-key}}\n"
            f"alerting: {{stale_threshold: 30m}}\nserver: {{listen: '127.0.0.1:0', data_dir: '{data_dir}'}}\n",
            encoding="utf-8",
        )
    return hub


def came_of(said: str, table: str) -> list[int]:
    """The numbers in the table's line of the reconciliation."""
    (line,) = [line.split() for line in said.splitlines() if line.startswith(f"{table} ")]
    return [int(number) for number in line[1:]]


def stop(hub: Process) -> None:
    hub.send_signal(signal.SIGTERM)
    assert hub.wait(SECONDS) == 0


@pytest.mark.sqlite_only
def test_the_guide_its_way_back_and_the_second_move(go_hub: GoHub) -> None:
    look, put_aside, move, kept, back, swap, move_again = [
        each.text for each in command_blocks(ROOT / "docs" / "moving-in.md")
    ]
    directory = go_hub.path.parent
    shell = Shell(directory, _FUNCTION)
    before = (directory / "hub.db").read_bytes()
    with started(directory, "serve", "--config", "hub-trial.yaml") as trial:
        wait_until_healthy(trial, port_in(next_line(trial)))
        stop(trial)
    assert "reports: 96 rows" in shell.run(look)
    shell.run(put_aside)
    with started(directory, "serve", "--config", "hub.yaml") as hub:
        port = port_in(next_line(hub))
        wait_until_healthy(hub, port)
        assert report_status(port, API_KEY, "kovacs-peter") == 401  # and it comes again

        assert came_of(shell.run(move), "reports") == [96, 96, 0, 0, 0]

        assert report_status(port, API_KEY, "kovacs-peter", timestamp=rfc3339(NOW + timedelta(minutes=5))) == 200
        assert sign_in(port, _PASSWORD) == 303
        (line,) = shell.run(kept).splitlines()
        assert json.loads(line)["values"]["note"] == "by hand"
        stop(hub)
    shell.run(back)
    assert (directory / "hub.db").read_bytes() == before
    assert (directory / "new" / "hub.db").exists()

    # The Go hub goes on for a while.
    later = NOW + timedelta(hours=1)
    go_hub.put("reports", *(a_report("kovacs-peter", at) for at in times(4, until=later)))
    go_hub.put("events", an_event("kovacs-peter", later))
    go_hub.put("customer_configs", a_config("toth-bela", api_key=_NEW_KEY))
    shell.run(swap)
    with started(directory, "serve", "--config", "hub.yaml") as hub:
        port = port_in(next_line(hub))
        wait_until_healthy(hub, port)
        assert report_status(port, API_KEY, "kovacs-peter", timestamp=rfc3339(NOW + timedelta(hours=2))) == 200

        said = shell.run(move_again)

        assert came_of(said, "reports") == [100, 100, 0, 0, 0]
        assert came_of(said, "events") == [4, 4, 0, 0, 0]
        assert came_of(said, "customer_configs") == [2, 1, 1, 0, 0]
        assert report_status(port, _NEW_KEY, "toth-bela") == 200
        (line,) = shell.run(kept).splitlines()
        stop(hub)
    # With the three that came here, before the way back and after it.
    with closing(sqlite3.connect(directory / "hub.db")) as connection:
        assert connection.execute("SELECT count(*) FROM reports_report").fetchone() == (103,)
    assert not (directory / "new").exists()
