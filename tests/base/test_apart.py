import asyncio
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import IntegrityError, OperationalError
from structlog.testing import capture_logs
from tests.asgi import run
from tests.base import recorders

from felhom_hub.base import errors
from felhom_hub.base.apart import WriterProcess
from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError, Conflict, Impossible, Unavailable
from felhom_hub.base.models import Job
from felhom_hub.base.writer import Writer
from felhom_hub.project.writer_process import writer_command

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]


def store(db: Db, names: Sequence[Any]) -> list[Any]:
    """The recorder of the writer's tests, which refuses names that begin with "odd"."""
    recorders.store(db, [name for name in names if name is None or not name.startswith("odd")])
    return [Conflict(f"{name} is odd") if name.startswith("odd") else f"stored {name}" for name in names]


def fail_oddly(_db: Db, _values: Sequence[Any]) -> list[Any]:
    raise OddError("one", "two")


class OddError(Exception):
    """Cannot be made again from its text."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


@pytest.fixture
def process() -> Iterator[WriterProcess]:
    process = WriterProcess(writer_command())
    yield process
    process.close()


def stored_names() -> list[str]:
    return list(Job.objects.order_by("name").values_list("name", flat=True))


def test_what_comes_back_is_stored_and_a_refusal_is_whole(process: WriterProcess) -> None:
    ((first, second),) = process.store([(store, ["a", "odd"])])

    assert stored_names() == ["a"]
    assert first == "stored a"
    assert (type(second), second.sentence, second.headers) == (Conflict, "odd is odd", ())
    assert process.store([(store, ["b"]), (store, ["c"])]) == [["stored b"], ["stored c"]]
    assert stored_names() == ["a", "b", "c"]


def give_back(_db: Db, values: Sequence[bytes]) -> list[Any]:
    return list(values)


@pytest.mark.parametrize("size", [0, 1, 65_500, 65_536, 4_000_000])
def test_a_batch_crosses_over_whole_however_large_it_is(process: WriterProcess, size: int) -> None:
    values = [bytes([number]) * size for number in range(3)]

    assert process.store([(give_back, values)]) == [values]


def test_what_a_recorder_raises_is_raised_here_and_says_where_it_came_from(process: WriterProcess) -> None:
    with pytest.raises(IntegrityError, match="UNIQUE constraint failed") as caught:
        process.store([(store, ["a"]), (store, ["b", "b"])])

    assert "in store\n" in "".join(caught.value.__notes__)
    with pytest.raises(RuntimeError, match="OddError: one and two"):
        process.store([(fail_oddly, [1])])
    assert process.store([(store, ["a"])]) == [["stored a"]]


def test_a_process_that_was_killed_refuses_its_batch_and_is_followed_by_another(process: WriterProcess) -> None:
    process.store([(store, ["a"])])
    killed = process.pid
    assert killed is not None
    psutil.Process(killed).kill()

    with capture_logs() as logs, pytest.raises(OperationalError, match="the writer's process has ended"):
        process.store([(store, ["b"])])

    assert [(line["event"], line["status"]) for line in logs] == [("writer_process_ended", -signal.SIGKILL)]
    assert process.store([(store, ["c"])]) == [["stored c"]]
    assert process.pid != killed
    assert stored_names() == ["a", "c"]


def test_a_process_that_cannot_be_started_is_a_database_that_is_away() -> None:
    process = WriterProcess(["/nowhere/at/all"])

    with pytest.raises(OperationalError, match="cannot be started: No such file or directory"):
        process.store([(store, ["a"])])
    process.close()
    with capture_logs(), pytest.raises(OperationalError, match="has ended"):
        WriterProcess([sys.executable, "-c", "raise SystemExit(3)"]).store([(store, ["a"])])


def test_a_closed_one_is_gone_and_so_is_one_whose_hub_is(process: WriterProcess) -> None:
    process.store([(store, ["a"])])
    closed = psutil.Process(process.pid)
    process.close()
    assert not closed.is_running()

    # A hub that is killed closes nothing by itself.
    hub = (
        "import sys, time; from felhom_hub.base.apart import WriterProcess; process = WriterProcess(sys.argv[1:]); "
        "process.start(); print(process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", hub, *writer_command()], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        left = psutil.Process(int(killed.stdout.readline()))
        killed.kill()
    assert left.wait(60) in {0, None}  # of a process that is no child of this one, there is no status


def test_a_terminal_that_ends_the_hub_leaves_the_process_to_store_the_rest(process: WriterProcess) -> None:
    process.store([(store, ["a"])])
    each = psutil.Process(process.pid)
    for number in (signal.SIGINT, signal.SIGTERM):
        each.send_signal(number)

    assert process.store([(store, ["b"])]) == [["stored b"]]


def test_a_writer_with_a_process_answers_as_one_without() -> None:
    async def main() -> list[Any]:
        writer = Writer(process=WriterProcess(writer_command()))
        writer.start()
        names = ["a", "odd", None, "b"]
        outcomes = await asyncio.gather(*(writer.submit(store, name) for name in names), return_exceptions=True)
        assert await writer.close(60)
        assert writer.process is not None
        assert writer.process.pid is None
        return outcomes

    first, odd, impossible, last = run(main())

    assert (first, last) == ("stored a", "stored b")
    assert (str(odd), type(impossible)) == ("odd is odd", Impossible)
    assert stored_names() == ["a", "b"]


def hold(_db: Db, places: Sequence[Path]) -> list[Any]:
    """Says by a file that it has begun, and stores nothing for as long as there is no other."""
    (places[0] / "begun").touch()
    wait_for(places[0] / "go on")
    return list(places)


def wait_for(file: Path) -> None:
    while not file.exists():
        time.sleep(0.01)


def count(_db: Db, values: Sequence[Any]) -> list[int]:
    """How many came in the one transaction."""
    return [len(values)] * len(values)


def test_one_half_of_what_waits_is_stored_while_the_other_is_read(tmp_path: Path) -> None:
    async def main() -> list[int]:
        writer = Writer(process=WriterProcess(writer_command()))
        writer.start()
        held = writer.submit(hold, tmp_path)
        await asyncio.to_thread(wait_for, tmp_path / "begun")
        counts = [writer.submit(count, number) for number in range(40)]
        (tmp_path / "go on").touch()
        await held
        found: list[int] = await asyncio.gather(*counts)
        assert await writer.close(60)
        return found

    found = run(main())

    # Those that were stored last are as good as back again.
    assert found == [21] * 21 + [19] * 19


def test_a_writer_whose_process_is_gone_asks_everybody_to_come_again() -> None:
    async def main() -> Any:
        writer = Writer(process=WriterProcess(["/nowhere/at/all"]))
        writer.start()
        with capture_logs():
            outcomes = await asyncio.gather(writer.submit(store, "a"), return_exceptions=True)
        assert await writer.close(60)
        return outcomes[0]

    outcome = run(main())

    assert isinstance(outcome, Unavailable)
    assert outcome.sentence == "The database cannot store this now (it does not answer)"


def every_refusal() -> list[ApiError]:
    kinds: list[Any] = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ApiError)]
    made: list[ApiError] = []
    for kind in kinds:
        extra: dict[str, Any] = {
            "TooMany": {"retry_after": 9},
            "Unavailable": {"retry_after": 9},
            "PartNotThere": {"size": 9},
        }
        arguments = ("PATCH", ("GET", "POST")) if kind.__name__ == "MethodNotAllowed" else ("A sentence",)
        made.append(kind(*arguments, **extra.get(kind.__name__, {})))
    return made


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda refusal: type(refusal).__name__)
def test_every_refusal_crosses_over_as_it_is(refusal: ApiError) -> None:
    found = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - made here

    assert (type(found), str(found), found.sentence, found.headers, found.status) == (
        type(refusal), str(refusal), refusal.sentence, refusal.headers, refusal.status
    )  # fmt: skip
