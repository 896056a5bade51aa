"""The pulse of a hub; what becomes of it when the hub is killed is in tests/faults/test_deaf.py."""

import asyncio
from collections.abc import Iterator

import pytest
from django.db import connection
from tests.build import NOW, make_api_key, make_customer

from felhom_hub.base.writer import Writer
from felhom_hub.customers.auth import digest_of
from felhom_hub.customers.models import KeyUse
from felhom_hub.customers.uses import note_use, take_uses
from felhom_hub.project import beats
from felhom_hub.project.beats import beat_until, read_clocks
from felhom_hub.watch.models import Hearing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(beats, "BEAT_SECONDS", 0.05)
    yield
    connection.close()


async def beat_for_a_while(writer: Writer, seconds: float = 0.5) -> None:
    stopping = asyncio.Event()
    task = asyncio.create_task(beat_until(stopping, writer))
    await asyncio.sleep(seconds)
    stopping.set()
    await task


def test_a_hub_that_runs_beats_through_its_writer() -> None:
    async def run() -> int:
        writer = Writer()
        writer.start()
        await beat_for_a_while(writer)
        await writer.close()
        return writer.committed

    began = read_clocks().at
    committed = asyncio.run(run())

    assert committed >= 2
    assert began <= Hearing.objects.get().at <= read_clocks().at


def test_a_hub_that_refuses_does_not_beat() -> None:
    async def run() -> None:
        writer = Writer(capacity=0)
        writer.start()
        await beat_for_a_while(writer)
        await writer.close()

    asyncio.run(run())

    assert not Hearing.objects.exists()


def test_a_hub_whose_reports_were_refused_does_not_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Writer, "recent_refusal", lambda _self, within_seconds: f"full for {within_seconds} s")

    async def run() -> int:
        writer = Writer()
        writer.start()
        await beat_for_a_while(writer)
        await writer.close()
        return writer.committed

    assert asyncio.run(run()) >= 1
    assert not Hearing.objects.exists()


def test_what_was_noted_of_keys_goes_with_the_beats() -> None:
    key = make_api_key(make_customer("a"))
    take_uses()

    async def run() -> None:
        writer = Writer()
        writer.start()
        note_use(digest_of(key), "192.0.2.7", NOW)
        await beat_for_a_while(writer)
        await writer.close()

    asyncio.run(run())

    assert KeyUse.objects.values_list("used_at", "address").get() == (NOW, "192.0.2.7")
