import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs
from tests.controller.loopback import LoopbackHub, Told

from felhom_controller.client import HubClient
from felhom_controller.config import ConfigFile
from felhom_controller.controller import Loop, Memory, report_until, run_loop, spool_changes
from felhom_controller.machine import Identity, Machine
from felhom_controller.report import REPORT_VERSION, Health, Report, encode
from felhom_controller.retry import Backoff
from felhom_controller.snapshot import EVERY_SECONDS, Holdings
from felhom_controller.spool import Spool
from felhom_controller.wishes import Doer

KEY = "k"


@dataclass
class Clock:
    """Time that passes only when somebody waits."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def _loop(hub: LoopbackHub, directory: Path, clock: Clock, **changes: Any) -> Loop:
    plain: dict[str, Any] = {
        "machine": Machine(Identity("kiss-foto", "Kiss Fotóstúdió", "v1.0.0", None)),
        "client": HubClient(hub.url),
        "key": lambda: KEY,
        "interval_seconds": 900.0,
        "config_hash": lambda: "f00",
        "memory": Memory(Spool(directory / "spool"), directory / "last-report.json"),
        "stop": threading.Event(),
        "backoff": Backoff(first_seconds=2, limit_seconds=300),
        "clock": clock.read,
        "wait": clock.wait,
    }
    return Loop(**{**plain, **changes})


def test_a_report_that_fails_is_measured_and_sent_again(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    hub.next_answers.extend([Told(500), Told(0)])
    assert report_until(_loop(hub, tmp_path, clock), clock.now + 900) is True
    stamps = [request.members["timestamp"] for request in hub.requests]
    assert len(set(stamps)) == 3
    assert [1 <= clock.waits[0] <= 2, 2 <= clock.waits[1] <= 4] == [True, True]


def test_retry_after_is_honoured(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    hub.next_answers.append(Told(503, b"", {"Retry-After": "120"}))
    assert report_until(_loop(hub, tmp_path, clock), clock.now + 900) is True
    assert [120 <= wait <= 132 for wait in clock.waits] == [True]


def test_trying_ends_when_the_next_report_is_due(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    hub.usual = Told(503)
    assert report_until(_loop(hub, tmp_path, clock), clock.now + 900) is False
    assert 700 < sum(clock.waits) < 900 or clock.waits[-1] >= 150
    assert clock.now <= 1_900


def test_a_lasting_refusal_is_not_tried_again(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    hub.usual = Told(401)
    assert report_until(_loop(hub, tmp_path, clock), clock.now + 900) is False
    assert (len(hub.requests), clock.waits) == (1, [])


def test_reports_come_at_the_start_and_then_every_interval(hub: LoopbackHub, tmp_path: Path) -> None:
    clock, stop = Clock(), threading.Event()

    def wait(seconds: float) -> None:
        clock.wait(seconds)
        if len(clock.waits) == 4:
            stop.set()

    run_loop(_loop(hub, tmp_path, clock, stop=stop, wait=wait))
    assert len(hub.requests) == 4
    assert all(855 <= wait <= 945 for wait in clock.waits)


def test_a_report_names_the_applied_configuration(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    report_until(_loop(hub, tmp_path, clock), clock.now + 900)
    members = hub.requests[0].members
    assert [members[name] for name in ("customer_id", "customer_name", "controller_version", "config_hash")] == [
        "kiss-foto",
        "Kiss Fotóstúdió",
        "v1.0.0",
        "f00",
    ]


def test_what_the_hub_wants_is_done_and_reported_at_once(hub: LoopbackHub, tmp_path: Path) -> None:
    clock, config, content = (
        Clock(),
        ConfigFile(tmp_path / "controller.yaml", "kiss-foto"),
        b"customer: {id: kiss-foto}",
    )
    wanted = hashlib.sha256(content).hexdigest()
    hub.pages["/api/v1/pending/kiss-foto/config"] = Told(200, content)
    hub.next_answers.append(Told(200, b'{"ok": true, "pending": {"config_hash": "%s"}}' % wanted.encode()))
    doer = Doer("kiss-foto", lambda: KEY, config, lambda _version: None)

    assert report_until(_loop(hub, tmp_path, clock, config_hash=config.hash, doer=doer), clock.now + 900) is True

    assert [request.members.get("config_hash") for request in hub.requests] == [None, wanted]
    assert clock.waits == []


def test_what_cannot_be_done_waits_for_the_next_report(hub: LoopbackHub, tmp_path: Path) -> None:
    clock, config = Clock(), ConfigFile(tmp_path / "controller.yaml", "kiss-foto")
    hub.usual = Told(200, b'{"ok": true, "pending": {"config_hash": "f00"}}')
    doer = Doer("kiss-foto", lambda: KEY, config, lambda _version: None)

    assert report_until(_loop(hub, tmp_path, clock, config_hash=config.hash, doer=doer), clock.now + 900) is True

    assert (len(hub.requests), len(hub.downloads), config.read()) == (1, 1, None)


def test_reports_go_on_without_a_configuration_that_can_be_read(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    loop = _loop(hub, tmp_path, clock, config_hash=ConfigFile(tmp_path, "kiss-foto").hash)
    assert report_until(loop, clock.now + 900) is True
    assert "config_hash" not in hub.requests[0].members


def test_what_nobody_foresaw_costs_one_report_and_not_the_next(hub: LoopbackHub, tmp_path: Path) -> None:
    clock, stop, hashes = Clock(), threading.Event(), iter(["f00"])

    def wait(seconds: float) -> None:
        clock.wait(seconds)
        if len(clock.waits) == 2:
            stop.set()

    def config_hash() -> str:
        if not clock.waits:
            raise RuntimeError
        return next(hashes)

    with capture_logs() as logs:
        run_loop(_loop(hub, tmp_path, clock, stop=stop, wait=wait, config_hash=config_hash))
    assert [request.members["config_hash"] for request in hub.requests] == ["f00"]
    assert [entry["event"] for entry in logs] == ["report failed; the next try is the next report", "report taken"]


def _report(status: Any) -> Report:
    return Report(version=REPORT_VERSION, customer_id="a", health=Health(status, [], ["w"] if status == "warn" else []))


def test_a_change_is_spooled_once_even_over_a_restart(tmp_path: Path) -> None:
    memory = Memory(Spool(tmp_path / "spool"), tmp_path / "last.json")
    spool_changes(memory, _report("ok"))
    spool_changes(Memory(Spool(tmp_path / "spool"), tmp_path / "last.json"), _report("warn"))
    spool_changes(memory, _report("warn"))
    assert len(memory.spool) == 1
    event = memory.spool.oldest()
    assert event is not None
    assert msgspec.json.decode(event.body, type=dict[str, Any])["event_type"] == "health_degraded"


@pytest.mark.parametrize("left", [b"", b"{", b"[]", b'{"version": "x"}'])
def test_a_last_report_that_cannot_be_read_is_replaced(tmp_path: Path, left: bytes) -> None:
    memory = Memory(Spool(tmp_path / "spool"), tmp_path / "last.json")
    memory.last_report_path.write_bytes(left)
    spool_changes(memory, _report("ok"))
    assert memory.last_report_path.read_bytes() == encode(_report("ok"))
    assert len(memory.spool) == 0


def test_a_full_spool_does_not_stop_the_reports(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    spool = Spool(tmp_path / "spool", max_events=0)
    (tmp_path / "last.json").write_bytes(
        b'{"version": 1, "customer_id": "kiss-foto", "health": {"status": "ok", "issues": [], "warnings": []},'
        b' "storage": [{"name": "hdd1", "path": "/nowhere", "state": "ok"}]}'
    )
    assert (
        report_until(_loop(hub, tmp_path, clock, memory=Memory(spool, tmp_path / "last.json")), clock.now + 9) is True
    )


def test_a_snapshot_follows_the_first_report_and_the_first_of_each_day(hub: LoopbackHub, tmp_path: Path) -> None:
    clock = Clock()
    loop = _loop(hub, tmp_path, clock, holdings=lambda: Holdings(b"config"))
    for passed in (0, 900, EVERY_SECONDS):
        clock.now += passed
        assert report_until(loop, clock.now + 900) is True
    paths = [request.path.removeprefix("/api/v1/") for request in hub.requests]
    assert paths == ["report", "infra-backup", "report", "report", "infra-backup"]


def test_a_snapshot_that_is_refused_or_cannot_be_made_holds_up_no_report(hub: LoopbackHub, tmp_path: Path) -> None:
    def broken() -> Holdings:
        raise ValueError("restic-passwords.json is no object")

    clock = Clock()
    hub.next_answers.extend([Told(), Told(503)])
    with capture_logs() as logs:
        assert report_until(_loop(hub, tmp_path, clock, holdings=lambda: Holdings(b"config")), clock.now + 900) is True
        assert report_until(_loop(hub, tmp_path, clock, holdings=broken), clock.now + 900) is True
    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == [
        "snapshot not sent; the next try is after the next report"
    ] * 2
