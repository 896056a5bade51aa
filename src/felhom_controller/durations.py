"""Reads and writes spans of time the way the configuration does (`30s`, `15m`, `1h30m`, `500ms`)."""

import re

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")


def seconds_of(text: str) -> float:
    """Seconds in a Go duration.

    Raises ValueError with a sentence for the person who wrote it.
    """
    cleaned = text.strip().lower()
    if _WHOLE.fullmatch(cleaned) is None:
        raise ValueError(f"{text!r} is not a duration; write it as 30s, 15m or 1h30m")
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(cleaned))


def duration_of(seconds: float) -> str:
    """The shortest Go duration for whole seconds, such as `1h30m`; parts that are zero are left out."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, whole = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "m"), (whole, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"
