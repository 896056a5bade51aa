"""Two hubs on one database: the first is in the middle of its transaction when the second begins, or holds a lock."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SECONDS = 60
# The second has to get as far as the rows that both write; on SQLite it waits at its BEGIN.
HEAD_START = 0.3


def both_at_once(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """`second` runs in a transaction of its own thread while that of `first` is still open, and both commit."""
    has_begun, failures = threading.Event(), []

    def run_second() -> None:
        try:
            assert has_begun.wait(SECONDS)
            with transaction.atomic():
                second()
        except Exception as error:  # noqa: BLE001 - told to the test's own thread
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run_second)
    thread.start()
    with transaction.atomic():
        first()
        has_begun.set()
        time.sleep(HEAD_START)
    thread.join(SECONDS)
    assert not failures, failures


@contextmanager
def impatient_connection() -> Iterator[BaseDatabaseWrapper]:
    """A second connection, which does not wait for what the first one has locked."""
    second = connection.copy()
    try:
        with second.cursor() as cursor:
            cursor.execute("SET lock_timeout = 1" if second.vendor == "postgresql" else "PRAGMA busy_timeout = 0")
        yield second
    finally:
        second.close()


@contextmanager
def locked(*tables: str) -> Iterator[None]:
    """Somebody else holds what a writer of the tables needs."""
    with impatient_connection() as second, second.cursor() as cursor:
        cursor.execute("BEGIN" if second.vendor == "postgresql" else "BEGIN IMMEDIATE")
        if second.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE MODE")
        yield
        cursor.execute("ROLLBACK")
