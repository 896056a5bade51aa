"""Makes the hub's backups and their proofs, and keeps what became of them."""

import time
from datetime import datetime
from pathlib import Path
from typing import Final

from felhom_hub.backups.container import Contents, DamagedBackupError
from felhom_hub.backups.models import HubBackup
from felhom_hub.backups.queries import proven_files
from felhom_hub.backups.restore import verify_backup
from felhom_hub.backups.source import Source
from felhom_hub.backups.sqlite_file import Rest, never_rest
from felhom_hub.backups.take import Taken, keep_newest, take_backup

_KEPT_ROWS: Final = 1000


def make_backup(
    source: Source, assets: Path, directory: Path, *, keep: int, now: datetime, rest: Rest = never_rest
) -> tuple[Taken, list[Path]]:
    """There is a new backup in the directory, and it is noted; which old ones were removed after that.

    The newest `keep` stay, and the newest that is proven. Raises as `take_backup` and `keep_newest` do.
    """
    directory = directory.absolute()  # as it is noted: the proven one has to be known again
    began = time.monotonic()
    taken = take_backup(source, assets, directory, now=now, rest=rest)
    HubBackup.objects.create(
        path=str(taken.path),
        made_at=now,
        size_bytes=taken.size_bytes,
        database_bytes=taken.contents.database_bytes,
        row_count=sum(taken.contents.tables.values()),
        took_ms=round((time.monotonic() - began) * 1000),
    )
    newest = HubBackup.objects.order_by("-made_at", "-pk").values("pk")[:_KEPT_ROWS]
    HubBackup.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    return taken, keep_newest(directory, keep, made=taken.path, also=proven_files(now))


def prove_backup(path: Path, scratch: Path, *, now: datetime, rest: Rest = never_rest) -> Contents:
    """The backup was restored below `scratch` and is what it says of itself, which is noted where it is known.

    Raises as `verify_backup` does; that it is damaged is noted, too.
    """
    rows = HubBackup.objects.filter(path=str(path.absolute()))
    try:
        contents = verify_backup(path, scratch, rest)
    except DamagedBackupError as error:
        rows.update(looked_at=now, fault=str(error))
        raise
    rows.update(looked_at=now, fault="")
    return contents
