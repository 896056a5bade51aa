"""The guide docs/moving-in.md, word for word: its commands, in its order, on a Go hub's directory."""

import json
import signal
import sys
from pathlib import Path

import bcrypt
import pytest
from tests.cli.processes import SECONDS, next_line, port_in, report_status, sign_in, started, wait_until_healthy
from tests.documents import Shell, command_blocks
from tests.legacy.go_hub import API_KEY, LAST, GoHub, a_config, a_report, an_event, times
from tests.structure.files import ROOT

_FUNCTION = f'felhom-hub() {{ {sys.executable} -m felhom_hub.cli "$@"; }}\n'
_PASSWORD = "the password of the Go hub"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """As the Go hub leaves it, with a hub.yaml of its own keys and a second one for the trial."""
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
    return tmp_path


@pytest.mark.sqlite_only
def test_the_guide_and_its_way_back(directory: Path) -> None:
    look, put_aside, move, kept, back = [each.text for each in command_blocks(ROOT / "docs" / "moving-in.md")]
    shell = Shell(directory, _FUNCTION)
    before = (directory / "hub.db").read_bytes()
    with started(directory, "serve", "--config", "hub-trial.yaml") as trial:
        wait_until_healthy(trial, port_in(next_line(trial)))
        trial.send_signal(signal.SIGTERM)
        assert trial.wait(SECONDS) == 0
    assert "reports: 96 rows" in shell.run(look)
    shell.run(put_aside)
    with started(directory, "serve", "--config", "hub.yaml") as hub:
        port = port_in(next_line(hub))
        wait_until_healthy(hub, port)
        assert report_status(port, API_KEY, "kovacs-peter") == 401  # and it comes again

        assert ["reports", "96", "96", "0", "0", "0"] in [line.split() for line in shell.run(move).splitlines()]

        assert report_status(port, API_KEY, "kovacs-peter") == 200
        assert sign_in(port, _PASSWORD) == 303
        (line,) = shell.run(kept).splitlines()
        assert json.loads(line)["values"]["note"] == "by hand"
        hub.send_signal(signal.SIGTERM)
        assert hub.wait(SECONDS) == 0
    shell.run(back)
    assert (directory / "hub.db").read_bytes() == before
    assert (directory / "new" / "hub.db").exists()
