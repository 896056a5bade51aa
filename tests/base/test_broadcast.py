"""What a hub tells the others: after COMMIT, of what pages show, and no more often than it must."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import InterfaceError, connection, transaction

from felhom_hub.base.broadcast import CHANNEL, PAUSE_SECONDS, Broadcast

pytestmark = pytest.mark.django_db(transaction=True)


def record_reports() -> None: ...


def record_beats() -> None: ...


class Ear:
    """A connection that listens."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        raw.execute(f"LISTEN {CHANNEL}")

    def heard(self) -> list[str]:
        """What was told by the end of the last transaction."""
        self._raw.execute("SELECT 1")
        return [note.payload for note in self._raw.notifies(timeout=0)]


@pytest.fixture
def ear() -> Iterator[Ear]:
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite file has one hub")
    wrapper = connection.copy()
    wrapper.connect()
    yield Ear(wrapper.connection)
    wrapper.close()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def store(broadcast: Broadcast, *recorders: Any) -> None:
    with transaction.atomic():
        broadcast.stored(recorders or (record_reports,))


def test_the_others_are_told_after_the_commit_and_only_that_there_is_something(ear: Ear) -> None:
    broadcast = Broadcast()
    with transaction.atomic():
        broadcast.stored([record_reports])
        assert ear.heard() == []

    assert ear.heard() == [broadcast.token]
    assert len(broadcast.token) == 16
    assert broadcast.wait_seconds() is None


def test_what_no_page_shows_is_not_told(ear: Ear) -> None:
    broadcast = Broadcast([record_beats])

    store(broadcast, record_beats)
    assert (ear.heard(), broadcast.wait_seconds()) == ([], None)
    store(broadcast, record_beats, record_reports)
    assert ear.heard() == [broadcast.token]


def test_however_much_is_stored_within_a_pause_is_told_once_at_its_end(ear: Ear) -> None:
    clock = Clock()
    broadcast = Broadcast(clock=clock)
    store(broadcast)
    for _ in range(20):
        clock.now += PAUSE_SECONDS / 40
        store(broadcast)

    assert ear.heard() == [broadcast.token]
    assert broadcast.wait_seconds() == pytest.approx(PAUSE_SECONDS / 2)
    broadcast.tell_rest()
    assert ear.heard() == [broadcast.token]
    assert broadcast.wait_seconds() is None
    broadcast.tell_rest()
    clock.now += PAUSE_SECONDS
    assert ear.heard() == []
    store(broadcast)
    assert ear.heard() == [broadcast.token]


def test_a_hub_whose_database_is_away_tells_nobody_and_fails_nobody(ear: Ear) -> None:
    broadcast = Broadcast(clock=lambda: 100.0)
    store(broadcast)
    store(broadcast)
    assert ear.heard() == [broadcast.token]
    connection.close()
    settings = dict(connection.settings_dict)
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        broadcast.tell_rest()
    finally:
        connection.settings_dict.update(settings)

    assert broadcast.wait_seconds() is None
    assert ear.heard() == []


def test_a_connection_that_was_lost_does_not_end_the_writer(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    broadcast = Broadcast(clock=lambda: 100.0)
    store(broadcast)
    store(broadcast)
    assert ear.heard() == [broadcast.token]
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", Mock(side_effect=InterfaceError("connection already closed")))
        broadcast.tell_rest()

    assert broadcast.wait_seconds() is None


def test_on_sqlite_there_is_nobody_to_tell() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("here there are others")
    broadcast = Broadcast()
    store(broadcast)

    assert broadcast.wait_seconds() is None
