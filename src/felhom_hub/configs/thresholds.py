"""The two lines of each meter: from the first on a reading is a warning, from the second on it is critical. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Meter:
    """A reading with the hub's own lines and the largest that can be set."""

    label: str
    unit: str
    high: float
    critical: float
    most: float = 100


METERS: Final = {
    "cpu": Meter("CPU", "%", 85, 95),
    "memory": Meter("Memory", "%", 80, 92),
    "disk": Meter("Disk", "%", 85, 95),
    "temperature": Meter("CPU temperature", "°C", 80, 90, most=120),
}
NAMES: Final = tuple(f"{meter}_{line}" for meter in METERS for line in ("high", "critical"))


def default_of(name: str) -> float:
    """The hub's own line of that name, such as "disk_high"."""
    meter, _, line = name.rpartition("_")
    about = METERS[meter]
    return about.high if line == "high" else about.critical


def lines_of(own: Mapping[str, float], meter: str) -> tuple[float, float]:
    """The meter's lines, where the customer has no own ones the hub's."""
    high, critical = f"{meter}_high", f"{meter}_critical"
    return own.get(high, default_of(high)), own.get(critical, default_of(critical))


def read_thresholds(written: Mapping[str, str]) -> tuple[dict[str, float], dict[str, str]]:
    """The lines in a form, and what is wrong with each of the others; an empty one has the hub's default."""
    own: dict[str, float] = {}
    problems: dict[str, str] = {}
    for name in NAMES:
        text = written.get(name, "").strip()
        if not text:
            continue
        number = _number(text)
        most = METERS[name.rpartition("_")[0]].most
        if number is None or not 1 <= number <= most:
            problems[name] = f"Must be a number from 1 to {most:g}, or empty for {default_of(name):g}."
        else:
            own[name] = number
    for meter in METERS:
        high, critical = lines_of(own, meter)
        names = [name for name in (f"{meter}_high", f"{meter}_critical") if name in own]
        if high >= critical and names and not any(name in problems for name in names):
            problems[names[-1]] = f"Warning at {high:g} must be below critical at {critical:g}."
    return {name: value for name, value in own.items() if name not in problems}, problems


def _number(text: str) -> float | None:
    plain = text.replace(",", ".")
    if len(plain) > len("100.00") or not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
        return None
    return round(float(plain), 1)
