"""The spans of time that the apps' pages look back over. Pure."""

from dataclasses import dataclass

HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Period:
    """`key` stands in the address. A period of days begins at midnight UTC, so that it is made of whole days."""

    key: str
    days: int
    words: str

    def first_hour(self, now_hour: int) -> int:
        """The first hour that belongs to the period, in hours since 1970; `now_hour` is the last."""
        if self.days == 1:
            return now_hour - HOURS_A_DAY + 1
        return (now_hour // HOURS_A_DAY - self.days) * HOURS_A_DAY


DAY = Period("24h", 1, "24 h")
WEEK = Period("7d", 7, "7 d")
MONTH = Period("30d", 30, "30 d")
PERIODS = (DAY, WEEK, MONTH)
DEFAULT = WEEK


def period_of(key: str) -> Period:
    """The period that an address names; the default where it names none."""
    return next((period for period in PERIODS if period.key == key), DEFAULT)
