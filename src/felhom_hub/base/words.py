"""The interface's words for times, spans and numbers (design language, section 4); pure, `now` and zone are given."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MINUTES_A_DAY = 24 * 60
# Below this age the minutes beside the hours still tell something, and below that one the hours beside the days.
_HOURS_WITH_MINUTES = 6
_DAYS_WITH_HOURS = 7

_BYTES_A_STEP = 1000
_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
# A tenth of a terabyte is a hundred gigabytes: too coarse for a disk that fills.
_DECIMALS = {"GB": 1, "TB": 2, "PB": 2}


def span_words(span: timedelta) -> str:
    """A length of time in the largest units that matter: "under 1 min", "4 min", "2 h 14 min", "11 h", "8 d"."""
    minutes = span // timedelta(minutes=1)
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min"
    hours = minutes // 60
    if minutes < _MINUTES_A_DAY:
        return _two(hours, "h", minutes % 60 if hours < _HOURS_WITH_MINUTES else 0, "min")
    days = hours // 24
    return _two(days, "d", hours % 24 if days < _DAYS_WITH_HOURS else 0, "h")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"


def age_words(instant: datetime, now: datetime) -> str:
    """How long ago `instant` was; a time slightly ahead of `now` counts as now."""
    return f"{span_words(now - instant)} ago"


def zone_words(zone: ZoneInfo) -> str:
    """The zone as a person says it: "Budapest time", "UTC"."""
    city = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    return city if city == "UTC" else f"{city} time"


def zone_hint(zone: ZoneInfo, now: datetime) -> str:
    """The zone with its present distance from UTC: "Budapest time (UTC+1)"."""
    words = zone_words(zone)
    offset = now.astimezone(zone).utcoffset() or timedelta()
    if words == "UTC":
        return words
    sign = "-" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{words} (UTC{sign}{hours}{f':{minutes:02}' if minutes else ''})"


def absolute_words(instant: datetime, zone: ZoneInfo) -> str:
    """The time in full: "Thu 12 Mar 2026, 14:18 Budapest time"."""
    local = instant.astimezone(zone)
    return f"{weekday_words(instant, zone)} {date_words(instant, zone)}, {local:%H:%M} {zone_words(zone)}"


def weekday_words(instant: datetime, zone: ZoneInfo) -> str:
    """The local day of the week: "Thu"."""
    return _DAYS[instant.astimezone(zone).weekday()]


def date_words(instant: datetime, zone: ZoneInfo) -> str:
    """The day: "12 Mar 2026"."""
    return day_words(instant.astimezone(zone).date())


def day_words(day: date) -> str:
    """Likewise of a day that is known as such."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def near_day_words(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The local day above what happened on it: "Today, Thu 12 Mar 2026"."""
    day, today = instant.astimezone(zone).date(), now.astimezone(zone).date()
    near = {today: "Today, ", today - timedelta(days=1): "Yesterday, "}.get(day, "")
    return f"{near}{weekday_words(instant, zone)} {date_words(instant, zone)}"


def moment_words(instant: datetime, zone: ZoneInfo) -> str:
    """`12 Mar 2026, 14:18`: the local date and time where many stand below each other."""
    local = instant.astimezone(zone)
    return f"{date_words(instant, zone)}, {local:%H:%M}"


def clock_words(instant: datetime, zone: ZoneInfo) -> str:
    """The time of day with seconds: "14:32:10"."""
    return f"{instant.astimezone(zone):%H:%M:%S}"


def number_words(number: float, decimals: int = 0) -> str:
    """The number with commas between thousands."""
    return f"{number:,.{decimals}f}"


def unit_words(number: float, unit: str, decimals: int = 0) -> str:
    """Number, space, unit: "91 %", "62 °C", "1,024 MB"."""
    return f"{number_words(number, decimals)} {unit}"


def size_words(size_bytes: float) -> str:
    """A size in decimal units, one decimal from a gigabyte on and two from a terabyte on, without idle zeros."""
    size, unit = float(size_bytes), _BYTE_UNITS[0]
    for unit in _BYTE_UNITS:
        # Half a unit below the step would be written as 1,000 of the smaller unit.
        if abs(size) < _BYTES_A_STEP - 0.5 or unit == _BYTE_UNITS[-1]:
            break
        size /= _BYTES_A_STEP
    words = number_words(size, _DECIMALS.get(unit, 0))
    return f"{words.rstrip('0').rstrip('.') if '.' in words else words} {unit}"


def count_words(count: int, one: str, many: str = "") -> str:
    """The count with its noun: "1 server", "3 servers"."""
    return f"{number_words(count)} {one if count == 1 else many or one + 's'}"
