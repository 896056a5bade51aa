"""What `python -m bench.peers` and the limits make of what they see; the others themselves are not run here."""

import contextlib
import http.server
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

import psutil
import pytest
from bench import limits
from bench.peers import healthchecks, uptime_kuma
from bench.peers.__main__ import hubs_of, main
from bench.peers.rounds import Middle, best_of, lines_of, require_durable, run_round, take_turns
from bench.peers.service import Program, Service, memory_mib
from bench.reports import LARGEST, SMALLEST
from bench.result import QUICK, BenchError, Run
from bench.wrk import CONNECTIONS, Load, run_wrk
from click.testing import CliRunner
from tests.servers.hub import free_port

pytestmark = pytest.mark.sqlite_only

QUICK_TWICE = replace(QUICK, rounds=2)
PING = Path(healthchecks.__file__).with_name("ping.lua")


def load_of(answers: int, *, refused: int = 0, broken: int = 0) -> Load:
    return Load(answers + CONNECTIONS, answers, 2.0, refused, broken, 1.0, 9.0, 20.0)


@dataclass
class Counted(Service):
    """A service that stores so many of the beats that it has answered."""

    stored: list[int]
    loads: list[Load]
    name: str = "Somebody"
    setting: str = "one way"
    calls: list[str] = field(default_factory=list)

    def prepare(self) -> None: ...

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")

    def send(self, seconds: int) -> Load:
        self.calls.append(f"send for {seconds} s")
        return self.loads.pop(0)

    def count(self) -> int:
        return self.stored.pop(0)

    @property
    def pids(self) -> list[int]:
        return [os.getpid()]


def test_a_round_sends_a_warm_up_and_measures_what_follows() -> None:
    service = Counted(stored=[1000, 1000 + 10 + 300], loads=[load_of(10), load_of(300)])

    seen = run_round(service, QUICK)

    assert service.calls == ["start", "send for 1 s", "send for 2 s", "stop"]
    assert (seen.per_second, seen.p50_ms, seen.p99_ms) == (150.0, 1.0, 9.0)
    assert seen.memory_mib > 1


def test_beats_under_way_at_the_end_may_be_stored_without_an_answer() -> None:
    service = Counted([], [])

    require_durable(service, [load_of(10), load_of(300)], before=5, after=5 + 310 + 2 * CONNECTIONS)


@pytest.mark.parametrize(
    ("loads", "after", "words"),
    [
        ([load_of(10), load_of(300)], 5 + 309, "310 answered, but 309 stored"),
        ([load_of(10), load_of(300)], 5 + 311 + 2 * CONNECTIONS, "310 answered, but 375 stored"),
        ([load_of(10), load_of(300, refused=2)], 5 + 310, "of 310 answers 2 refused, 0 broke"),
        ([load_of(10, broken=1), load_of(300)], 5 + 310, "of 310 answers 0 refused, 1 broke"),
    ],
)
def test_a_lost_or_refused_beat_makes_the_round_worthless(loads: list[Load], after: int, words: str) -> None:
    with pytest.raises(BenchError, match=f"Somebody, one way: {words}"):
        require_durable(Counted([], []), loads, before=5, after=after)


def rounds_of(name: str, *refused: int) -> Counted:
    """A service that refuses so many beats in each of its rounds."""
    loads = [load for count in refused for load in (load_of(10), load_of(300, refused=count))]
    return Counted([count for number in range(len(refused)) for count in (number, number + 310)], loads, name)


def test_a_round_in_which_another_service_refuses_a_beat_is_left_out_and_said() -> None:
    told: list[str] = []

    rounds, left_out = take_turns([rounds_of("Hub", 0, 0)], [rounds_of("Somebody", 1, 0)], QUICK_TWICE, told.append)

    assert {name: len(found) for name, found in rounds.items()} == {"Hub": 2, "Somebody": 1}
    assert left_out == ["round 1: Somebody, one way: of 310 answers 1 refused, 0 broke"]
    assert "left out: Somebody, one way: of 310 answers 1 refused, 0 broke" in told


@pytest.mark.parametrize(
    ("hub", "other", "words"),
    [
        ((0, 1), (0, 0), "Hub, beats, one way: of 310 answers 1 refused"),
        ((0, 0), (2, 1), "Somebody: no round ran through"),
    ],
    ids=["the hub refuses one", "another never runs through"],
)
def test_nothing_is_compared_that_did_not_run_through(hub: tuple[int, ...], other: tuple[int, ...], words: str) -> None:
    hubs = [rounds_of("Hub", 0, 0), rounds_of("Hub, beats", *hub)]

    with pytest.raises(BenchError, match=words):
        take_turns(hubs, [rounds_of("Somebody", *other)], QUICK_TWICE, print)


def test_the_hub_is_held_against_the_better_of_the_others_with_each_of_its_loads() -> None:
    whole = Middle("felhom-hub, whole reports", "SQLite", 4000.0, 12.0, 110.0)
    beats = Middle("felhom-hub, beats", "SQLite", 5000.0, 9.0, 230.0)
    slow, fast = Middle("Slow", "a", 100.0, 300.0, 100.0), Middle("Fast", "b", 500.0, 90.0, 220.0)

    lines = lines_of({"whole reports": whole, "beats": beats}, [slow, fast])

    assert [(line.what, line.than, line.ratio, line.is_met) for line in lines[:4]] == [
        ("durable ingest of whole reports, 32 connections", "Fast 500/s", 8.0, False),
        ("its memory under load", "Fast 220 MiB", 0.5, True),
        ("durable ingest of beats, 32 connections", "Fast 500/s", 10.0, True),
        ("its memory under load", "Fast 220 MiB", 230 / 220, False),
    ]
    assert [(line.what, line.value) for line in lines[10:13]] == [
        ("Slow (a): accepted and stored", 100.0),
        ("Slow (a): p99", 300.0),
        ("Slow (a): memory of all its processes", 100.0),
    ]


def test_what_the_hub_is_sent_beside_others_is_whole_reports_and_beats_as_small_as_theirs(tmp_path: Path) -> None:
    hubs = hubs_of(Run(QUICK, tmp_path, print))
    whole, _, beats = (hub.sender.sequence for hub in hubs.values())

    assert [(sent.rpartition(", of ")[0], hub.setting) for sent, hub in hubs.items()] == [
        ("whole reports", "SQLite, one process"),
        ("whole reports, with a writer process", "SQLite, database.writer_process"),
        ("beats, with a writer process", "SQLite, database.writer_process"),
    ]
    assert SMALLEST <= whole.mean_bytes <= LARGEST
    assert len({beats.body(number) for number in range(3 * QUICK.customers)}) == 3 * QUICK.customers
    for number in (0, QUICK.customers, 7):
        beat, report = json.loads(beats.body(number)), json.loads(whole.body(number))
        assert (beat["customer_id"], beat["timestamp"]) == (report["customer_id"], report["timestamp"])
    assert max(len(beats.body(number)) for number in range(100)) < 200
    for hub in hubs.values():
        assert hub.count() == QUICK.customers  # each its own copy of a fleet that has reported once


def test_the_hubs_memory_is_that_of_all_its_processes(tmp_path: Path) -> None:
    hub = list(hubs_of(Run(QUICK, tmp_path, print)).values())[-1]
    hub.start()
    try:
        assert len(psutil.Process(hub.server.pid).children()) == 1
        assert hub.memory_mib() > hub.server.rss_bytes / 2**20 + 20
    finally:
        hub.stop()


def test_the_best_setting_is_the_one_that_takes_the_most() -> None:
    assert best_of({"a": 90.0, "b": 120.0}) == "b"
    with pytest.raises(BenchError, match="no setting ran through"):
        best_of({})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "there is nothing to compare with"),
        (["--healthchecks", "nowhere"], "no Healthchecks that can be run in nowhere. Healthchecks: clone"),
        (["--uptime-kuma", "nowhere"], "no Uptime Kuma that can be run in nowhere. Uptime Kuma: clone"),
    ],
)
def test_what_is_missing_is_said_in_a_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(main, [*arguments, "--directory", str(tmp_path / "run")])

    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output


def test_what_others_are_sent_goes_round(tmp_path: Path) -> None:
    paths = tmp_path / "paths"
    paths.write_text("/ping/a\n/ping/b\n/ping/c\n", encoding="ascii")

    with closing_server() as (port, seen):
        load = run_wrk(port, PING, [str(paths)], seconds=1)

    # A server that closes each connection and says so, as the others do, breaks nothing.
    assert (load.refused, load.broken) == (0, 0)
    assert set(seen) == {"/ping/a", "/ping/b", "/ping/c"}
    assert load.answers <= sum(seen.values()) <= load.answers + CONNECTIONS + 1  # wrk asks once to see who is there


@contextlib.contextmanager
def closing_server() -> Iterator[tuple[int, Counter[str]]]:
    """Answers 200, says that it closes, and counts the paths, until its clients have gone."""
    seen: Counter[str] = Counter()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/ping/"):
                seen[self.path] += 1
            self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nOK")

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], seen
        finally:
            server.shutdown()


def test_a_program_ends_with_its_children(tmp_path: Path) -> None:
    port = free_port()
    serve = (
        f"import subprocess; subprocess.run([{sys.executable!r}, '-m', 'http.server', '--bind=127.0.0.1', '{port}'])"
    )
    program = Program(tmp_path, {}, tmp_path / "log")
    program.launch(sys.executable, "-c", serve)
    try:
        program.wait_until_answering(port, "/")
        (pid,) = program.pids
        everybody = [psutil.Process(pid), *psutil.Process(pid).children()]
        memory = memory_mib([pid])
    finally:
        program.stop()

    assert (len(everybody), memory > 2) == (2, True)
    assert [each for each in everybody if each.is_running()] == []
    assert memory_mib([pid]) == 0


def test_a_program_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    program = Program(tmp_path, {}, tmp_path / "log")
    program.launch(sys.executable, "-c", "raise SystemExit('no database')")
    try:
        with pytest.raises(BenchError, match="nothing answers GET /; the log ends with no database"):
            program.wait_until_answering(free_port(), "/")
    finally:
        program.stop()


def test_half_a_core_is_a_group_or_pauses_and_nothing_is_left() -> None:
    with limits.half_a_core() as limit:
        if limit.group is not None:
            joined = subprocess.run(
                [*limit.prefix, "cat", "/proc/self/cgroup"], capture_output=True, check=True, text=True
            )
            assert limit.group.name in joined.stdout
            assert limit.held_seconds is not None

    assert limit.group is None or not limit.group.exists()


def test_without_groups_the_process_is_paused_again_and_again() -> None:
    with (
        patch.object(limits, "_make_group", lambda: None),
        limits.half_a_core() as limit,
        subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held,
    ):
        process = psutil.Process(held.pid)
        limit.hold(held.pid)
        for _ in range(2):
            while process.status() != psutil.STATUS_STOPPED:
                pass
            while process.status() == psutil.STATUS_STOPPED:
                pass
        cores = process.cpu_affinity()
        limit.release()
        answer, _ = held.communicate(b"still here")

    assert answer == b"still here"
    assert cores is not None
    assert len(cores) == 1
    assert (limit.prefix, limit.held_seconds) == ((), None)


def test_settings_are_told_apart_by_what_the_table_calls_them() -> None:
    assert len({str(way) for way in healthchecks.SETTINGS}) == len(healthchecks.SETTINGS)
    assert set(uptime_kuma.SETTINGS.values()) == {"true", "false"}
