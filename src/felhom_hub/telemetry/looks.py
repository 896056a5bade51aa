"""How an app's figures look: the verdict's mark and sentence, the bar of memory against the limit. Pure."""

from dataclasses import dataclass

from felhom_hub.telemetry.limits import Verdict, percent_of

_TONES = {
    Verdict.LIMIT_TOO_LOW: ("down", "down"),
    Verdict.ESTIMATE_TOO_LOW: ("warn", "warn"),
    Verdict.LIMIT_GENEROUS: ("info", "info"),
    Verdict.FITS: ("ok", "ok"),
    Verdict.UNKNOWN: ("idle", "pending"),
    Verdict.NO_SETTINGS: ("idle", "pending"),
}
_LIMIT_AT = 92  # of the bar's 100, so that a P95 above the limit is still seen
_WARN_PERCENT, _DOWN_PERCENT = 85, 88  # of the limit, for one box
_LONGEST = 30  # of a name that becomes a tile's two letters


@dataclass(frozen=True, slots=True)
class Look:
    """A verdict as it is shown."""

    verdict: Verdict
    tone: str
    mark: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The bar: average as its filling; P95, estimate and limit as lines, each from 0 to 100; None has none."""

    track: float
    average: float | None
    p95: float | None
    estimate: float | None
    limit: float | None


def look_of(verdict: Verdict, p95_mb: float | None, *, estimate_mb: int | None, limit_mb: int | None) -> Look:
    """The verdict with the number that it rests on."""
    tone, mark = _TONES[verdict]
    return Look(verdict, tone, mark, _sentence(verdict, p95_mb or 0, estimate_mb, limit_mb))


def _sentence(verdict: Verdict, p95_mb: float, estimate_mb: int | None, limit_mb: int | None) -> str:
    if verdict is Verdict.UNKNOWN:
        return "No verdict yet"
    if verdict is Verdict.NO_SETTINGS:
        return "The catalog's values were not reported"
    if limit_mb and verdict is not Verdict.ESTIMATE_TOO_LOW:
        return f"P95 is {percent_of(p95_mb, limit_mb):,} % of the limit"
    return f"P95 is {percent_of(p95_mb, estimate_mb or 1):,} % of the estimate"


def fit_of(average: float | None, p95: float | None, *, estimate_mb: int | None, limit_mb: int | None) -> Fit | None:
    """The bar of an app; None where nothing was measured."""
    if average is None:
        return None
    values = [value for value in (average, p95, estimate_mb) if value]
    full = max([*values, limit_mb or 0]) or 1
    scale = _LIMIT_AT / (limit_mb if limit_mb and limit_mb * 100 >= full * _LIMIT_AT else full)

    def place(value: float | None) -> float | None:
        return round(value * scale, 1) if value else None

    limit = place(limit_mb)
    return Fit(limit or _LIMIT_AT, place(average), place(p95), place(estimate_mb), limit)


def tone_of_share(part_mb: float | None, limit_mb: int | None) -> str:
    """How loud a box's value is against its limit: "", "warn" or "down"."""
    if not part_mb or not limit_mb:
        return ""
    percent = percent_of(part_mb, limit_mb)
    return "down" if percent >= _DOWN_PERCENT else "warn" if percent >= _WARN_PERCENT else ""


def tile_of(name: str) -> str:
    """Two letters for an app's tile: of its first two words, else its first two."""
    words = name[:_LONGEST].replace("-", " ").replace("_", " ").split()
    letters = words[0][0] + words[1][0] if len(words) > 1 else "".join(words)[:2]
    return letters.upper() if len(words) > 1 else letters.capitalize()
