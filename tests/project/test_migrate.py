import threading
import time

import pytest
from django.db import OperationalError, connection

from felhom_hub.project import migrate
from felhom_hub.project.migrate import migrate_alone

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture(autouse=True)
def _postgresql_only() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the lock is PostgreSQL's; a SQLite file has one hub")


def test_of_two_hubs_that_start_at_once_one_waits_however_long_the_other_takes() -> None:
    connection.ensure_connection()
    other = connection.copy()
    failures: list[Exception] = []

    def start() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = 1")  # for what is usually waited for
            migrate_alone()
        except Exception as error:  # noqa: BLE001 - told to the test's own thread
            failures.append(error)

    second = threading.Thread(target=start)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [migrate.LOCK])
            second.start()
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                cursor.execute(WAITS)
                if cursor.fetchone() == (1,):
                    break
                assert second.is_alive(), failures
            time.sleep(0.05)
            assert second.is_alive(), failures
    finally:
        other.close()
    second.join(SECONDS)
    assert (second.is_alive(), failures) == (False, [])


def test_who_waits_for_too_long_fails_and_leaves_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "MOST_MINUTES", 0.0001)
    connection.ensure_connection()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [migrate.LOCK])
            with pytest.raises(OperationalError, match="lock timeout"):
                migrate_alone()
    finally:
        other.close()

    migrate_alone()
    migrate_alone()
