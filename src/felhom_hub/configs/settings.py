"""What a form says about a box's settings, and what of it is wrong. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from felhom_hub.configs.documents import is_read_alike
from felhom_hub.configs.overrides import has_values, problem_of
from felhom_hub.configs.thresholds import read_thresholds

LOG_LEVELS: Final = ("debug", "info", "warn", "error")
PINGS: Final = {
    "heartbeat": "Heartbeat",
    "system_health": "System health",
    "db_dump": "Database dump",
    "backup": "Backup",
    "integrity": "Integrity check",
}
PLACEHOLDER: Final = "CHANGEME"  # what the old template had where nothing was entered
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_PLACEHOLDER = re.compile(rf"{PLACEHOLDER}[A-Za-z0-9_-]{{0,50}}", re.ASCII)
_MINUTES = re.compile(r"[0-9]{1,4}", re.ASCII)
MOST_MINUTES: Final = 1440  # a day
_MONITORED: Final = {"": None, "yes": True, "no": False}


@dataclass(frozen=True)
class Settings:
    """A box's settings; None, empty and missing are the template's or the hub's default."""

    is_monitored: bool | None = None
    log_level: str = ""
    thresholds: dict[str, float] = field(default_factory=dict)
    ping_uuids: dict[str, str] = field(default_factory=dict)
    overrides: str = ""
    report_minutes: int | None = None  # how often the box is expected to report


def read_settings(written: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """The settings in a form, and what is wrong with each field, in one sentence."""
    thresholds, problems = read_thresholds(written)
    monitored, level = written.get("is_monitored", ""), written.get("log_level", "")
    if monitored not in _MONITORED:
        problems["is_monitored"] = "Must be one of the choices."
    if level not in ("", *LOG_LEVELS):
        problems["log_level"] = f"Must be one of {', '.join(LOG_LEVELS)}."
    uuids = {}
    for name in PINGS:
        text = written.get(f"ping_{name}", "").strip()
        if text and not (_UUID.fullmatch(text) or _PLACEHOLDER.fullmatch(text)):
            problems[f"ping_{name}"] = "Must be a UUID such as 3b1f8e0a-5c2d-4e6f-8a9b-0c1d2e3f4a5b, or empty."
        elif text:
            uuids[name] = text
    overrides = written.get("overrides", "").replace("\r\n", "\n")
    if sentence := problem_of(overrides):
        problems["overrides"] = sentence
    elif has_values(overrides) and not is_read_alike(overrides):
        problems["overrides"] = "Readers of YAML would not agree on it; write unusual characters in quotes, as escapes."
    minutes = written.get("report_minutes", "").strip()
    report_minutes = int(minutes) if _MINUTES.fullmatch(minutes) else 0
    if minutes and not 1 <= report_minutes <= MOST_MINUTES:
        problems["report_minutes"] = f"Must be a whole number of minutes from 1 to {MOST_MINUTES}, or empty."
    settings = Settings(_MONITORED.get(monitored), level, thresholds, uuids, overrides, report_minutes or None)
    return settings, problems


def written_settings(settings: Settings) -> dict[str, str]:
    """The settings as a form shows them."""
    monitored = next(text for text, value in _MONITORED.items() if value is settings.is_monitored)
    return {
        "is_monitored": monitored,
        "log_level": settings.log_level,
        "report_minutes": str(settings.report_minutes or ""),
        "overrides": settings.overrides,
        **{name: f"{value:g}" for name, value in settings.thresholds.items()},
        **{f"ping_{name}": value for name, value in settings.ping_uuids.items()},
    }
