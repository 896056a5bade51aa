from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from felhom_hub.project import databases
from felhom_hub.project.database_url import PostgresqlUrl, SqliteUrl, parse_database_url
from felhom_hub.project.databases import django_database
from felhom_hub.project.sqlite import is_wal_sound

SESSION = {
    "connect_timeout": 5,
    "options": "-c synchronous_commit=on -c lock_timeout=5s",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
}


def pragma(name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def test_postgresql_is_reached_as_the_url_says() -> None:
    url = PostgresqlUrl("hub", "felhom", "s3cret", "db.example.hu", 5433, (("sslmode", "require"),))

    assert django_database(url) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "hub",
        "USER": "felhom",
        "PASSWORD": "s3cret",
        "HOST": "db.example.hu",
        "PORT": "5433",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**SESSION, "sslmode": "require"},
    }


def test_a_time_limit_of_the_url_counts() -> None:
    url = parse_database_url("postgresql://felhom@db/hub?connect_timeout=2")

    assert django_database(url)["OPTIONS"] == {**SESSION, "connect_timeout": "2"}
    assert django_database(url)["PORT"] == ""


@pytest.mark.parametrize(("is_sound", "journal"), [(True, "WAL"), (False, "TRUNCATE")])
def test_sqlite_is_durable_and_without_wal_where_that_is_not_sound(
    is_sound: bool, journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "is_wal_sound", lambda: is_sound)

    assert django_database(SqliteUrl(Path("/data/hub.db"))) == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "/data/hub.db",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 5,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                f"PRAGMA page_size=8192;PRAGMA journal_mode={journal};PRAGMA synchronous=FULL;"
                "PRAGMA wal_autocheckpoint=1000;PRAGMA cache_size=-8192;PRAGMA mmap_size=0;"
            ),
        },
        "TEST": {"NAME": "/data/test.db"},
    }


@pytest.mark.sqlite_only
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal" if is_wal_sound() else "truncate"),
        ("synchronous", 2),
        ("page_size", 8192),
        ("wal_autocheckpoint", 1000),
        ("cache_size", -8192),
        ("mmap_size", 0),
        ("busy_timeout", 5000),
        ("foreign_keys", 1),
    ],
)
def test_a_connection_has_what_was_decided(name: str, value: object) -> None:
    assert pragma(name) == value


@pytest.mark.django_db
def test_a_commit_is_on_disk_whatever_the_server_prefers() -> None:
    """The tests' own PostgreSQL runs with synchronous_commit=off."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous")
        assert cursor.fetchone()[0] in ("on", 2)


@pytest.mark.django_db
def test_nobody_waits_for_ever_for_what_is_locked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout" if connection.vendor == "postgresql" else "PRAGMA busy_timeout")
        assert cursor.fetchone()[0] in ("5s", 5000)


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_a_transaction_has_the_write_lock_from_its_beginning() -> None:
    with closing(connection.copy()) as second, second.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        with transaction.atomic(), pytest.raises(OperationalError, match="locked"):
            cursor.execute("BEGIN IMMEDIATE")


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not is_wal_sound(), reason="needs write-ahead logging")
def test_a_page_reads_while_a_batch_is_being_written() -> None:
    with closing(connection.copy()) as second, second.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        with transaction.atomic():
            cursor.execute("SELECT count(*) FROM base_job")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_tests_run_on_what_they_say(pytestconfig: pytest.Config) -> None:
    assert connection.vendor == pytestconfig.getoption("database")
    assert connection.settings_dict["NAME"] not in ("", ":memory:")
