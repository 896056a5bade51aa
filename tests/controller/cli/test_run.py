import hashlib
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.controller.cli.commands import CONTROLLER, KEY, SECONDS, address_in, applied, ended, environment, started
from tests.controller.loopback import LoopbackHub, Told, running_hub
from tests.servers import forked

from felhom_controller import __version__

RUN = ("run", "--hub", "http://127.0.0.1:9", "--customer-id", "a")


def test_one_report_is_sent_with_the_real_machine(hub: LoopbackHub, tmp_path: Path) -> None:
    done = ended("run", "--hub", hub.url, "--customer-id", "ez-a-gep", "--state-dir", str(tmp_path), "--once")
    assert done.returncode == 0, done.stderr
    request = hub.requests[0]
    assert (request.authorization, request.members["controller_version"]) == (f"Bearer {KEY}", f"v{__version__}")
    assert request.members["system"]["memory_total_mb"] > 0


def test_a_refused_report_is_one_plain_line_and_status_1(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.usual = Told(401, b'{"ok": false, "error": "unknown key"}')
    done = ended("run", "--hub", hub.url, "--customer-id", "a", "--state-dir", str(tmp_path), "--once")
    assert (done.returncode, done.stderr) == (1, "felhom-controller: the hub answered 401: unknown key\n")


def test_a_running_controller_reports_and_stops_at_sigterm(hub: LoopbackHub, tmp_path: Path) -> None:
    arguments = ("run", "--hub", hub.url, "--customer-id", "a", "--state-dir", str(tmp_path), "--interval", "200ms")
    with started(*arguments) as controller:
        try:
            hub.wait_until(lambda requests: len(requests) >= 3)
            asked_at = time.monotonic()
            controller.send_signal(signal.SIGTERM)
            assert controller.wait(SECONDS) == 0
            assert time.monotonic() - asked_at < 10
        finally:
            controller.kill()


def test_events_of_an_outage_survive_a_kill(tmp_path: Path) -> None:
    with running_hub() as gone:
        url = gone.url
    arguments = ("run", "--hub", url, "--customer-id", "a", "--state-dir", str(tmp_path))
    with started(*arguments) as controller:
        for number in range(3):
            done = ended(
                "event", "--customer-id", "a", "--type", "backup_completed", "--message", str(number),
                "--state-dir", str(tmp_path),
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
        controller.kill()
    with running_hub(int(url.rpartition(":")[2])) as hub, started(*arguments) as again:
        try:
            requests = hub.wait_until(lambda sent: sum(one.path.endswith("event") for one in sent) >= 3)
        finally:
            again.kill()
    events = [request.members["message"] for request in requests if request.path == "/api/v1/event"]
    assert events == ["0", "1", "2"]


def test_two_controllers_never_share_a_state_directory(hub: LoopbackHub, tmp_path: Path) -> None:
    arguments = ("run", "--hub", hub.url, "--customer-id", "a", "--state-dir", str(tmp_path))
    with started(*arguments) as first:
        try:
            hub.wait_until(lambda requests: len(requests) >= 1)
            done = ended(*arguments)
        finally:
            first.kill()
    sentence = f"felhom-controller: another controller runs on {tmp_path}; give each its own --state-dir\n"
    assert (done.returncode, done.stderr) == (2, sentence)


def test_a_state_directory_that_cannot_be_is_named() -> None:
    done = ended(*RUN, "--state-dir", "/dev/null/x")
    sentence = "the state directory /dev/null/x cannot be written: Not a directory; give another with --state-dir"
    assert (done.returncode, done.stderr) == (2, f"felhom-controller: {sentence}\n")


def test_without_a_key_the_command_says_where_to_put_it() -> None:
    done = ended(*RUN, FELHOM_CONTROLLER_KEY="")
    sentence = "no API key: set FELHOM_CONTROLLER_KEY, or write the key to a file and give --key-file"
    assert (done.returncode, done.stderr) == (2, f"felhom-controller: {sentence}\n")


def test_an_applied_configuration_shows_in_the_next_report(hub: LoopbackHub, tmp_path: Path) -> None:
    content = b"customer: {id: ez-a-gep}\n"
    digest = hashlib.sha256(content).hexdigest()
    arguments = ("run", "--hub", hub.url, "--customer-id", "ez-a-gep", "--state-dir", str(tmp_path))
    with forked.start(
        [*CONTROLLER, *arguments, "--interval", "200ms", "--listen", "127.0.0.1:0"],
        env=environment(),
        stderr=subprocess.PIPE,
    ) as controller:
        try:
            answer = applied(address_in(controller), "/api/config/apply", content)
            assert answer == (200, {"ok": True, "config_hash": digest})
            hub.wait_until(lambda sent: bool(sent) and sent[-1].members.get("config_hash") == digest)
        finally:
            controller.kill()


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--interval", "0s", "an interval of a controller is 100ms or more"),
        ("--interval", "99999999999h", "'99999999999h' is longer than a year (8760h)"),
        ("--customer-name", "\udcff", "'\\udcff' must be one line of printable characters"),
        ("--url", "nonsense", "'nonsense' is not an address; write it as https://hub.example.hu"),
    ],
)
def test_an_impossible_option_is_one_plain_line(option: str, value: str, reason: str, tmp_path: Path) -> None:
    done = ended(*RUN, "--state-dir", str(tmp_path), "--once", option, value)
    line = f"felhom-controller: Invalid value for '{option}': {reason}\n"
    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (2, line, [])
