"""The state a simulated machine is in at a moment, and what its health check says about it."""

from dataclasses import dataclass
from datetime import datetime

from felhom_controller.nights import Night
from felhom_controller.readings import BUDAPEST
from felhom_controller.report import Health
from felhom_controller.troubles import DAY, FLAP_SECONDS, Trouble, behaviour_of, phase_of, window_at

CRASHING_APP, LEAKING_APP = "nextcloud", "immich"
CRASH_SECONDS = 310.0  # from one restart of a crashing container to the next

# Disk and memory fill in a straight line over a lap, and cross the limit exactly where the trouble begins.
_DISK_LOW, _DISK_LIMIT = 52.0, 85.0
_LEAK_LOW, _LEAK_LIMIT = 0.30, 0.90
_READ_ONLY_PERCENT = 97.0
_GROWTH_DAYS, _GROWTH_PERCENT = 60.0, 6.0


@dataclass(frozen=True, slots=True)
class Condition:
    """What is particular at this moment; `leak_share` is the leaking app's use of its memory limit."""

    trouble: Trouble | None
    since: float
    data_percent: float
    leak_share: float | None
    is_flap: bool


def _ramp(phase: float, onset: float, low: float, limit: float) -> float:
    return low + (limit - low) * phase / onset


def condition_at(seed: int, index: int, base_percent: float, at: float) -> Condition:
    """The machine's condition at a moment (epoch seconds)."""
    behaviour = behaviour_of(index)
    turn = behaviour.turn
    growth = _GROWTH_PERCENT * ((at / DAY / _GROWTH_DAYS + index / 7) % 1.0)
    percent = int((base_percent + growth) * 10) / 10
    is_flap = behaviour.is_flapping and int(at // FLAP_SECONDS) % 3 == 0
    if turn is None:
        return Condition(None, at, percent, None, is_flap)
    window, phase = window_at(turn, seed, at), phase_of(turn, seed, at)
    leak = None
    if turn.trouble is Trouble.DISK_FILLING:
        percent = int(_ramp(phase, turn.onset, _DISK_LOW, _DISK_LIMIT) * 10) / 10
    elif turn.trouble is Trouble.MEMORY_LEAK:
        leak = min(0.99, _ramp(phase, turn.onset, _LEAK_LOW, _LEAK_LIMIT))
    elif turn.trouble is Trouble.READ_ONLY_DRIVE and window is not None:
        percent = _READ_ONLY_PERCENT
    if window is None:
        return Condition(None, at, percent, leak, is_flap)
    return Condition(turn.trouble, window.start, percent, leak, is_flap)


def _sentence(condition: Condition, at: float) -> str:
    if condition.trouble is Trouble.READ_ONLY_DRIVE:
        return "drive hdd1 is read-only, Immich and Nextcloud cannot write"
    if condition.trouble is Trouble.CRASH_LOOP:
        since = datetime.fromtimestamp(condition.since, BUDAPEST)
        return f"Nextcloud is restarting in a loop: {crashes(condition, at)} restarts since {since:%d %b %H:%M}"
    if condition.trouble is Trouble.DISK_FILLING:
        return f"drive hdd1 is {condition.data_percent:.1f} % full"
    if condition.trouble is Trouble.HOT:
        return "CPU temperature is over 80 °C, check the fan"
    return f"Immich uses {100 * (condition.leak_share or 0):.0f} % of its memory limit"


def crashes(condition: Condition, at: float) -> int:
    """Restarts of the crashing container since the loop began."""
    return int((at - condition.since) // CRASH_SECONDS) if condition.trouble is Trouble.CRASH_LOOP else 0


def health_of(condition: Condition, night: Night | None, at: float) -> Health:
    """The health check's verdict with its sentences; `night` is the last one whose jobs ran."""
    warnings = [] if night is None or night.backup_ok else ["last backup failed: the repository cannot be written"]
    if condition.is_flap:
        warnings.append("Nextcloud answers slowly: health check took over 10 s")
    trouble = condition.trouble
    if trouble in {Trouble.READ_ONLY_DRIVE, Trouble.CRASH_LOOP}:
        return Health("fail", [_sentence(condition, at)], warnings)
    if trouble is not None and trouble is not Trouble.BACKUP_FAILING:
        warnings.append(_sentence(condition, at))
    return Health("warn" if warnings else "ok", [], warnings)
