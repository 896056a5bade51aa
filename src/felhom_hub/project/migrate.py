"""Makes the database's tables as this version wants them, one hub after the other.

Several hubs of one PostgreSQL are often started or updated at once. Without a lock both would make the same tables, and
one of them would fail.
"""

from django.core.management import call_command
from django.db import connection

LOCK = 0x66656C686F6D  # "felhom"; PostgreSQL keeps advisory locks for each database
# A migration of many rows takes minutes; a hub that dropped off the network holds the lock until the server notices.
MOST_MINUTES = 10.0


def migrate_alone() -> None:
    """All tables are there, made by this hub or by another one that was first; raises DatabaseError."""
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{int(MOST_MINUTES * 60_000)}ms"])
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
                cursor.execute("RESET lock_timeout")
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()  # and the lock goes with it
