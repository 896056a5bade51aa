"""The jobs, run in a thread of their own beside a test that waits for what they do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def job_loop() -> Iterator[None]:
    """As the serving hub has one."""
    from django.db import connections  # noqa: PLC0415 - after Django's settings

    from felhom_hub.base.instants import utc_now  # noqa: PLC0415 - likewise
    from felhom_hub.base.schedule import load_jobs, run_due  # noqa: PLC0415 - likewise

    load_jobs()
    stop = threading.Event()

    def loop() -> None:
        while not stop.wait(0.02):
            run_due(utc_now())
        connections.close_all()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
