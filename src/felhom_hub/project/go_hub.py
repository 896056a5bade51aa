"""Recognises the database of the Go hub, which an old hub.yaml names: it is moved in, never written to."""

from collections.abc import Collection
from typing import Final

from django.db import connection

_OF_THE_GO_HUB: Final = frozenset({"reports", "customer_configs", "infra_backups"})
_OURS: Final = "django_migrations"


def go_hub_problem() -> str:
    """What to do where the configured database is the Go hub's, in one line; empty where it is not."""
    if connection.vendor != "sqlite":
        return ""
    if not is_of_go_hub(connection.introspection.table_names()):
        return ""
    path = connection.settings_dict["NAME"]
    return (
        f"{path} is the database of the Go hub, and is left as it is. Stop the Go hub, rename the file to go-hub.db "
        "(with its -wal and -shm files), start this hub, and run `felhom-hub import-go` on it (docs/moving-in.md)"
    )


def is_of_go_hub(tables: Collection[str]) -> bool:
    """True for the tables of a Go hub's database in which no hub of ours has made its own."""
    return _OURS not in tables and not _OF_THE_GO_HUB.isdisjoint(tables)
