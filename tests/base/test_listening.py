"""A hub hears what others have stored, and asks once where it could not hear."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from structlog.testing import capture_logs

from felhom_hub.base import listening
from felhom_hub.base.broadcast import CHANNEL
from felhom_hub.base.listening import Listener

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite file has one hub")
    monkeypatch.setattr(listening, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(listening, "FIRST_WAIT_SECONDS", 0.02)


class Ear:
    def __init__(self) -> None:
        self.notes = threading.Semaphore(0)
        self.listener = Listener("own", self.notes.release)

    def hears(self) -> bool:
        return self.notes.acquire(timeout=SECONDS)

    def has_heard(self) -> bool:
        return self.notes.acquire(blocking=False)


@contextmanager
def listening_ear() -> Iterator[Ear]:
    ear = Ear()
    ear.listener.start()
    try:
        yield ear
    finally:
        ear.listener.end_soon()
        assert ear.listener.join(SECONDS)


def wait_until_listening(ear: Ear) -> None:
    waiting = threading.Event()
    while not ear.listener.is_listening:
        waiting.wait(0.005)


def tell(token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, token])


def test_what_another_hub_tells_is_heard_and_ones_own_is_not() -> None:
    with listening_ear() as ear:
        wait_until_listening(ear)
        tell("own")
        tell("another")
        assert ear.hears()
        tell("a third")
        assert ear.hears()
    assert not ear.has_heard()  # of three that were told, two


def test_a_listener_that_was_cut_off_takes_it_that_something_was_stored_and_hears_again() -> None:
    with capture_logs() as logged, listening_ear() as ear:
        wait_until_listening(ear)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            assert cursor.fetchall() == [(True,)]
        assert ear.hears()
        tell("another")
        assert ear.hears()
    assert [entry["event"] for entry in logged] == ["listening_lost", "listening_again"]


def test_a_listener_waits_longer_and_longer_for_a_server_that_is_away_and_ends_when_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "LONGEST_WAIT_SECONDS", 0.1)
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        with capture_logs() as logged, listening_ear() as ear:
            waiting = threading.Event()
            while len(logged) < 5:
                waiting.wait(0.005)
            connection.settings_dict["HOST"] = host
            assert ear.hears()
    finally:
        connection.settings_dict["HOST"] = host
    assert [entry["event"] for entry in logged[:5]] == ["listening_lost"] * 5
    assert logged[0]["again_in_seconds"] < logged[4]["again_in_seconds"] == 0.1
