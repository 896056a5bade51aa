import signal
import subprocess
from pathlib import Path
from typing import Any

import msgspec
from tests.controller.cli.commands import CONTROLLER, SECONDS, address_in, applied, ended, environment, started
from tests.controller.loopback import LoopbackHub, Request
from tests.servers import forked


def test_a_simulated_fleet_reports_for_its_time_and_sums_up(hub: LoopbackHub) -> None:
    done = ended("fleet", "--hub", hub.url, "--count", "24", "--spread", "100ms", "--for", "5s", "--json")
    assert (done.returncode, msgspec.json.decode(done.stdout, type=dict[str, Any])) == (
        0,
        {"answers": {"200": 24}, "events": 0, "silences": 0},
    )


def test_a_fleet_stops_at_sigterm(hub: LoopbackHub) -> None:
    with started("fleet", "--hub", hub.url, "--count", "3", "--spread", "0s") as fleet:
        try:
            hub.wait_until(lambda requests: len(requests) >= 3)
            fleet.send_signal(signal.SIGTERM)
            assert fleet.wait(SECONDS) == 0
        finally:
            fleet.kill()


def test_keys_come_from_files_as_well(hub: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / "common").write_text("common-key\n")
    (tmp_path / "own.json").write_text('{"kiss-foto": "own-key"}')
    done = ended(
        "fleet", "--hub", hub.url, "--count", "2", "--spread", "0s", "--for", "4s",
        "--key-file", str(tmp_path / "common"), "--keys", str(tmp_path / "own.json"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    keys = {request.members["customer_id"]: request.authorization for request in hub.requests}
    assert keys == {"kiss-foto": "Bearer own-key", "papp-boraszat": "Bearer common-key"}


def _versions_of(customer_id: str, sent: list[Request]) -> set[str]:
    reports = (request.members for request in sent)
    return {report["controller_version"] for report in reports if report["customer_id"] == customer_id}


def test_a_simulated_machine_is_reached_under_its_reported_address(hub: LoopbackHub) -> None:
    arguments = ("fleet", "--hub", hub.url, "--count", "2", "--spread", "0s", "--interval", "300ms")
    with forked.start(
        [*CONTROLLER, *arguments, "--listen", "127.0.0.1:0"], env=environment(), stderr=subprocess.PIPE
    ) as fleet:
        try:
            address = address_in(fleet)
            first = hub.wait_until(lambda sent: any(one.members["customer_id"] == "kiss-foto" for one in sent))
            report = next(one.members for one in first if one.members["customer_id"] == "kiss-foto")
            assert report["controller_url"] == f"http://{address}/kiss-foto"
            assert applied(address, "/kiss-foto/api/selfupdate/update", b"{}") == (200, {"ok": True})
            hub.wait_until(lambda sent: len(_versions_of("kiss-foto", sent)) > 1)
        finally:
            fleet.kill()


def test_a_state_directory_that_cannot_be_is_named(hub: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = ended(
        "fleet", "--hub", hub.url, "--count", "1", "--for", "1s",
        "--listen", "127.0.0.1:0", "--state-dir", str(tmp_path / "file"),
    )  # fmt: skip
    line = f"felhom-controller: the state directory {tmp_path / 'file'} cannot be written: File exists\n"
    assert (done.returncode, done.stderr, hub.requests) == (2, line, [])
