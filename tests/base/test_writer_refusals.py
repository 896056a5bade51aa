from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from tests.asgi import run

from felhom_hub.base.db import Db
from felhom_hub.base.errors import ApiError, Impossible, Unavailable
from felhom_hub.base.models import Job
from felhom_hub.base.writer import RETRY_AFTER_FROM, RETRY_AFTER_TO, Writer, plain_reason, unavailable


def execute(_db: Db, statements: Sequence[str]) -> list[Any]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return list(statements)


def insert_read_only(db: Db, names: Sequence[str]) -> list[Any]:
    """As on a replica of PostgreSQL, or a file that must not be written."""
    execute(db, ["SET TRANSACTION READ ONLY" if db.vendor == "postgresql" else "PRAGMA query_only = ON"])
    return insert(db, names)


def insert(db: Db, names: Sequence[Any]) -> list[Any]:
    db.insert(Job, ("name", "next_at", "lease_holder", "last_error"), [(name, 0, "", "") for name in names])
    return list(names)


async def refusal_of(recorder: Any, value: Any) -> ApiError:
    writer = Writer()
    writer.start()
    try:
        with pytest.raises(ApiError) as caught:
            await writer.submit(recorder, value)
        return caught.value
    finally:
        await writer.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("recorder", "value"), [(execute, "SELECT * FROM gone"), (execute, "SELEC"), (insert_read_only, "a")]
)
def test_the_databases_own_trouble_never_makes_a_sender_give_up(recorder: Any, value: str) -> None:
    assert type(run(refusal_of(recorder, value))) is Unavailable


class InTheWay:
    """A recorder that PostgreSQL breaks off `times` times, as it does with one of two that wait for each other."""

    def __init__(self, times: int, state: str) -> None:
        self._times, self._state = times, state

    def __call__(self, db: Db, names: Sequence[str]) -> list[Any]:
        results = insert(db, names)
        self._times -= 1
        if self._times >= 0 and db.vendor == "postgresql":
            execute(db, [f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{self._state}'; END $$"])
        return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_what_another_hub_stood_in_the_way_of_is_tried_again(state: str) -> None:
    async def main() -> Any:
        writer = Writer()
        writer.start()
        try:
            return await writer.submit(InTheWay(2, state), "a")
        finally:
            await writer.close()

    assert run(main()) == "a"
    assert list(Job.objects.values_list("name", flat=True)) == ["a"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("value", [None, object(), {}, "\ud800"], ids=["nothing", "object", "mapping", "surrogate"])
def test_a_value_that_no_database_takes_is_the_senders_trouble(value: Any) -> None:
    assert type(run(refusal_of(insert, value))) is Impossible


def test_a_herd_is_told_to_come_back_at_many_different_seconds() -> None:
    seconds = {int(dict(unavailable("Later").headers)["Retry-After"]) for _ in range(2000)}

    assert seconds == set(range(RETRY_AFTER_FROM, RETRY_AFTER_TO + 1))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("database is locked", "it is locked"),
        ("database table is locked", "it is locked"),
        ("canceling statement due to lock timeout", "it is locked"),
        ("database or disk is full", "the disk is full"),
        ('could not extend file "base/5/16": No space left on device', "the disk is full"),
        ('relation "customer" does not exist: SELECT "blocked_at"', "it does not answer"),
        ("attempt to write a readonly database", "it is read-only"),
        ("cannot execute INSERT in a read-only transaction", "it is read-only"),
        ("database disk image is malformed", "it is damaged"),
        ("file is not a database", "it is damaged"),
        ("unable to open database file", "it cannot be opened"),
        ("disk I/O error", "the disk reports an error"),
        ("connection to server at 10.0.0.5, port 5432 failed: password=x", "it does not answer"),
        ("", "it does not answer"),
    ],
)
def test_the_sender_reads_a_plain_reason_that_gives_nothing_away(message: str, reason: str) -> None:
    assert plain_reason(Exception(message)) == reason
