"""Puts our own SQLite in the place of the system's, before Django or anybody else imports `sqlite3`.

SQLite 3.7.0 to 3.51.2 can corrupt a database when a WAL is reset while another connection checkpoints (fixed in
3.51.3). Where no newer library can be had, the hub runs without WAL: docs/decisions/0004-own-sqlite.md.
"""

import sys

FIRST_SOUND_VERSION = (3, 51, 3)


def use_own_sqlite() -> None:
    """`import sqlite3` means the bundled library from now on, where a wheel of it exists for this machine."""
    try:
        import pysqlite3  # noqa: PLC0415 - there is no wheel for some machines
        import pysqlite3.dbapi2  # noqa: PLC0415 - likewise
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def is_wal_sound() -> bool:
    """True when this process's SQLite may be trusted with write-ahead logging."""
    import sqlite3  # noqa: PLC0415 - only after use_own_sqlite()

    return sqlite3.sqlite_version_info >= FIRST_SOUND_VERSION
