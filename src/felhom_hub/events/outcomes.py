"""Which types of the catalogue tell how a run of a kind of backup ended; what deadlines and nights count by. Pure."""

from dataclasses import dataclass

from felhom_hub.events.catalogue import ALIASES


@dataclass(frozen=True)
class Outcomes:
    """The types that tell how a run of one kind of backup ended."""

    done: frozenset[str]
    failed: frozenset[str]


def _outcomes(*, done: str, failed: str) -> Outcomes:
    aliases = {alias for alias, name in ALIASES.items() if name == done}
    return Outcomes(frozenset({done, *aliases}), frozenset({failed}))


BACKUP = _outcomes(done="backup_completed", failed="backup_failed")
DB_DUMP = _outcomes(done="db_dump_completed", failed="db_dump_failed")
CROSSDRIVE_BACKUP = _outcomes(done="crossdrive_backup_completed", failed="crossdrive_backup_failed")
INTEGRITY_CHECK = _outcomes(done="integrity_check_ok", failed="integrity_check_failed")
