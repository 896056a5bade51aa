"""The demo as a process: its past, its controllers, and that nothing of it outlives Ctrl-C."""

import signal
import socket
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.cli.processes import (
    SECONDS,
    ended,
    get,
    next_line,
    port_in,
    rest,
    sign_in,
    started,
    wait_until_healthy,
)
from tests.servers.forked import Process

from felhom_controller.blueprint import build_fleet
from felhom_hub.base.instants import parse_rfc3339

QUARTER = timedelta(minutes=15)
THIS_MACHINE = "this-machine"
EVERYBODY = 25  # this machine and the simulated ones
# Goal: within 20 s of the first healthy answer. The rest is for machines that are slow or busy.
REPORTED_SECONDS = 60.0
# Controllers that are too old to send one.
WITHOUT_SNAPSHOT = {each.customer_id for each in build_fleet(7, 24) if not each.behaviour.sends_snapshots}


class Demo:
    """A started demo that answers; what it printed."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.lines = [next_line(process) for _ in range(4)]
        names = ["Dashboard: ", "Password: ", "API key: ", "Ctrl-C ends the demo."]
        assert [line[: len(name)] for line, name in zip(self.lines, names, strict=True)] == names
        self.port = port_in(self.lines[0])
        self.password, self.key = (line.partition(": ")[2] for line in self.lines[1:3])
        wait_until_healthy(process, self.port)

    def read(self, path: str) -> Any:
        answer = get(self.port, f"/api/v1/customers{path}", Authorization=f"Bearer {self.key}")
        assert answer.status == 200, answer.body
        return answer.document

    def customers(self) -> dict[str, datetime]:
        """Each customer with its newest report's time."""
        return {each["customer_id"]: instant(each["last_report_at"]) for each in self.read("")["customers"]}

    def wait_for_reports_since(self, began: datetime) -> dict[str, datetime]:
        """This machine and the whole fleet have reported since; each one's time."""
        deadline = time.monotonic() + REPORTED_SECONDS
        while True:
            heard = {name: at for name, at in self.customers().items() if at >= began}
            if THIS_MACHINE in heard and len(heard) == EVERYBODY:
                return heard
            assert time.monotonic() < deadline, sorted(heard)
            time.sleep(0.2)

    def wait_for_snapshot_of(self, customer_id: str) -> dict[str, Any]:
        """What the customer's server is rebuilt from, which it sends right after a report."""
        deadline = time.monotonic() + SECONDS
        while True:
            path = f"/api/v1/infra-backup/{customer_id}"
            answer = get(self.port, path, Authorization=f"Bearer {self.key}")
            if answer.status == 200:
                document: dict[str, Any] = answer.document
                return document
            assert time.monotonic() < deadline, answer.body
            time.sleep(0.2)

    def end(self) -> list[int]:
        """Ctrl-C; the pids of its processes, which were its own and two controllers."""
        me = psutil.Process(self.process.pid)
        pids = [self.process.pid, *(child.pid for child in me.children(recursive=True))]
        self.process.send_signal(signal.SIGINT)
        rest(self.process)
        assert self.process.wait(SECONDS) == 0
        return pids


def instant(text: str) -> datetime:
    found = parse_rfc3339(text)
    assert found is not None
    return found


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def points(demo: Demo, customer_id: str, period: str) -> list[datetime]:
    return [instant(point["received_at"]) for point in demo.read(f"/{customer_id}/history?period={period}")["points"]]


def test_demo_has_its_past_when_it_answers_then_reports_and_goes_on_where_it_was(tmp_path: Path) -> None:
    arguments = ("demo", "--directory", "demo", "--port", "0", "--days", "1")
    before = datetime.now(UTC)
    with started(tmp_path, *arguments) as process:
        demo = Demo(process)
        began = datetime.now(UTC)
        fleet = sorted(name for name in demo.customers() if name != THIS_MACHINE)
        assert len(fleet) == 24
        times = [at for name in fleet for at in points(demo, name, "7d")]
        assert before - timedelta(days=1) <= min(times) <= began - timedelta(days=1) + QUARTER
        assert max(times) >= before - QUARTER
        assert sign_in(demo.port, demo.password) == 303
        manifest = get(demo.port, "/api/v1/assets/manifest", Authorization=f"Bearer {demo.key}").document
        assert "immich-logo.svg" in {file["filename"] for file in manifest["files"]}
        # Some are silent after their first report, which may come before the first healthy answer.
        heard = demo.wait_for_reports_since(before)
        senders = sorted(heard.keys() - WITHOUT_SNAPSHOT)
        snapshots = [demo.wait_for_snapshot_of(name) for name in senders]
        assert [each["customer_id"] for each in snapshots] == senders
        assert all(each["disk_layout"] for each in snapshots)
        pids = demo.end()
    assert (len(pids), alive(pids)) == (3, [])

    before = datetime.now(UTC)
    with started(tmp_path, *arguments) as process:
        again = Demo(process)
        assert {name: again.customers()[name] >= at for name, at in heard.items()} == dict.fromkeys(heard, True)
        assert min(at for name in fleet for at in points(again, name, "7d")) == min(times)
        assert (again.key == demo.key, sign_in(again.port, demo.password)) == (False, 403)
        assert sign_in(again.port, again.password) == 303
        again.wait_for_reports_since(before)
        pids = again.end()
    assert (len(pids), alive(pids)) == (3, [])


def test_ctrl_c_at_any_moment_leaves_no_process_behind(tmp_path: Path) -> None:
    with started(tmp_path, "demo", "--directory", "demo", "--port", "0", "--days", "1") as process:
        next_line(process)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        rest(process)
        # By the signal itself in the first moments; not by the kill that ends what did not heed it.
        assert process.wait(SECONDS) in (0, 1, 128 + signal.SIGINT, -signal.SIGINT)

    assert alive([process.pid, *(child.pid for child in children)]) == []
    assert [each.pid for each in psutil.process_iter() if is_at_work_in(each, tmp_path)] == []


def is_at_work_in(process: psutil.Process, directory: Path) -> bool:
    try:
        return process.cwd() == str(directory)
    except psutil.Error:
        return False


def test_settings_of_the_environment_and_of_another_hub_are_left_alone(tmp_path: Path) -> None:
    other = "server:\n  listen: nowhere\n"
    (tmp_path / "hub.yaml").write_text(other, encoding="utf-8")
    variables = {"FELHOM_HUB_SERVER__DATA_DIR": str(tmp_path / "another"), "FELHOM_HUB_CONFIG": "hub.yaml"}
    with started(tmp_path, "demo", "--directory", "demo", "--port", "0", "--days", "1", **variables) as process:
        Demo(process).end()

    assert (tmp_path / "hub.yaml").read_text(encoding="utf-8") == other
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "errors.log", "hub.yaml"]
    assert (tmp_path / "demo").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "demo" / "hub.yaml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--directory", "file"), "Invalid value for '--directory': Directory 'file' is a file."),
        (("--directory", "file/demo"), "{}/file/demo: Not a directory"),
        (("--port", "65536"), "Invalid value for '--port': 65536 is not in the range 0<=x<=65535."),
        (("--unheard-of",), "No such option '--unheard-of'."),
    ],
)
def test_impossible_demo_is_one_plain_line(tmp_path: Path, arguments: tuple[str, ...], line: str) -> None:
    (tmp_path / "file").touch()

    done = ended(tmp_path, "demo", *arguments)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"felhom-hub: {line.format(tmp_path)}\n")


def test_a_demo_whose_port_is_taken_leaves_the_other_ones_settings_alone(tmp_path: Path) -> None:
    settings = tmp_path / "demo" / "hub.yaml"
    settings.parent.mkdir()
    settings.write_text("of the demo that runs\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = ended(tmp_path, "demo", "--directory", "demo", "--port", str(port))

    line = f"felhom-hub: 127.0.0.1:{port} cannot be used: Address already in use; try --port 9000\n"
    assert (done.returncode, done.stderr) == (2, line)
    assert settings.read_text(encoding="utf-8") == "of the demo that runs\n"


@pytest.mark.long
def test_demo_shows_thirty_days(tmp_path: Path) -> None:
    with started(tmp_path, "demo", "--directory", "demo", "--port", "0") as process:
        demo = Demo(process)
        now = datetime.now(UTC)
        demo.end()

    database = tmp_path / "demo" / "data" / "hub.db"
    assert abs(now - timedelta(days=30) - oldest_report(database)) < timedelta(minutes=30)
    assert count_unhealthy_apps(database) > 10
    # On some days of the fleet's calendar no app is unhealthy just now.
    spans = spans_of_unhealthy_apps(database)
    # What has not come again for a day is over: no such alarm stands from before such a day.
    assert [gap for times in spans for gap in (b - a for a, b in pairwise(times)) if gap > 48 * 3_600_000] == []


def oldest_report(database: Path) -> datetime:
    """When the hub took it."""
    with closing(sqlite3.connect(database)) as connection:
        (at,) = connection.execute("SELECT min(received_at) FROM reports_report").fetchone()
        return datetime.fromtimestamp(at / 1000, UTC)


def count_unhealthy_apps(database: Path) -> int:
    """How many such events there are in the past."""
    with closing(sqlite3.connect(database)) as connection:
        question = "SELECT count(*) FROM events_event WHERE event_type = 'container_unhealthy'"
        return int(connection.execute(question).fetchone()[0])


def spans_of_unhealthy_apps(database: Path) -> list[list[int]]:
    """When the events of each such alarm came since it stands, in milliseconds."""
    with closing(sqlite3.connect(database)) as connection:
        alarms = connection.execute(
            "SELECT subject, event_type, since_at FROM notify_alarm WHERE event_type = 'container_unhealthy'"
        ).fetchall()
        question = "SELECT created_at FROM events_event WHERE customer_id = ? AND event_type = ? AND created_at >= ?"
        return [[at for (at,) in connection.execute(f"{question} ORDER BY created_at", alarm)] for alarm in alarms]
