"""A disk that is full or cannot be written, and a database that another process holds: nothing answered 200 is lost.

Controllers get 503 and when to come again, probes see it, and the hub recovers by itself once the cause is gone.
"""

import base64
import contextlib
import json
import os
import random
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.servers.clients import Answer
from tests.servers.hub import Hub

from felhom_hub.reports.body import unpack

pytestmark = pytest.mark.sqlite_only

MIB = 1024 * 1024
_random = random.Random(1)
# The write-ahead log has room of its own for some; then it is folded into a file that cannot grow.
MOST_SMALL_THINGS = 2000
FORM_TYPE = "application/x-www-form-urlencoded"
# Pages without sign-in, which would have to be stored.
# A job's small write may still find room at the log's end, and the checkpoint that follows it makes room for all.
JOBS_ONCE = {"felhom_hub.project.lanes.TICK_SECONDS": 3600.0}
OPEN: dict[str, object] = {"auth.password_hash": ""}


class Sender:
    """Sends reports that no compression makes smaller, and remembers what was answered 200."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.accepted: set[bytes] = set()
        self.number = 0

    def send(self) -> Answer:
        self.number += 1
        padding = base64.b85encode(_random.randbytes(30_000)).decode()
        body = json.dumps({"customer_id": f"c{self.number % 7}", "number": self.number, "padding": padding}).encode()
        answer = self.hub.post("/api/v1/report", body)
        if answer.status == 200:
            self.accepted.add(body)
        return answer

    def send_until(self, status: int, seconds: float = 60.0) -> Answer:
        deadline = time.monotonic() + seconds
        while True:
            answer = self.send()
            if answer.status == status:
                return answer
            assert answer.status in (200, 503)
            assert time.monotonic() < deadline, answer
            if answer.status == 503:
                time.sleep(0.05)  # not a busy loop while the cause is being removed

    def check_nothing_is_lost(self) -> None:
        stored = {unpack(bytes(body)) for (body,) in self.hub.rows("SELECT body FROM reports_report")}
        assert self.accepted <= stored
        assert self.hub.rows("PRAGMA integrity_check") == [("ok",)]


def event_until_refused(hub: Hub) -> Answer:
    """The hub's own small writes may have begun the journal anew, which then has room for a few more."""
    padding = base64.b85encode(_random.randbytes(60_000)).decode()
    event = json.dumps({"customer_id": "c1", "event_type": "test", "details": padding}).encode()
    for _ in range(100):
        answer = hub.post("/api/v1/event", event)
        if answer.status != 200:
            break
    return answer


def check_hub_is_away(sender: Sender, refused: Answer, reason: str) -> None:
    """Controllers, events and probes are told; pages can still be read; the log stays small."""
    hub = sender.hub
    assert refused.document == {"ok": False, "error": f"The database cannot store this now ({reason})"}
    assert 5 <= int(refused.headers["retry-after"]) <= 60
    event = event_until_refused(hub)
    health = hub.get("/healthz", key=None)
    assert [event.status, health.status] == [503, 503]
    assert event.document["ok"] is health.document["ok"] is False
    assert hub.get("/livez", key=None).status == 200
    assert hub.get("/api/v1/customers").document["customers"][0]["customer_id"] == "c0"
    check_pages_tell(hub, reason)
    before = hub.log_bytes
    for _ in range(20):
        assert sender.send().status == 503
    assert hub.log_bytes - before < 20 * 400
    assert "Traceback" not in hub.log


def check_pages_tell(hub: Hub, reason: str) -> None:
    """Pages are shown with a banner, and what an operator does is refused with the way out."""
    page = hub.get("/configuration", key=None)
    assert page.status == 200
    assert f"<h2>Reports are refused: {reason}</h2>".encode() in page.body
    refused = refused_entry(hub)
    assert b"<h1>This was not stored</h1>" in refused.body
    assert 5 <= int(refused.headers["retry-after"]) <= 60


def refused_entry(hub: Hub) -> Answer:
    """The answer to a new customer once one is refused: a disk that is nearly full still takes small things first."""
    for number in range(MOST_SMALL_THINGS):
        customer = {
            "customer_id": f"new-{number}",
            "name": "N",
            "domain": "n.hu",
            "email": "n@n.hu",
            "note": "x" * 4000,
        }
        answer = hub.post("/configs/new", urlencode(customer).encode(), key=None, Content_Type=FORM_TYPE)
        if answer.status != 303:
            return answer
    raise AssertionError(f"{MOST_SMALL_THINGS} customers were stored on a disk that is full")


def check_hub_is_back(sender: Sender) -> None:
    sender.send_until(200)
    assert sender.hub.post("/api/v1/event", b'{"customer_id": "c1", "event_type": "test"}').status == 200
    sender.hub.wait_until_healthy()
    sender.check_nothing_is_lost()


@pytest.fixture
def hub(new_hub: Callable[..., Hub]) -> Hub:
    hub = new_hub(settings=OPEN, constants=JOBS_ONCE)
    hub.start()
    return hub


def test_file_that_may_not_grow_refuses_until_it_may(hub: Hub) -> None:
    sender = Sender(hub)
    for _ in range(7):
        assert sender.send().status == 200
    size = max(path.stat().st_size for path in hub.data_dir.iterdir())

    resource.prlimit(hub.pid, resource.RLIMIT_FSIZE, (size + MIB, resource.RLIM_INFINITY))
    check_hub_is_away(sender, sender.send_until(503), "the disk reports an error")

    resource.prlimit(hub.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    check_hub_is_back(sender)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 6 MiB; skipped where this user may not mount one."""
    place = tmp_path / "small"
    place.mkdir()
    if not succeeds("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place):
        pytest.skip("this user may not mount a file system; the limit on the file's size is tested")
    yield place
    assert succeeds("umount", "--lazy", place)


def test_full_disk_refuses_until_there_is_room(small_disk: Path, new_hub: Callable[..., Hub]) -> None:
    hub = new_hub(
        settings={"database.url": f"sqlite://{small_disk}/hub.db", **OPEN},
        database=small_disk / "hub.db",
        constants=JOBS_ONCE,
    )
    hub.start()
    sender = Sender(hub)

    refused = sender.send_until(503)
    assert len(sender.accepted) > 20
    check_hub_is_away(sender, refused, "the disk is full")

    assert succeeds("mount", "-o", "remount,size=64m", small_disk)
    check_hub_is_back(sender)


def test_full_disk_at_start_is_one_plain_line(small_disk: Path, new_hub: Callable[..., Hub]) -> None:
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(65536))
    url = f"sqlite://{small_disk}/hub.db"
    hub = new_hub(settings={"database.url": url}, database=small_disk / "hub.db", fresh=True)
    hub.launch()

    assert hub.wait_for_exit() == os.EX_TEMPFAIL  # somebody makes room: systemd starts it again
    assert hub.log == f"felhom-hub: the database {small_disk}/hub.db cannot be used: the disk is full\n"


def test_read_only_volume_at_start_is_one_plain_line(small_disk: Path, new_hub: Callable[..., Hub]) -> None:
    url = f"sqlite://{small_disk}/hub.db"
    hub = new_hub(settings={"database.url": url}, database=small_disk / "hub.db", fresh=True)
    assert succeeds("mount", "-o", "remount,ro", small_disk)
    hub.launch()

    assert hub.wait_for_exit() == os.EX_TEMPFAIL
    assert hub.log == f"felhom-hub: {small_disk}/hub.db.serving: Read-only file system\n"


@contextlib.contextmanager
def unwritable(*files: Path) -> Iterator[None]:
    """No process may write them, this one and open ones included; root ignores modes, but not this attribute."""
    if not succeeds("chattr", "+i", *files):
        pytest.skip("this user or file system knows no immutable files")
    try:
        yield
    finally:
        assert succeeds("chattr", "-i", *files)


def test_database_that_becomes_unwritable_refuses_until_it_can_be_written(hub: Hub) -> None:
    sender = Sender(hub)
    for _ in range(7):
        assert sender.send().status == 200

    with unwritable(hub.database, hub.database.with_name("hub.db-wal")):
        check_hub_is_away(sender, sender.send_until(503), "the disk reports an error")

    check_hub_is_back(sender)


def test_directory_that_cannot_be_written_at_start_is_one_plain_line(hub: Hub) -> None:
    hub.terminate()
    before = hub.log_bytes

    with unwritable(hub.database, hub.data_dir):
        hub.launch()
        assert hub.wait_for_exit() == 2

    said = hub.log[before:]
    assert said.startswith(f"felhom-hub: the database {hub.database} cannot be used: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("seconds", [7, pytest.param(10, marks=pytest.mark.long)])
def test_database_that_another_process_holds_refuses_until_it_is_let_go(hub: Hub, seconds: float) -> None:
    sender = Sender(hub)
    assert sender.send().status == 200
    with contextlib.closing(hub.connect()) as outside:
        outside.execute("BEGIN IMMEDIATE")
        release_at = time.monotonic() + seconds

        refused = sender.send_until(503)
        assert refused.document == {"ok": False, "error": "The database cannot store this now (it is locked)"}
        assert 5 <= int(refused.headers["retry-after"]) <= 60
        assert hub.get("/api/v1/customers").status == 200

        time.sleep(max(0.0, release_at - time.monotonic()))  # as long as the test is to hold it
        outside.execute("ROLLBACK")

    check_hub_is_back(sender)


def test_what_an_operator_does_while_another_process_holds_the_database_is_refused_with_the_reason(hub: Hub) -> None:
    with contextlib.closing(hub.connect()) as outside:
        outside.execute("BEGIN IMMEDIATE")
        refused = refused_entry(hub)
        page = hub.get("/configuration", key=None)
        outside.execute("ROLLBACK")

    assert b"The database cannot be written now: it is locked." in refused.body
    assert page.status == 200
    assert hub.post("/configuration/jobs/operators.clean_up_sign_ins/run", b"", key=None).status == 303


def test_file_that_is_no_database_is_one_plain_line_at_start(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.data_dir.mkdir()
    hub.database.write_bytes(os.urandom(100_000))
    hub.launch()

    assert hub.wait_for_exit() == 2
    assert hub.log == f"felhom-hub: the database {hub.database} cannot be used: it is damaged\n"


def test_database_that_is_overwritten_before_it_is_read_is_told_as_damaged(hub: Hub) -> None:
    assert hub.post("/api/v1/report", b'{"customer_id": "c0"}').status == 200
    # Not hub.db-shm, which is memory that connections share: whatever stands there they may wait for.
    for path in (hub.database, hub.database.with_name("hub.db-wal")):
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))

    answer = hub.get("/api/v1/customers")  # the first request of this kind makes a connection of its own

    assert answer.status == 503
    assert answer.document == {"ok": False, "error": "The database cannot be read now (it is damaged)"}
    assert "Traceback" not in hub.log


def succeeds(*command: object) -> bool:
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
