"""Turns `database.url` into Django's database settings, with the ground decisions on SQLite and PostgreSQL."""

from typing import Any

from felhom_hub.project.database_url import DatabaseUrl, PostgresqlUrl
from felhom_hub.project.sqlite import is_wal_sound

BUSY_TIMEOUT_SECONDS = 5

# A report takes about 1 KB with its columns: 8 KiB pages leave less of themselves unused than 4 KiB pages.
SQLITE_PAGE_BYTES = 8192
SQLITE_CACHE_KIB = 8192
SQLITE_CHECKPOINT_PAGES = 1000

# A 200 says "on disk" (contract 1.2), whatever the server's own synchronous_commit is.
# Nobody waits for ever: not for a row or table that something else holds (as on SQLite), and not for a server that has
# dropped off the network without a word, which the system's own defaults notice after two hours.
_POSTGRESQL_SESSION: dict[str, Any] = {
    "connect_timeout": BUSY_TIMEOUT_SECONDS,
    "options": f"-c synchronous_commit=on -c lock_timeout={BUSY_TIMEOUT_SECONDS}s",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def django_database(url: DatabaseUrl) -> dict[str, Any]:
    """The `default` entry of DATABASES.

    SQLite writes durably (synchronous=FULL), takes the write lock at BEGIN, and never maps its file into memory: an
    I/O error in a mapping ends the process.
    """
    if isinstance(url, PostgresqlUrl):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.name,
            "USER": url.user,
            "PASSWORD": url.password,
            "HOST": url.host,
            "PORT": "" if url.port is None else str(url.port),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {**_POSTGRESQL_SESSION, **dict(url.parameters)},
        }
    journal = "WAL" if is_wal_sound() else "TRUNCATE"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(url.path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_TIMEOUT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                f"PRAGMA page_size={SQLITE_PAGE_BYTES};PRAGMA journal_mode={journal};PRAGMA synchronous=FULL;"
                f"PRAGMA wal_autocheckpoint={SQLITE_CHECKPOINT_PAGES};PRAGMA cache_size=-{SQLITE_CACHE_KIB};"
                "PRAGMA mmap_size=0;"
            ),
        },
        # The in-memory database has no WAL and cannot serve the writer's thread.
        "TEST": {"NAME": str(url.path.with_name("test.db"))},
    }
