import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings
from tests.build import NOW

from felhom_hub.base.models import Job
from felhom_hub.base.storage import watch_intake
from felhom_hub.notify import heartbeat as heartbeat_module
from felhom_hub.notify.heartbeat import Heartbeat, HeartbeatError, heartbeat_now, ping, what_is_wrong

MINUTE = timedelta(minutes=1)


class Outside:
    """What is pinged: `status` is its answer, `hangs` holds it back until the end of the test."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.status: int = 200
        self.location = ""
        self.hangs = False
        self.released = threading.Event()
        self.url = ""


class _Handler(BaseHTTPRequestHandler):
    outside: Outside

    def do_GET(self) -> None:
        self.outside.asked.append((self.path, self.headers["User-Agent"]))
        if self.outside.hangs:
            self.outside.released.wait(30)
        with contextlib.suppress(OSError):
            self.send_response(self.outside.status)
            if self.outside.location:
                self.send_header("Location", self.outside.location)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"OK")

    def log_message(self, *_args: object) -> None:
        """Nothing: the tests look at what came."""


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    monkeypatch.setattr(heartbeat_module, "_last", [])
    it = Outside()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"outside": it}))
    it.url = f"http://127.0.0.1:{server.server_port}/ping/5ecret"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield it
    it.released.set()
    for each in heartbeat_module._last:
        each.thread.join(10)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def quiet_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.base.storage._watched", [])


def test_the_address_is_asked_for(outside: Outside) -> None:
    assert ping(outside.url) == "127.0.0.1 answered 200"
    assert outside.asked == [("/ping/5ecret", "felhom-hub")]


@pytest.mark.parametrize(("status", "location"), [(404, ""), (500, ""), (302, "https://example.org/elsewhere")])
def test_any_other_answer_is_a_failure_that_tells_no_secret(outside: Outside, status: int, location: str) -> None:
    outside.status, outside.location = status, location

    with pytest.raises(HeartbeatError) as raised:
        ping(outside.url)
    assert str(raised.value) == f"127.0.0.1 answered {status}"
    assert len(outside.asked) == 1


def test_an_address_where_nobody_listens_is_a_failure(outside: Outside) -> None:
    with pytest.raises(HeartbeatError) as raised:
        ping("http://127.0.0.1:1/5ecret")
    assert str(raised.value) == "127.0.0.1: NewConnectionError"
    assert ping(outside.url) == "127.0.0.1 answered 200"


def test_an_address_that_hangs_holds_nothing_up_and_is_not_asked_twice(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat_module, "PATIENCE_SECONDS", 0.1)
    outside.hangs = True
    began = time.monotonic()

    assert ping(outside.url) == "sent, no answer yet"
    with pytest.raises(HeartbeatError, match="has not answered the ping before"):
        ping(outside.url)
    assert time.monotonic() - began < 5
    assert len(outside.asked) == 1

    outside.hangs = False
    outside.released.set()
    heartbeat_module._last[0].thread.join(10)
    assert ping(outside.url) == "127.0.0.1 answered 200"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({"next_at": NOW + MINUTE}, ""),
        ({"next_at": NOW - 9 * MINUTE}, ""),
        ({"next_at": NOW - 11 * MINUTE}, "the job watch.look_for_silence is overdue"),
        ({"next_at": NOW - 11 * MINUTE, "lease_until": NOW + MINUTE}, ""),
        (
            {"next_at": NOW - 11 * MINUTE, "lease_until": NOW - MINUTE},
            "the job watch.look_for_silence is overdue",
        ),
        ({"next_at": NOW + MINUTE, "last_error": "ValueError: x"}, "the job watch.look_for_silence failed"),
    ],
)
def test_a_hub_that_does_not_look_for_silence_is_not_well(columns: dict[str, Any], wrong: str) -> None:
    assert what_is_wrong(NOW) == ""  # a hub that has just started
    Job.objects.create(name="watch.look_for_silence", **columns)
    Job.objects.create(name="events.move_counted_window", next_at=NOW, last_error="another job's trouble")

    assert what_is_wrong(NOW) == wrong


@pytest.mark.django_db
def test_a_hub_that_refuses_reports_is_not_well() -> None:
    watch_intake(lambda: "the disk is full")

    assert what_is_wrong(NOW) == "reports are refused, the disk is full"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (None, Heartbeat("hc.example.org", None, "not pinged yet", is_fine=False)),
        (
            {"last_result": "hc.example.org answered 200"},
            Heartbeat("hc.example.org", NOW, "hc.example.org answered 200", is_fine=True),
        ),
        (
            {"last_error": "HeartbeatError: hc.example.org answered 404"},
            Heartbeat("hc.example.org", NOW, "hc.example.org answered 404", is_fine=False),
        ),
        (
            {"last_result": "not pinged: reports are refused, the disk is full"},
            Heartbeat("hc.example.org", NOW, "not pinged: reports are refused, the disk is full", is_fine=False),
        ),
    ],
)
def test_how_it_went_is_known_from_the_job(
    settings: Settings, columns: dict[str, Any] | None, expected: Heartbeat
) -> None:
    assert heartbeat_now() is None
    alerting = replace(settings.HUB.alerting, heartbeat_url="https://hc.example.org/5ecret")
    settings.HUB = replace(settings.HUB, alerting=alerting)
    if columns is not None:
        Job.objects.create(name="notify.ping_heartbeat", next_at=NOW, started_at=NOW, **columns)

    assert heartbeat_now() == expected
