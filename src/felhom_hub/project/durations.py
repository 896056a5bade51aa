"""Go's duration text ("30m", "1h30m", "1.5h") to timedelta and back; what makes sense is left to the settings."""

import re
from datetime import timedelta
from fractions import Fraction

# Go's time.ParseDuration, both signs for micro included.
_MICROSECONDS = {
    "ns": Fraction(1, 1000),
    "us": Fraction(1),
    "µs": Fraction(1),
    "μs": Fraction(1),
    "ms": Fraction(1_000),
    "s": Fraction(1_000_000),
    "m": Fraction(60_000_000),
    "h": Fraction(3_600_000_000),
}
_TERM = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h)"
_TEXT = re.compile(rf"([+-]?)((?:{_TERM})+)", re.ASCII)
_PART = re.compile(r"([0-9.]+)([a-zµμ]+)")

_DAYS = re.compile(r"([0-9]{1,5})d?", re.ASCII)
MAX_DAYS = 3650

# Go counts nanoseconds in 64 bits: about 292 years.
LONGEST = timedelta(microseconds=2**63 // 1000)
# Enough for any such duration; a longer digit string would only cost time.
_LONGEST_TEXT = 64


def parse_duration(text: str) -> timedelta:
    """The duration that Go would read, rounded down to the microsecond; ValueError for anything else."""
    if text in {"0", "+0", "-0"}:  # the one number that Go takes without a unit
        return timedelta()
    found = _TEXT.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if found is None:
        raise ValueError
    sign, parts = found.groups()
    total = sum((Fraction(_whole(number)) * _MICROSECONDS[unit] for number, unit in _PART.findall(parts)), Fraction())
    if total > LONGEST // timedelta(microseconds=1):
        raise ValueError
    return timedelta(microseconds=int(total)) * (-1 if sign == "-" else 1)


def _whole(number: str) -> str:
    """Go takes "1." and ".5"; Fraction wants digits on both sides."""
    return f"0{number}0" if number.startswith(".") or number.endswith(".") else number


def parse_days(text: str) -> timedelta:
    """Whole days, "90d" or "90"; ValueError for anything else, and for more than ten years."""
    found = _DAYS.fullmatch(text)
    if found is None or int(found[1]) > MAX_DAYS:
        raise ValueError
    return timedelta(days=int(found[1]))


def format_duration(span: timedelta) -> str:
    """The shortest text in whole units that `parse_duration` reads as this span: "1h30m", "90s" as "1m30s", "0s"."""
    sign = "-" if span < timedelta() else ""
    microseconds = abs(span) // timedelta(microseconds=1)
    text = ""
    for unit in ("h", "m", "s", "ms", "us"):
        count, microseconds = divmod(microseconds, int(_MICROSECONDS[unit]))
        if count:
            text += f"{count}{unit}"
    return sign + text if text else "0s"
