"""A controller takes a rotated key over with its configuration, and goes on when the old key is revoked."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.controller.cli.commands import CONTROLLER, address_in
from tests.servers import forked
from tests.servers.hub import Hub, free_port, running_hub
from tests.structure.callers import add_customer, run, want_config

CUSTOMER = "kiss-foto"
BOX = f"/customers/{CUSTOMER}"
KEYS = "SELECT count(*) FROM customers_credential WHERE kind = 'api_key' AND revoked_at IS NULL"
REPORTS = "SELECT count(*) FROM reports_report"
PUSHES = "SELECT kind, state FROM boxes_call ORDER BY id"
# How a real controller and a simulated one are told whose key it is.
Started = Callable[[Hub, str, Path], list[str]]


def pressed(hub: Hub, path: str, **fields: str) -> int:
    """The button of a page; nobody has to sign in to this hub."""
    form = "application/x-www-form-urlencoded"
    return hub.post(path, urlencode(fields).encode(), key=None, Content_Type=form).status


def rotate(hub: Hub) -> str:
    """The customer's new key; the old one holds for a week."""
    rotated: dict[str, str] = json.loads(run(hub, "customer", "rotate-key", CUSTOMER, "--json"))
    return rotated["api_key"]


def revoke_the_old_one(hub: Hub) -> None:
    run(hub, "customer", "revoke-key", CUSTOMER, "--all-but-newest")
    assert hub.rows(KEYS) == [(1,)]


def real_box(hub: Hub, key: str, directory: Path) -> list[str]:
    """`felhom-controller run` with its key in a file."""
    (directory / "key").write_text(key)
    url = f"http://127.0.0.1:{hub.port}"
    arguments = ("run", "--hub", url, "--customer-id", CUSTOMER, "--key-file", str(directory / "key"))
    return [*CONTROLLER, *arguments, "--state-dir", str(directory / "state")]


def simulated_box(hub: Hub, key: str, directory: Path) -> list[str]:
    """`felhom-controller fleet` of one, with the customer's own key in `--keys`."""
    (directory / "keys.json").write_text(json.dumps({CUSTOMER: key}))
    arguments = ("fleet", "--hub", f"http://127.0.0.1:{hub.port}", "--count", "1", "--spread", "0s", "--events")
    own = ("--keys", str(directory / "keys.json"), "--state-dir", str(directory / "state"))
    return [*CONTROLLER, *arguments, *own]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub that may call loopback addresses, and in which nobody signs in."""
    settings: dict[str, object] = {
        "auth.password_hash": "",
        "controllers.allow_http": True,
        "controllers.allowed_networks": "127.0.0.0/8",
    }
    with running_hub(tmp_path, settings=settings) as running:
        yield running


def bare() -> dict[str, str]:
    """An environment in which no key is named."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_")}


def goes_on(hub: Hub) -> None:
    """Two more reports are taken: one may have been on its way."""
    before = hub.rows(REPORTS)[0][0]
    hub.wait_until(lambda: hub.rows(REPORTS)[0][0] >= before + 2, "reports with the new key")


@pytest.mark.parametrize("box", [real_box, simulated_box])
def test_after_a_push_the_new_key_is_used(hub: Hub, tmp_path: Path, box: Started) -> None:
    command = [*box(hub, add_customer(hub, CUSTOMER)["api_key"], tmp_path), "--interval", "300ms"]
    free = free_port()
    command += ["--listen", f"127.0.0.1:{free}"]
    if box is real_box:
        command += ["--url", f"http://127.0.0.1:{free}"]
    with forked.start(command, env=bare(), stderr=subprocess.PIPE) as controller:
        try:
            url = f"http://{address_in(controller)}" + ("" if box is real_box else f"/{CUSTOMER}")
            goes_on(hub)
            rotate(hub)
            assert pressed(hub, f"{BOX}/confirm-host", controller_url=url) == 303
            assert pressed(hub, f"{BOX}/push") == 303
            hub.wait_until(lambda: hub.rows(PUSHES) == [("push", "done")], "the push to be done")

            revoke_the_old_one(hub)

            goes_on(hub)
            assert pressed(hub, f"{BOX}/push") == 303
            hub.wait_until(lambda: hub.rows(PUSHES) == [("push", "done")] * 2, "the box to let the hub in")
        finally:
            controller.kill()


@pytest.mark.parametrize("box", [real_box, simulated_box])
def test_after_the_pending_configuration_the_new_key_is_used(hub: Hub, tmp_path: Path, box: Started) -> None:
    key = add_customer(hub, CUSTOMER)["api_key"]
    command = [*box(hub, key, tmp_path), "--interval", "300ms"]
    with forked.start(command, env=bare()) as controller:
        try:
            goes_on(hub)
            new = rotate(hub)
            want_config(hub, CUSTOMER)
            files = tmp_path / "state"
            hub.wait_until(lambda: any(new in each.read_text() for each in files.rglob("controller.yaml")), "the file")

            revoke_the_old_one(hub)

            goes_on(hub)
        finally:
            controller.kill()

    # What it is started with is old now, and the file's newer.
    with forked.start(command, env=bare()) as again:
        try:
            goes_on(hub)
        finally:
            again.kill()
