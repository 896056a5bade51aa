import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import connection
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from tests.asgi import run
from tests.base.recorders import store

from felhom_hub.base.current import request_id
from felhom_hub.base.db import Db
from felhom_hub.base.errors import Conflict, Impossible, Unavailable
from felhom_hub.base.models import Job
from felhom_hub.base.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)


def refuse_odd(db: Db, numbers: Sequence[int]) -> list[Any]:
    """A recorder that stores even numbers only."""
    store(db, [str(number) for number in numbers if number % 2 == 0])
    return [Conflict(f"{number} is odd") if number % 2 else number for number in numbers]


class Blocking:
    """A recorder that waits within its transaction until it is let go."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, db: Db, names: Sequence[Any]) -> list[Any]:
        results = store(db, names)
        self.has_begun.set()
        assert self.may_end.wait(60)
        return results


def stored_names() -> list[str]:
    return list(Job.objects.order_by("name").values_list("name", flat=True))


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[Writer]:
    writer = Writer(**options)
    writer.start()
    try:
        yield writer
    finally:
        await writer.close()


async def begun(writer: Writer) -> tuple[Blocking, "asyncio.Future[Any]"]:
    """The writer is in the middle of a transaction that stores "first", and stays there."""
    blocking = Blocking()
    first = writer.submit(blocking, "first")
    await asyncio.to_thread(blocking.has_begun.wait, 60)
    return blocking, first


def test_a_result_is_given_out_after_the_commit_and_not_before() -> None:
    async def main() -> tuple[list[str], bool, str, list[str]]:
        async with running() as writer:
            blocking, first = await begun(writer)
            before, was_done = await asyncio.to_thread(stored_names), first.done()
            blocking.may_end.set()
            return before, was_done, await first, await asyncio.to_thread(stored_names)

    assert run(main()) == ([], False, "stored first", ["first"])


def test_what_waits_is_stored_in_one_transaction() -> None:
    async def main() -> tuple[list[str], int, int]:
        async with running() as writer:
            blocking, first = await begun(writer)
            others = [writer.submit(store, name) for name in "abc"]
            blocking.may_end.set()
            return await asyncio.gather(first, *others), writer.batches, writer.committed

    assert run(main()) == (["stored first", "stored a", "stored b", "stored c"], 2, 4)


def test_a_transaction_holds_so_many_items_at_most() -> None:
    async def main() -> int:
        async with running(batch=2) as writer:
            blocking, first = await begun(writer)
            others = [writer.submit(store, name) for name in "abcde"]
            blocking.may_end.set()
            await asyncio.gather(first, *others)
            return writer.batches

    assert run(main()) == 1 + 3


def test_recorders_work_by_name_and_each_gets_its_own_items_in_the_order_of_arrival() -> None:
    calls: list[tuple[str, list[int]]] = []

    def even(_db: Db, values: Sequence[int]) -> list[Any]:
        calls.append(("even", list(values)))
        return [value * 10 for value in values]

    def odd(_db: Db, values: Sequence[int]) -> list[Any]:
        calls.append(("odd", list(values)))
        return [value * 100 for value in values]

    async def main() -> list[int]:
        async with running() as writer:
            blocking, _ = await begun(writer)
            results = [writer.submit(odd if value % 2 else even, value) for value in (3, 8, 1, 6, 5)]
            blocking.may_end.set()
            return list(await asyncio.gather(*results))

    assert run(main()) == [300, 80, 100, 60, 500]
    assert calls == [("even", [8, 6]), ("odd", [3, 1, 5])]


def test_a_refusal_concerns_one_item_and_is_not_counted_as_committed() -> None:
    async def main() -> tuple[list[Any], int]:
        async with running() as writer:
            results = [writer.submit(refuse_odd, number) for number in (1, 2, 3)]
            return await asyncio.gather(*results, return_exceptions=True), writer.committed

    (first, second, third), committed = run(main())

    assert (str(first), second, str(third), committed) == ("1 is odd", 2, "3 is odd", 1)
    assert isinstance(first, Conflict)
    assert stored_names() == ["2"]


def test_a_poisonous_item_fails_alone() -> None:
    async def main() -> list[Any]:
        async with running() as writer:
            blocking, _ = await begun(writer)
            results = []
            for name in ("a", "b", None, "c"):
                request_id.set(f"of {name}")
                results.append(writer.submit(store, name))
            blocking.may_end.set()
            return await asyncio.gather(*results, return_exceptions=True)

    with capture_logs([merge_contextvars]) as logged:
        first, second, poison, last = run(main())

    assert [first, second, last] == ["stored a", "stored b", "stored c"]
    assert isinstance(poison, Impossible)
    assert poison.sentence == "This cannot be stored: IntegrityError"
    assert stored_names() == ["a", "b", "c", "first"]
    assert [(entry["event"], entry["request_ids"]) for entry in logged] == [("writer_item_failed", ["of None"])]


def test_a_recorder_that_fails_leaves_nothing_of_its_batch() -> None:
    def failing(db: Db, names: Sequence[Any]) -> list[Any]:
        store(db, names)
        raise ZeroDivisionError

    async def main() -> Any:
        async with running() as writer:
            return (await asyncio.gather(writer.submit(failing, "a"), return_exceptions=True))[0]

    assert run(main()).sentence == "This cannot be stored: ZeroDivisionError"
    assert stored_names() == []


def lose_database(db: Db, names: Sequence[Any]) -> list[Any]:
    """A recorder under which the database goes away, on this connection for good."""
    with connection.cursor() as cursor:
        if db.vendor == "postgresql":
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        else:
            cursor.execute("PRAGMA query_only = ON")
    return store(db, names)


def test_without_its_database_the_hub_refuses_all_for_now_and_then_recovers() -> None:
    async def main() -> tuple[list[Any], Any]:
        async with running() as writer:
            blocking, _ = await begun(writer)
            lost = [writer.submit(lose_database, "a"), writer.submit(store, "b")]
            blocking.may_end.set()
            outcomes = await asyncio.gather(*lost, return_exceptions=True)
            return outcomes, await writer.submit(store, "c")

    with capture_logs() as logged:
        refused, later = run(main())

    assert [type(error) for error in refused] == [Unavailable, Unavailable]
    assert refused[0].sentence.startswith("The database cannot store this now (it ")
    assert later == "stored c"
    assert stored_names() == ["c", "first"]
    assert [(entry["event"], entry["refused"]) for entry in logged] == [("database_unavailable", 2)]


def test_an_ending_hub_tries_a_database_that_is_away_only_once() -> None:
    """Each try may cost the database's time-out, and the hub has ten seconds in all."""

    async def main() -> list[Any]:
        async with running(batch=1) as writer:
            blocking, _ = await begun(writer)
            lost = [writer.submit(lose_database, "a"), writer.submit(store, "b")]
            writer.end_soon()
            blocking.may_end.set()
            return await asyncio.gather(*lost, return_exceptions=True)

    with capture_logs():
        refused = run(main())

    # "b" comes in a batch of its own; outside an ending it would have been stored.
    assert [type(error) for error in refused] == [Unavailable, Unavailable]
    assert stored_names() == ["first"]


def test_a_full_queue_refuses_and_takes_again_when_there_is_room() -> None:
    async def main() -> tuple[int, Unavailable, int, str, int]:
        async with running(capacity=2) as writer:
            blocking, first = await begun(writer)
            second = writer.submit(store, "second")
            full = writer.waiting
            with pytest.raises(Unavailable) as caught:
                writer.submit(store, "third")
            blocking.may_end.set()
            await asyncio.gather(first, second)
            empty = writer.waiting
            return full, caught.value, empty, await writer.submit(store, "fourth"), writer.waiting

    full, error, empty, fourth, last = run(main())

    assert (full, empty, fourth, last) == (2, 0, "stored fourth", 0)
    assert error.sentence == "The hub has more to store than it can just now; send it again later"
    assert stored_names() == ["first", "fourth", "second"]


def test_a_caller_that_gave_up_costs_nobody_else_an_answer() -> None:
    async def main() -> tuple[str, int]:
        async with running() as writer:
            blocking, first = await begun(writer)
            given_up, other = writer.submit(store, "a"), writer.submit(store, "b")
            given_up.cancel()
            blocking.may_end.set()
            await first
            return await other, writer.waiting

    assert run(main()) == ("stored b", 0)
    assert stored_names() == ["a", "b", "first"]


def test_closing_stores_and_answers_everything_that_was_accepted() -> None:
    async def main() -> tuple[bool, list[Any], bool]:
        writer = Writer(batch=3)
        writer.start()
        results = [writer.submit(store, f"{index:02}") for index in range(50)]
        is_drained = await writer.close()
        return is_drained, [result.result() for result in results], writer.is_closing

    assert run(main()) == (True, [f"stored {index:02}" for index in range(50)], True)
    assert stored_names() == [f"{index:02}" for index in range(50)]


def test_closing_does_not_wait_for_ever() -> None:
    async def main() -> tuple[bool, bool]:
        writer = Writer()
        writer.start()
        blocking, _ = await begun(writer)
        in_time = await writer.close(0.01)
        blocking.may_end.set()
        return in_time, await writer.close(60)

    assert run(main()) == (False, True)


def test_nothing_is_taken_before_the_start_or_after_the_end() -> None:
    async def main() -> None:
        writer = Writer()
        with pytest.raises(Unavailable):
            writer.submit(store, "a")
        writer.start()
        await writer.close()
        with pytest.raises(Unavailable):
            writer.submit(store, "b")

    run(main())

    assert stored_names() == []
