"""Two hubs on one database: the first is in the middle of its transaction when the second begins."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

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
