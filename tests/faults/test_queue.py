"""More than the writer can store: what has no place is told when to come again, what has one is stored.

Also a report that nobody can store, among others: it fails alone. The writer's own rules are tested beside it.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from tests.build import incoming
from tests.servers.clients import Answer, answers_in, request_bytes
from tests.servers.hub import API_KEY, Hub

from felhom_hub.base.errors import Impossible
from felhom_hub.base.writer import CAPACITY, RETRY_AFTER_FROM, RETRY_AFTER_TO, Writer
from felhom_hub.reports.models import Report
from felhom_hub.reports.record import Recorded, record_reports

TOO_MANY = 200


@pytest.fixture
def many_sockets() -> Iterator[None]:
    """This process may open as many as the hub's queue holds, and some."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CAPACITY + TOO_MANY + 200
    if hard not in (resource.RLIM_INFINITY, -1) and hard < wanted:
        pytest.skip(f"this machine allows {hard} open files, and the test needs {wanted}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("many_sockets")
def test_full_queue_refuses_with_spread_times_and_stores_what_it_took(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.start()
    outside = hub.connect()
    outside.execute("BEGIN IMMEDIATE")

    answers = asyncio.run(flood(hub.port, CAPACITY + TOO_MANY, when_refused=lambda: outside.execute("ROLLBACK")))
    outside.close()

    refused = [answer for answer in answers if answer.status == 503]
    assert Counter(answer.status for answer in answers) == {200: len(answers) - len(refused), 503: len(refused)}
    assert refused
    assert all(answer.document["ok"] is False for answer in refused)
    seconds = {int(answer.headers["retry-after"]) for answer in refused}
    assert min(seconds) >= RETRY_AFTER_FROM
    assert max(seconds) <= RETRY_AFTER_TO
    assert len(seconds) > min(10, len(refused) - 1)
    assert hub.rows("SELECT count(*) FROM reports_report") == [(len(answers) - len(refused),)]


async def flood(port: int, clients: int, *, when_refused: Callable[[], object]) -> list[Answer]:
    """The answers to one report each from so many clients; `when_refused` is called upon the first 503."""
    answers: list[Answer] = []

    async def send(number: int) -> None:
        request = request_bytes("POST", "/api/v1/report", b'{"customer_id": "c%d"}' % number, key=API_KEY)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        received = b""
        while not answers_in(received):
            received += await reader.read(4096)
        writer.close()
        if answers_in(received)[0].status == 503 and not any(answer.status == 503 for answer in answers):
            when_refused()
        answers.extend(answers_in(received))

    async with asyncio.timeout(60):
        await asyncio.gather(*(send(number) for number in range(clients)))
    return answers


@pytest.mark.django_db(transaction=True)
def test_report_that_nobody_can_store_fails_alone() -> None:
    good = [incoming(f"good-{number}") for number in range(20)]
    poison = incoming("poison")
    poison = replace(poison, facts=replace(poison.facts, cpu_percent=object()))
    reports = [*good[:10], poison, *good[10:]]

    async def submit_all() -> list[Any]:
        writer = Writer()
        writer.start()
        waiting = [writer.submit(record_reports, report) for report in reports]
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert await writer.close()
        return outcomes

    outcomes = asyncio.run(submit_all())

    assert [type(outcome) for outcome in outcomes] == [Recorded] * 10 + [Impossible] + [Recorded] * 10
    stored = Report.objects.values_list("customer__customer_id", flat=True)
    assert set(stored) == {f"good-{number}" for number in range(20)}
