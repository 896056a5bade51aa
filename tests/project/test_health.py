import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import connection
from tests.asgi import Answer, call, run
from tests.build import NOW, report_body

from felhom_hub.base.db import Db
from felhom_hub.base.models import Pulse
from felhom_hub.base.writer import Writer
from felhom_hub.project import health
from felhom_hub.project.health import health_endpoints
from felhom_hub.reports.record import incoming_report, record_reports

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = ("/livez", "/readyz", "/healthz")


@asynccontextmanager
async def running() -> AsyncIterator[Writer]:
    writer = Writer()
    writer.start()
    try:
        yield writer
    finally:
        await writer.close()


async def ask(writer: Writer, path: str, method: str = "GET") -> Answer:
    return await call(health_endpoints(writer)[path], method, path)


def told(answer: Answer) -> tuple[int, dict[str, Any]]:
    return answer.status, answer.json()


def rename_table(before: str, after: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {before} RENAME TO {after}")


def test_a_hub_that_works_says_so_and_nothing_else() -> None:
    async def main() -> list[Answer]:
        async with running() as writer:
            return [await ask(writer, path) for path in PATHS]

    assert [told(answer) for answer in run(main())] == [
        (200, {"ok": True}),
        (200, {"ok": True}),
        (200, {"ok": True, "database": "readable and writable"}),
    ]


@pytest.mark.parametrize("path", PATHS)
def test_only_reading_is_possible(path: str) -> None:
    async def main() -> list[tuple[int, str]]:
        async with running() as writer:
            answers = [await ask(writer, path, method) for method in ("HEAD", "POST")]
            return [(answer.status, answer.headers.get("allow", "")) for answer in answers]

    assert run(main()) == [(200, ""), (405, "GET, HEAD")]


def test_every_check_writes_the_same_row() -> None:
    async def main() -> None:
        async with running() as writer:
            await asyncio.gather(*(ask(writer, "/healthz") for _ in range(20)))
            await ask(writer, "/healthz")

    run(main())

    assert Pulse.objects.count() == 1


def test_a_hub_that_stops_is_alive_but_takes_nothing_more() -> None:
    async def main() -> list[Answer]:
        async with running() as writer:
            pass
        return [await ask(writer, path) for path in PATHS]

    alive, ready, healthy = run(main())

    assert told(alive) == (200, {"ok": True})
    assert told(ready) == (503, {"ok": False, "error": "The hub is stopping"})
    assert (healthy.status, ready.headers["retry-after"]) == (503, "5")


def test_a_hub_that_is_told_to_stop_says_so_while_it_still_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> list[Answer]:
        async with running() as writer:
            monkeypatch.setattr("felhom_hub.project.health.is_interrupted", lambda: True)
            answers = [await ask(writer, path) for path in PATHS]
            await writer.submit(record_reports, incoming_report(report_body(), NOW, key_digest=None))
            return answers

    alive, ready, healthy = run(main())

    assert told(alive) == (200, {"ok": True})
    assert told(ready) == told(healthy) == (503, {"ok": False, "error": "The hub is stopping"})


def test_a_database_that_cannot_be_written_is_told_and_so_is_its_recovery() -> None:
    async def main() -> list[Answer]:
        async with running() as writer:
            await asyncio.to_thread(_rename_and_close, "base_pulse", "elsewhere")
            try:
                away = await ask(writer, "/healthz")
            finally:
                await asyncio.to_thread(_rename_and_close, "elsewhere", "base_pulse")
            return [away, await ask(writer, "/healthz"), await ask(writer, "/livez")]

    away, back, alive = run(main())

    assert (away.status, away.json()["ok"], "retry-after" in away.headers) == (503, False, True)
    assert (back.status, alive.status) == (200, 200)


def test_what_controllers_were_refused_lately_counts_until_it_is_stored_again() -> None:
    async def main() -> list[Answer]:
        async with running() as writer:
            await asyncio.to_thread(_rename_and_close, "reports_report", "elsewhere")
            try:
                with pytest.raises(Exception, match="cannot store this now"):
                    await writer.submit(record_reports, incoming_report(report_body(), NOW, key_digest=None))
            finally:
                await asyncio.to_thread(_rename_and_close, "elsewhere", "reports_report")
            refused = await ask(writer, "/healthz")
            await writer.submit(record_reports, incoming_report(report_body(), NOW, key_digest=None))
            return [refused, await ask(writer, "/healthz")]

    refused, stored = run(main())

    assert refused.status == 503
    assert refused.json()["error"].startswith("The database refused what controllers sent (")
    assert stored.status == 200


def test_a_database_that_does_not_answer_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.01)
    may_end = threading.Event()

    def stuck(_db: Db, values: Sequence[int]) -> list[bool]:
        assert may_end.wait(60)
        return [True for _ in values]

    async def main() -> Answer:
        async with running() as writer:
            writer.submit(stuck, 1)
            answer = await ask(writer, "/healthz")
            may_end.set()
            return answer

    answer = run(main())

    assert told(answer) == (503, {"ok": False, "error": "The database did not answer within 0 s"})
    assert answer.headers["retry-after"] == "10"


def _rename_and_close(before: str, after: str) -> None:
    """On a helper thread, whose connection nobody else would close."""
    rename_table(before, after)
    connection.close()
