"""The nightly jobs of simulated machines: when backup and database dump ran last, and how they ended."""

from dataclasses import dataclass
from functools import lru_cache

from felhom_controller.readings import offset_seconds
from felhom_controller.troubles import DAY, Trouble, behaviour_of, outage_at, window_at

_DUMP_SECONDS = 2 * 3_600  # 02:00 local time, and half an hour later the backup
_BACKUP_AFTER_DUMP_SECONDS = 30 * 60
_LOOK_BACK_NIGHTS = 14


@dataclass(frozen=True, slots=True)
class Night:
    """What one night's jobs did; times in whole epoch seconds."""

    dump_at: int
    backup_at: int
    backup_ok: bool
    number: int


def is_backup_failing(seed: int, index: int, at: float) -> bool:
    """True while backups of this machine fail: its own trouble, or a drive that cannot be written."""
    turn = behaviour_of(index).turn
    if turn is None or turn.trouble not in {Trouble.BACKUP_FAILING, Trouble.READ_ONLY_DRIVE}:
        return False
    return window_at(turn, seed, at) is not None


@lru_cache(maxsize=65_536)
def night_of(seed: int, index: int, number: int) -> Night | None:
    """The jobs of a local day (days since the epoch), or None where the machine was off at that time."""
    stagger = index * 37 % 900
    local = int(number * DAY) + _DUMP_SECONDS + stagger
    dump_at = local - offset_seconds(local // 3_600 - 1)
    backup_at = dump_at + _BACKUP_AFTER_DUMP_SECONDS
    if outage_at(seed, index, dump_at) is not None or outage_at(seed, index, backup_at) is not None:
        return None
    return Night(dump_at, backup_at, not is_backup_failing(seed, index, backup_at), number)


def last_night(seed: int, index: int, at: float) -> Night | None:
    """The newest night whose jobs were over at `at`; None where a machine was off for a fortnight."""
    today = int(at // DAY) + 1
    for number in range(today, today - _LOOK_BACK_NIGHTS, -1):
        night = night_of(seed, index, number)
        if night is not None and night.backup_at <= at:
            return night
    return None
