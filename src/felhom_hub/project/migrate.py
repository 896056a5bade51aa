"""Makes the database's tables as this version wants them, one hub after the other.

Several hubs of one PostgreSQL are often started or updated at once. Without a lock both would make the same tables, and
one of them would fail. Where a newer version was there before, the database is left as it is, and not served.
"""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

LOCK = 0x66656C686F6D  # "felhom"; PostgreSQL keeps advisory locks for each database
# A migration of many rows takes minutes; a hub that dropped off the network holds the lock until the server notices.
MOST_MINUTES = 10.0


class NewerDatabaseError(Exception):
    """A newer version has changed the tables; the message is one plain line."""


def migrate_alone() -> None:
    """All tables are there, made by this hub or by another one that was first.

    Raises NewerDatabaseError, DatabaseError.
    """
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{int(MOST_MINUTES * 60_000)}ms"])
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
                cursor.execute("RESET lock_timeout")
        if problem := newer_problem(MigrationLoader(connection)):
            raise NewerDatabaseError(problem)
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()  # and the lock goes with it


def newer_problem(loader: MigrationLoader) -> str:
    """What to do where a newer version has changed the database, in one line; empty where none has.

    Django passes over migrations that it does not know. An older version would then store into tables whose columns it
    does not fill, and refuse every report.
    """
    ours = {app for app, _ in loader.disk_migrations}
    newer = sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations.keys() - loader.disk_migrations if app in ours
    )
    return f"the database was used by a newer felhom-hub, which made {newer[-1]}; run that one" if newer else ""
