"""A box that the hub cannot call fetches what the operator wants of it, says so at once, and is told no more."""

import json
import os
import sys
from pathlib import Path

from tests.servers import forked
from tests.servers.hub import Hub
from tests.structure.callers import add_customer, want_config

WISH = "SELECT push_wanted_at IS NULL, config_hash = expected_hash FROM reports_nodestate"


def report_once(hub: Hub, key: str, state: Path) -> None:
    """What a real controller does at its start."""
    command = [
        sys.executable,
        "-m",
        "felhom_controller",
        "run",
        "--hub",
        f"http://127.0.0.1:{hub.port}",
        "--customer-id",
        "behind-nat",
    ]
    key_of_box = {**os.environ, "FELHOM_CONTROLLER_KEY": key}
    done = forked.run([*command, "--state-dir", str(state), "--once"], env=key_of_box)
    assert done.returncode == 0, done.stderr


def test_a_controller_acts_on_the_answer_to_its_report(hub: Hub, tmp_path: Path) -> None:
    made = add_customer(hub, "behind-nat")
    report_once(hub, made["api_key"], tmp_path)
    assert not (tmp_path / "controller.yaml").exists()
    want_config(hub, "behind-nat")
    offered = hub.get("/api/v1/pending/behind-nat/config", key=made["api_key"])

    report_once(hub, made["api_key"], tmp_path)

    assert (tmp_path / "controller.yaml").read_bytes() == offered.body
    assert made["api_key"] in offered.body.decode()
    assert hub.rows(WISH) == [(1, 1)]
    assert hub.get("/api/v1/pending/behind-nat/config", key=made["api_key"]).status == 409
    plain = json.dumps({"customer_id": "behind-nat"}).encode()
    assert hub.post("/api/v1/report", plain, key=made["api_key"]).document == {"ok": True}
