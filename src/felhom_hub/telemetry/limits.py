"""Whether an app's memory settings fit what it uses, and which limit would. Pure.

The bounds are the design language's (section 6), the least number of samples is ours.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

# A day of one box, a report a quarter of an hour, with a few missing. Below that a P95 is the luck of a few reports:
# four samples or fewer lie above it, and a backup at night may not be among them.
LEAST_SAMPLES = 90

# In percent, and compared as such: 1.15 × 100 in floating point lies a little below 115.
_TOO_LOW = 85  # of the limit, and more
_OVER_ESTIMATE = 115  # of the estimate, more than
_GENEROUS = 25  # of the limit, less than
_HEADROOM_TENTHS = 12  # 1.2 times
_STEP_MB = 32


class Verdict(StrEnum):
    """How the settings fit, the most urgent first."""

    LIMIT_TOO_LOW = "Limit too low"
    ESTIMATE_TOO_LOW = "Estimate too low"
    LIMIT_GENEROUS = "Limit generous"
    FITS = "Fits"
    UNKNOWN = "Too few samples"
    NO_SETTINGS = "No limit reported"


NEEDS_CHANGE = (Verdict.LIMIT_TOO_LOW, Verdict.ESTIMATE_TOO_LOW)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A limit, and the sum that it comes from: `p95_mb` × 1.2 = `raised_mb`, rounded up to the next 32 MB."""

    p95_mb: int
    raised_mb: int
    limit_mb: int


def verdict_of(p95_mb: float | None, *, samples: int, estimate_mb: int | None, limit_mb: int | None) -> Verdict:
    """The verdict; a setting of 0 is one that was not made."""
    if p95_mb is None or samples < LEAST_SAMPLES:
        return Verdict.UNKNOWN
    if limit_mb and p95_mb * 100 >= _TOO_LOW * limit_mb:
        return Verdict.LIMIT_TOO_LOW
    if estimate_mb and p95_mb * 100 > _OVER_ESTIMATE * estimate_mb:
        return Verdict.ESTIMATE_TOO_LOW
    if limit_mb and p95_mb * 100 < _GENEROUS * limit_mb:
        return Verdict.LIMIT_GENEROUS
    return Verdict.FITS if limit_mb or estimate_mb else Verdict.NO_SETTINGS


def suggested_limit(p95_mb: float | None, *, samples: int) -> Suggestion | None:
    """The suggested limit; None where there are too few samples to say one.

    The sum starts from the P95 as it is shown, in whole MB, so that everybody can follow it.
    """
    if p95_mb is None or samples < LEAST_SAMPLES:
        return None
    shown = round(p95_mb)
    raised = -(-shown * _HEADROOM_TENTHS // 10)
    return Suggestion(shown, raised, max(_STEP_MB, ceil(raised / _STEP_MB) * _STEP_MB))


def percent_of(part_mb: float, whole_mb: int) -> int:
    """`part` in percent of `whole`, rounded down: 84.9 % is not yet the 85 % that the verdict begins at."""
    return int(part_mb * 100 / whole_mb)
