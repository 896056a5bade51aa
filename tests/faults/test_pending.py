"""A controller is killed while it takes the configuration that the hub offers: its file is whole, and it ends well."""

import os
import signal
import sys
from pathlib import Path

import pytest
from tests.servers import forked
from tests.servers.hub import Hub
from tests.structure.callers import add_customer

# The controller as it is, but for its death by SIGKILL at the moment that is its first argument.
_DYING = """
import os, signal, sys
from felhom_controller import client, files
from felhom_controller.cli import main

moment, is_written = sys.argv.pop(1), False
read, write, sync = client._read_bounded, files.write_synced, files.sync_directory

def die_at(here):
    if moment == here:
        os.kill(os.getpid(), signal.SIGKILL)

def read_bounded(response, limit_bytes):
    if moment == "half is fetched" and "/pending/" in response.url:
        response.read1(100)
        die_at(moment)
    return read(response, limit_bytes)

def write_synced(path, content):
    global is_written
    kind = "previous" if ".yaml.previous." in path.name else "file" if ".yaml." in path.name else ""
    if kind and moment == f"half of the {kind} is written":
        path.write_bytes(content[:len(content) // 2])
        die_at(moment)
    write(path, content)
    is_written = is_written or kind == "file"
    if kind:
        die_at(f"the {kind} is written")

def sync_directory(directory):
    if is_written:
        die_at("the file has its name")
    sync(directory)

client._read_bounded, files.write_synced, files.sync_directory = read_bounded, write_synced, sync_directory
main()
"""
MOMENTS = (
    "half is fetched",
    pytest.param("half of the previous is written", marks=pytest.mark.long),
    pytest.param("the previous is written", marks=pytest.mark.long),
    "half of the file is written",
    pytest.param("the file is written", marks=pytest.mark.long),
    "the file has its name",
)
WISH = """
    SELECT push_wanted_at IS NOT NULL, config_hash = expected_hash FROM reports_nodestate
    JOIN customers_customer ON customers_customer.id = reports_nodestate.customer_id
    WHERE customers_customer.customer_id = '{}'
"""
CALLS = """
    SELECT kind, state FROM boxes_call JOIN customers_customer ON customers_customer.id = boxes_call.customer_id
    WHERE customers_customer.customer_id = '{}'
"""


def report_once(hub: Hub, customer_id: str, key: str, state: Path, *program: str) -> int:
    """The controller has started, reported, done what is wanted and ended, or died; its exit status."""
    address = f"http://127.0.0.1:{hub.port}"
    command = [sys.executable, *(program or ("-m", "felhom_controller")), "run", "--hub", address]
    environment = {**os.environ, "FELHOM_CONTROLLER_KEY": key}
    once = ["--customer-id", customer_id, "--state-dir", str(state), "--once"]
    done = forked.run([*command, *once], env=environment)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_9_while_a_pending_configuration_is_taken(hub: Hub, tmp_path: Path, moment: str) -> None:
    name = moment.replace(" ", "-")
    key = add_customer(hub, name)["api_key"]
    live, old = tmp_path / "controller.yaml", f"customer: {{id: {name}}}\n".encode()
    live.write_bytes(old)
    wish, calls, path = WISH.format(name), CALLS.format(name), f"/api/v1/pending/{name}/config"
    assert report_once(hub, name, key, tmp_path) == 0
    form = "application/x-www-form-urlencoded"
    assert hub.post(f"/customers/{name}/push", b"", key=None, Content_Type=form).status == 303
    hub.wait_until(lambda: hub.rows(calls) == [("push", "left")], "the push to be left for the next report")
    offered = hub.get(path, key=key).body

    assert report_once(hub, name, key, tmp_path, "-c", _DYING, moment) == -signal.SIGKILL

    assert live.read_bytes() == (offered if moment == "the file has its name" else old)
    assert hub.rows(wish) == [(1, 0)]
    assert hub.rows(calls) == [("push", "left")]

    assert report_once(hub, name, key, tmp_path) == 0

    assert live.read_bytes() == offered
    assert (tmp_path / "controller.yaml.previous").read_bytes() == old
    assert hub.rows(wish) == [(0, 1)]
    hub.wait_until(lambda: hub.rows(calls) == [("push", "done")], "the push to be noted as done")
    assert hub.get(path, key=key).status == 409
    assert report_once(hub, name, key, tmp_path) == 0
    assert (hub.rows(wish), hub.rows(calls)) == ([(0, 1)], [("push", "done")])
