import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from felhom_controller.spool import Spool, SpoolFullError


def _drained(spool: Spool) -> list[bytes]:
    bodies = []
    while (event := spool.oldest()) is not None:
        bodies.append(event.body)
        spool.remove(event)
    return bodies


def test_events_come_out_in_the_order_they_went_in(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    for number in range(12):
        spool.add(b"%d" % number)
    assert len(spool) == 12
    assert _drained(Spool(tmp_path / "spool")) == [b"%d" % number for number in range(12)]
    assert len(spool) == 0


def test_an_event_waits_until_it_is_removed(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add(b"a")
    assert [spool.oldest(), spool.oldest()] == [spool.oldest()] * 2


def test_a_full_spool_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_events=2)
    spool.add(b"a")
    spool.add(b"b")
    with pytest.raises(SpoolFullError, match=r"holds 2 events, its limit; the hub must take some first"):
        spool.add(b"c")
    assert _drained(spool) == [b"a", b"b"]


def test_an_event_over_the_hubs_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="an event may have 262144 bytes; this one has 262145"):
        Spool(tmp_path).add(b"x" * 262_145)


def test_a_refused_event_is_kept_aside_with_its_reason(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add(b"bad")
    spool.add(b"good")
    event = spool.oldest()
    assert event is not None
    place = spool.set_aside(event, "the hub answered 422")
    assert (place.read_bytes(), place.with_suffix(".reason.txt").read_text()) == (b"bad", "the hub answered 422\n")
    assert _drained(spool) == [b"good"]


def test_two_refused_events_of_one_number_are_both_kept(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for body in (b"first", b"second"):
        spool.add(body)
        event = spool.oldest()
        assert event is not None
        spool.set_aside(event, "no")
    assert sorted(path.read_bytes() for path in (tmp_path / "refused").glob("*.json")) == [b"first", b"second"]


def test_half_written_events_are_not_taken_for_events(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    (tmp_path / ".123.abc.new").write_bytes(b"half")
    (tmp_path / "notes.txt").write_bytes(b"")
    assert spool.oldest() is None


_ADDER = """
import sys
from pathlib import Path
from felhom_controller.spool import Spool
spool, name, number = Spool(Path(sys.argv[1])), sys.argv[2], 0
while True:
    spool.add(f"{name}:{number}".encode())
    number += 1
    print(number, flush=True)
"""


def test_a_killed_controller_loses_no_event_it_has_spooled(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        with subprocess.Popen([sys.executable, "-c", _ADDER, str(tmp_path), name], stdout=subprocess.PIPE) as adder:
            assert adder.stdout is not None
            for _ in range(25):
                adder.stdout.readline()
            os.kill(adder.pid, signal.SIGKILL)
            told = 25 + len(adder.stdout.read().splitlines())
        kept = [body for body in _drained(Spool(tmp_path)) if body.startswith(name.encode())]
        assert kept[:told] == [f"{name}:{number}".encode() for number in range(told)]
        assert len(kept) - told in {0, 1}  # one may be on disk that nobody was told of


def test_processes_that_add_at_once_overwrite_nothing(tmp_path: Path) -> None:
    adders = [
        subprocess.Popen(
            [sys.executable, "-c", _ADDER.replace("while True", "while number < 40"), str(tmp_path), name],
            stdout=subprocess.DEVNULL,
        )
        for name in "abc"
    ]
    assert [adder.wait(60) for adder in adders] == [0, 0, 0]
    bodies = _drained(Spool(tmp_path))
    assert len(bodies) == 120
    assert [body for body in bodies if body.startswith(b"a:")] == [b"a:%d" % number for number in range(40)]
