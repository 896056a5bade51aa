"""The database: whether it opens, can be read and written, has our tables, and is sound. It is left as it was found."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psutil
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from felhom_hub.base.models import Pulse
from felhom_hub.project.checks.findings import Finding, Level, fail, ok, warn
from felhom_hub.project.database_url import DatabaseUrl, SqliteUrl
from felhom_hub.project.go_hub import go_hub_problem
from felhom_hub.project.migrate import newer_problem
from felhom_hub.project.sqlite import is_wal_sound

FIRST_POSTGRESQL = 15

# How far a long check is, from 0 to 1; 1 is told once, when it is over.
OnProgress = Callable[[float], None]

# SQLite calls back after so many steps of its machine, or pages of a tree.
_STEPS = 2000
_REPORT_SECONDS = 0.2
# quick_check walks each tree, and then the rows of each table once more.
_READS_OF_THE_FILE = 2


def check_database(url: DatabaseUrl, *, now: datetime, on_progress: OnProgress) -> Iterator[Finding]:
    """What there is to say of Django's default database, which `url` names; a missing SQLite file is not made."""
    if isinstance(url, SqliteUrl):
        yield check_sqlite_version()
        unopened = _look_before_opening(url.path)
        if unopened:
            yield unopened
            return
    path = url.path if isinstance(url, SqliteUrl) else None
    subject = str(path or "PostgreSQL")
    try:
        opened = _attempted("database", subject, lambda: _check_opening(path))
        yield opened
        if opened.level is Level.FAIL:
            return
        yield _attempted("migrations", subject, _check_migrations)
        yield _attempted("write", subject, lambda: _check_write(now))
        if path:
            yield _attempted("soundness", subject, lambda: _check_soundness(path, on_progress))
    finally:
        connection.close()


def _look_before_opening(path: Path) -> Finding | None:
    """What there is to say of a file that SQLite would make or fill; None when it can be opened as it is."""
    try:
        size = _size(path)
    except FileNotFoundError:
        return ok("database", f"{path} does not exist yet; the first start makes it")
    except OSError as error:
        return fail("database", f"{path} cannot be reached: {(error.strerror or str(error)).lower()}")
    return None if size else ok("database", f"{path} is empty; the first start makes its tables")


def _attempted(name: str, subject: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Error as error:  # its text names host and user, never the password
        return fail(name, f"{subject}: {_one_line(error)}")


def check_sqlite_version() -> Finding:
    """Whether this process's SQLite may run with write-ahead logging (docs/decisions: our own SQLite)."""
    import sqlite3  # noqa: PLC0415 - only after use_own_sqlite(), which the settings call

    if is_wal_sound():
        return ok("SQLite", sqlite3.sqlite_version)
    return warn(
        "SQLite",
        f"{sqlite3.sqlite_version} has the WAL-reset bug of 3.7.0 to 3.51.2: "
        "the hub runs without write-ahead logging, and slower",
    )


def judge_postgresql_version(version: tuple[int, ...]) -> Finding:
    """Whether the server is one that the tests run on."""
    text = f"PostgreSQL {'.'.join(map(str, version))}"
    if version[0] < FIRST_POSTGRESQL:
        return fail("database", f"{text} is too old; the hub needs {FIRST_POSTGRESQL} or newer")
    return ok("database", f"{text} answers")


def _check_opening(path: Path | None) -> Finding:
    connection.ensure_connection()
    if path:
        return ok("database", f"{path} opens ({_size(path) / 1e6:.1f} MB)")
    return judge_postgresql_version(connection.get_database_version())


def _check_migrations() -> Finding:
    executor = MigrationExecutor(connection)
    known, applied = executor.loader.disk_migrations.keys(), executor.loader.applied_migrations.keys()
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if problem := newer_problem(executor.loader) or go_hub_problem():
        return fail("migrations", problem)
    if not applied:
        return ok("migrations", "there are no tables yet; the first start makes them")
    if pending:
        return warn("migrations", f"{len(pending)} of {len(known)} are pending; the next start applies them")
    return ok("migrations", f"all {len(known)} are applied")


def _check_write(now: datetime) -> Finding:
    """Writes what a health check writes, and takes it back."""
    if Pulse._meta.db_table not in connection.introspection.table_names():
        return ok("write", "not tried: there are no tables yet")
    with transaction.atomic():
        Pulse.objects.update_or_create(pk=1, defaults={"at": now})
        transaction.set_rollback(True)
    return ok("write", "the database can be written")


def _check_soundness(path: Path, on_progress: OnProgress) -> Finding:
    with _reported_progress(_size(path) * _READS_OF_THE_FILE, on_progress), connection.cursor() as cursor:
        # A pragma has no form in the ORM. It stops at the first fault: one is enough to act on.
        cursor.execute("PRAGMA quick_check(1)")
        (result,) = cursor.fetchone()
    if result == "ok":
        return ok("soundness", "quick_check found no fault")
    return fail("soundness", f"the database is damaged ({_one_line(result)}); stop the hub and bring back a backup")


@contextmanager
def _reported_progress(bytes_to_read: int, on_progress: OnProgress) -> Iterator[None]:
    """SQLite tells nothing of how far it is, but the operating system counts what the process has read."""
    process = psutil.Process()
    if not hasattr(process, "io_counters"):  # macOS
        yield
        return
    before = process.io_counters().read_chars

    shown_at = time.monotonic()

    def report() -> int:
        nonlocal shown_at
        if time.monotonic() - shown_at >= _REPORT_SECONDS:
            shown_at = time.monotonic()
            on_progress(min(0.99, (process.io_counters().read_chars - before) / bytes_to_read))
        return 0  # anything else would end the query

    connection.connection.set_progress_handler(report, _STEPS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, _STEPS)
        on_progress(1.0)


def _size(path: Path) -> int:
    return path.stat().st_size


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
