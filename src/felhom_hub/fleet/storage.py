"""The drives of a server as its page shows them, those with a problem first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from felhom_hub.base.words import size_words
from felhom_hub.fleet.meters import DISK, Lines, Tone
from felhom_hub.reports.detail import Drive

_ROLES = {"system": "System", "data": "App data", "backup": "Backups"}
_URGENCY = {"down": 0, "warn": 1, "": 2}


@dataclass(frozen=True, slots=True)
class DriveRow:
    """One drive; `percent` is None and texts are empty where nothing is reported."""

    name: str
    place: str
    role: str
    percent: int | None
    used: str
    free: str
    state: str
    tone: Tone
    is_retired: bool


def drive_rows(drives: Iterable[Drive], *, is_old: bool, lines: Lines = DISK) -> list[DriveRow]:
    """The rows; last known ones warn of nothing."""
    return sorted(
        (_row(drive, lines, is_old=is_old) for drive in drives), key=lambda row: (_URGENCY[row.tone], row.is_retired)
    )


def _row(drive: Drive, lines: Lines, *, is_old: bool) -> DriveRow:
    is_retired = drive.state == "decommissioned"
    is_gone = not is_retired and (drive.state == "disconnected" or drive.is_mounted is False)
    tone: Tone = ""
    if is_gone:
        tone = "down"
    elif drive.percent is not None and not is_retired:
        tone = lines.tone_of(drive.percent)
    return DriveRow(
        name=drive.name,
        place=" · ".join(dict.fromkeys(text for text in (drive.path, drive.device) if text and text != drive.name)),
        role=_ROLES.get(drive.role or "", drive.role or ""),
        percent=None if drive.percent is None else round(drive.percent),
        used=_used(drive),
        free=_free(drive),
        state=_state(drive, is_gone=is_gone, is_retired=is_retired),
        tone="" if is_old else tone,
        is_retired=is_retired,
    )


def _used(drive: Drive) -> str:
    if drive.total_bytes is None:
        return ""
    total = size_words(drive.total_bytes)
    return total if drive.used_bytes is None else f"{size_words(drive.used_bytes)} of {total}"


def _free(drive: Drive) -> str:
    if drive.total_bytes is None or drive.used_bytes is None or drive.used_bytes > drive.total_bytes:
        return ""
    return f"{size_words(drive.total_bytes - drive.used_bytes)} free"


def _state(drive: Drive, *, is_gone: bool, is_retired: bool) -> str:
    if is_retired:
        return "Decommissioned"
    if is_gone:
        return "Disconnected" if drive.state == "disconnected" else "Not mounted"
    if drive.is_mounted:
        return "Mounted"
    return (drive.state or "").capitalize()
