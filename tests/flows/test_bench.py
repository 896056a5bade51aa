"""`make bench` still runs: each item from end to end with small loads, and what its parts count and write."""

import asyncio
import contextlib
import json
import os
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise, takewhile
from pathlib import Path

import pytest
from bench.__main__ import ITEMS
from bench.foreign import foreign
from bench.paced_client import run_paced
from bench.pages import bytes_by_part
from bench.reports import APPS, LARGEST, SMALLEST, make_sequence
from bench.result import BenchError, Line, Measured, Report
from bench.table import BEGIN, END, write_docs
from bench.wrk import load_of, make_sender

from felhom_hub.reports.app_telemetry import read_apps_of
from felhom_hub.reports.payload import read_report

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECONDS = 900  # bounds a run that hangs; how long it takes is nobody's business

# The benchmark is about SQLite, whatever the other tests store in.
pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    "names", [("ingest", "overview"), pytest.param(tuple(ITEMS), marks=pytest.mark.long)], ids=["two", "all"]
)
def test_each_item_runs_to_its_end(tmp_path: Path, names: tuple[str, ...]) -> None:
    output = tmp_path / "bench.json"
    only = [part for name in names for part in ("--only", name)]
    places = ["--directory", str(tmp_path / "run"), "--output", str(output)]

    with own_group([sys.executable, "-m", "bench", "--quick", *only, *places]) as process:
        text, _ = process.communicate(timeout=SECONDS)

    items = json.loads(output.read_bytes())["items"]
    assert {name: item["error"] for name, item in items.items()} == dict.fromkeys(names, "")
    assert process.returncode == 0
    assert [name for name, item in items.items() if not item["lines"]] == []
    assert "A quick run: its numbers mean nothing." in text


@contextlib.contextmanager
def own_group(command: list[str]) -> Iterator["subprocess.Popen[str]"]:
    """The command as a process group; what is left of it at the end is ended."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_wrk_sends_the_sequence(tmp_path: Path) -> None:
    sequence = make_sequence(customers=50, now=NOW)
    received: set[bytes] = set()

    with answering_server(received) as port:
        load = make_sender(sequence, tmp_path).send(port, key="the-key", first=120, seconds=1)

    expected = [sequence.body(number) for number in range(120, 120 + load.sent)]
    assert load.refused == load.broken == 0
    assert received <= set(expected)
    # The first one that wrk asks for is thrown away, and one for each connection may be under way at the end.
    assert len(received) >= load.answers > 0


def test_paced_reports_are_all_sent_and_count_from_when_they_were_due() -> None:
    sequence = make_sequence(customers=50, now=NOW)
    received: set[bytes] = set()

    with answering_server(received, held_seconds=0.5) as port:
        # Of one connection's 13 reports the first waits for its answer, and all behind it for their turn.
        paced = asyncio.run(run_paced(port, "the-key", sequence, first=120, rate=400, seconds=1))

    assert received == {sequence.body(number) for number in range(120, 520)}
    assert (paced.statuses, paced.behind) == ({200: 400}, 520)
    assert paced.max_ms >= 500
    assert paced.p99_ms >= 250


@contextlib.contextmanager
def answering_server(received: set[bytes], *, held_seconds: float = 0.0) -> Iterator[int]:
    """A server that keeps each body and answers 200, until its clients have gone; its first answer takes so long."""
    first = threading.Lock()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):
                while head := list(takewhile(b"\r\n".__ne__, self.rfile)):
                    length = next(line for line in head if line.startswith(b"Content-Length: "))
                    received.add(self.rfile.read(int(length.split()[1])))
                    if first.acquire(blocking=False):
                        time.sleep(held_seconds)
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    # Its end waits for every thread: one that went on would take its time from all the tests that follow.
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def test_reports_are_all_different_and_of_the_size_that_is_told() -> None:
    sequence = make_sequence(customers=100, now=NOW)

    bodies = [sequence.body(number) for number in range(1300)]
    facts = [read_report(body) for body in bodies]

    assert len(set(bodies)) == len(bodies)
    assert [len(body) for body in bodies if not SMALLEST <= len(body) <= LARGEST] == []
    assert {len(read_apps_of(body)) for body in bodies} == {APPS}
    assert {each.customer_id for each in facts} == {f"box-{number:05d}" for number in range(100)}
    times = [each.reported_at for each in facts if each.customer_id == "box-00042" and each.reported_at]
    assert [round((later - earlier).total_seconds()) for earlier, later in pairwise(times)] == [900] * 12
    assert max(each.reported_at for each in facts if each.reported_at) < NOW


def test_sequence_ends_before_the_future() -> None:
    sequence = make_sequence(customers=10, now=NOW)

    assert sequence.received_at(sequence.capacity - 1) < NOW


def test_a_foreign_report_says_the_same() -> None:
    body = make_sequence(customers=1, now=NOW).body(0)

    known, unknown = read_report(body), read_report(foreign(body))

    columns = ("customer_id", "customer_name", "reported_at", "cpu_percent", "memory_percent", "disk_percent",
               "temperature_celsius", "last_backup_at", "last_db_dump_at")  # fmt: skip
    assert [getattr(unknown, name) for name in columns] == [getattr(known, name) for name in columns]
    of_known, of_unknown = read_apps_of(body), read_apps_of(foreign(body))
    assert [app.memory_mb for app in of_unknown] == [app.memory_mb for app in of_known]
    assert len(of_known) == APPS
    assert b"immich" not in foreign(body)


def test_pages_of_all_parts_are_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA page_size=1024; CREATE TABLE small (a INTEGER PRIMARY KEY); CREATE TABLE wide (a UNIQUE, b);"
        )
        connection.executemany("INSERT INTO wide VALUES (?, ?)", [(f"{i:0200}", bytes(i * 7)) for i in range(900)])
        connection.execute("DELETE FROM wide WHERE rowid > 800")
        connection.commit()

    parts = bytes_by_part(path)

    assert set(parts) == {"sqlite_schema", "small", "wide", "sqlite_autoindex_wide_1", ""}
    assert sum(parts.values()) == path.stat().st_size
    assert parts["small"] == parts["sqlite_schema"] == 1024
    assert parts["wide"] > sum(i * 7 for i in range(800))


def test_output_of_wrk_without_a_result_is_an_error() -> None:
    with pytest.raises(BenchError, match="wrk printed no result"):
        load_of("unable to connect to 127.0.0.1:1 Connection refused")


def test_table_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"Before\n\n{BEGIN}\nold\n{END}\n\nAfter\n", encoding="utf-8")

    write_docs(report_of(is_quick=False), document)

    text = document.read_text(encoding="utf-8")
    row = "| ingest | durable ingest | 5,000 reports/s | echo 20,000/s | 0.25 × | ≥ 0.12 × | met |"
    assert text.startswith(f"Before\n\n{BEGIN}\n\n23 November 2026, revision abc1234, ")
    assert text.endswith(f"{row}\n\nherd FAILED: it stumbled\n\n{END}\n\nAfter\n")


def test_a_quick_run_never_becomes_a_document(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")

    with pytest.raises(BenchError, match="quick run"):
        write_docs(report_of(is_quick=True), document)

    assert document.read_text(encoding="utf-8") == f"{BEGIN}\n{END}\n"


def test_the_document_has_a_place_for_the_table() -> None:
    text = (ROOT / "docs/performance.md").read_text(encoding="utf-8")

    assert text.count(BEGIN) == text.count(END) == 1


def report_of(*, is_quick: bool) -> Report:
    machine = {
        "revision": "abc1234", "cpu": "A processor", "cores": 2, "memory_mib": 4000, "kernel": "Linux 6.1",
        "python": "3.11.7", "sqlite": "3.53.4", "filesystem": "ext4", "fdatasync_ms": {"median": 0.5, "p95": 1.5},
        "load_before": 0.1, "stolen_percent": 0.0,
    }  # fmt: skip
    line = Line("durable ingest", 5000.0, "reports/s", "echo 20,000/s", 0.25, "≥ 0.12 ×", is_met=True)
    items = {"ingest": Measured(90.0, 0.5, [line], {}), "herd": Measured(1.0, 0.5, [], {}, "it stumbled")}
    return Report("2026-11-23T12:00:00+00:00", 91.0, is_quick, machine, items)
