"""Reads what somebody entered of a silence, new or changed, field by field, and says of each what is wrong with it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from felhom_hub.base.errors import Impossible
from felhom_hub.customers.identity import CUSTOMER_ID
from felhom_hub.customers.models import Customer
from felhom_hub.customers.tags import tags_of, written_tag
from felhom_hub.silences.change import Changed
from felhom_hub.silences.choices import possible
from felhom_hub.silences.queries import tagged_customers
from felhom_hub.silences.record import Entered
from felhom_hub.silences.recurrence import MINUTES_A_DAY, Schedule, first_instant, last_instant, next_window

MAX_WHY: Final = 120
MOST_CUSTOMERS: Final = 50
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_MOMENT = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})[ T,]+)?([0-9]{1,2}:[0-9]{2})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YEARS = range(2000, 2200)  # beyond them lie typing errors, and times that cannot be reckoned with
_LAST_MINUTE = 59


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: its texts, and what was ticked."""

    texts: Mapping[str, str]
    event_types: Collection[str] = ()
    weekdays: Collection[str] = ()

    def text(self, name: str) -> str:
        """One field, trimmed; empty where there is none."""
        return self.texts.get(name, "").strip()


@dataclass(frozen=True)
class Read:
    """`entered` is None where `problems` has a sentence for at least one field."""

    entered: Entered | None
    problems: Mapping[str, str]


def read_silence(typed: Typed, *, now: datetime, zone: ZoneInfo) -> Read:
    """What the form says. Local times are of the hub's zone."""
    problems: dict[str, str] = {}
    why = _why(typed, problems)
    customers, tag = _reach(typed, problems)
    choices = _choices(typed, problems)
    schedule = _schedule(typed, problems, now=now, zone=zone)
    if problems or schedule is None:
        return Read(None, problems)
    return Read(Entered(why, customers, tag, choices, bool(typed.text("for_customers")), schedule), problems)


@dataclass(frozen=True)
class ReadChange:
    """Likewise, of a silence that there is."""

    changed: Changed | None
    problems: Mapping[str, str]


def read_change(typed: Typed, before: Schedule, *, now: datetime, zone: ZoneInfo) -> ReadChange:
    """What the form says of a silence that has this schedule; for whom it is cannot be changed."""
    problems: dict[str, str] = {}
    why, choices = _why(typed, problems), _choices(typed, problems)
    schedule = _schedule(typed, problems, now=now, zone=zone)
    if problems or schedule is None:
        return ReadChange(None, problems)
    # What has begun keeps its begin: a form says "now" for all that lies behind.
    if schedule.from_at == now and before.from_at < now and before.repeats == schedule.repeats:
        schedule = replace(schedule, from_at=before.from_at)
    return ReadChange(Changed(why, frozenset(choices), bool(typed.text("for_customers")), schedule), {})


def _why(typed: Typed, problems: dict[str, str]) -> str:
    why = " ".join(typed.text("why").split())
    if not why:
        problems["why"] = "Say why: everybody who misses a message reads it."
    elif len(why) > MAX_WHY or not why.isprintable():
        problems["why"] = f"This must be one line of at most {MAX_WHY} printable characters."
    return why


def _reach(typed: Typed, problems: dict[str, str]) -> tuple[Mapping[int, str], str]:
    match typed.text("reach"):
        case "all":
            return {}, ""
        case "customers":
            return _customers(typed.text("customers"), problems), ""
        case "tag":
            return {}, _tag(typed.text("tag"), problems)
    problems["reach"] = "Choose for which servers it is."
    return {}, ""


def _customers(written: str, problems: dict[str, str]) -> Mapping[int, str]:
    """The customers of a list of ids and names, separated by commas or lines."""
    parts = list(dict.fromkeys(part.strip() for part in re.split(r"[,\n]", written) if part.strip()))
    if not parts:
        problems["customers"] = "Name at least one customer, by its id or its name."
        return {}
    if len(parts) > MOST_CUSTOMERS:
        problems["customers"] = f"These are more than {MOST_CUSTOMERS}: give them a tag, and silence the tag."
        return {}
    found: dict[int, str] = {}
    for part in parts:
        pks = _found(part)
        if len(pks) == 1:
            found.update(pks)
        elif pks:
            problems["customers"] = f"More than one customer is called “{part}”: write the id."
        else:
            problems["customers"] = f"There is no customer “{part[:100]}”."
    return found


def _found(part: str) -> dict[int, str]:
    """The customer with that id, or else those of that name, two at most."""
    if CUSTOMER_ID.fullmatch(part):
        by_id = dict(Customer.objects.filter(customer_id=part).values_list("pk", "customer_id"))
        if by_id:
            return by_id
    if not part.isprintable():  # PostgreSQL would fail at a NUL
        return {}
    return dict(Customer.objects.filter(name=part).values_list("pk", "customer_id")[:2])


def _tag(written: str, problems: dict[str, str]) -> str:
    try:
        tag = written_tag(written)
    except Impossible:
        tag = ""
    if not tag:
        problems["tag"] = "Name the tag."
    elif not any(tag in tags_of(tags) for _, tags in tagged_customers()):
        problems["tag"] = f"No customer has the tag “{tag}”. Tags are entered in a customer’s form."
    return tag


def _choices(typed: Typed, problems: dict[str, str]) -> tuple[str, ...]:
    if typed.text("types") == "all":
        return ()
    known = possible()
    chosen = tuple(dict.fromkeys(each for each in typed.event_types if each in known))
    if not chosen:
        problems["event_types"] = "Choose at least one type of event, or all of them."
    return chosen


def _schedule(typed: Typed, problems: dict[str, str], *, now: datetime, zone: ZoneInfo) -> Schedule | None:
    match typed.text("repeats"):
        case "once":
            return _once(typed, problems, now=now, zone=zone)
        case "weekly":
            return _weekly(typed, problems, now=now, zone=zone)
    problems["repeats"] = "Choose whether it comes once or again each week."
    return None


def _once(typed: Typed, problems: dict[str, str], *, now: datetime, zone: ZoneInfo) -> Schedule | None:
    today = now.astimezone(zone).date()
    wrong = f"Write the time as {today:%Y-%m-%d} 16:00, or 16:00 for today."
    begin, end = typed.text("from"), typed.text("until")
    from_at, until_at = now, None
    if begin:
        day, minute = _moment(begin, today)
        if minute is None:
            problems["from"] = wrong
        else:
            from_at = max(first_instant(day, minute, zone), now)
    if end:
        day, minute = _moment(end, today)
        if minute is None:
            problems["until"] = wrong
        else:
            until_at = last_instant(day, minute, zone)
            if until_at <= now:
                problems["until"] = "This has passed already."
            elif until_at <= from_at:
                problems["until"] = "The end must be later than the begin."
    return None if {"from", "until"} & set(problems) else Schedule(from_at, until_at)


def _weekly(typed: Typed, problems: dict[str, str], *, now: datetime, zone: ZoneInfo) -> Schedule | None:
    days = frozenset(int(each) for each in typed.weekdays if each in set("0123456"))
    if not days:
        problems["weekdays"] = "Choose at least one day."
    begin, end = _minute(typed.text("window_from")), _minute(typed.text("window_to"))
    if begin is None or begin == MINUTES_A_DAY:
        problems["window_from"] = "Write the time as 02:00."
    if end is None:
        problems["window_to"] = "Write the time as 04:00; 24:00 is the end of the day."
    elif begin == end:
        problems["window_to"] = "Begin and end are the same; 00:00 to 24:00 is the whole day."
    until_at = _end_of(typed.text("last_day"), problems, zone)
    if {"weekdays", "window_from", "window_to", "last_day"} & set(problems) or begin is None or end is None:
        return None
    schedule = Schedule(now, until_at, days, begin, end)
    if next_window(schedule, now - timedelta(seconds=1), zone) is None:
        problems["last_day"] = "No window comes until then."
        return None
    return schedule


def _end_of(written: str, problems: dict[str, str], zone: ZoneInfo) -> datetime | None:
    """The midnight behind that day; None where there is none, or where it cannot be read."""
    if not written:
        return None
    day = _day(written)
    if day is None:
        problems["last_day"] = "Write the day as 2026-06-30: year, month, day."
        return None
    return first_instant(day + timedelta(days=1), 0, zone)


def _moment(written: str, today: date) -> tuple[date, int | None]:
    """Day and minute of "2026-03-12 16:00", or of "16:00" today; no minute where it cannot be read."""
    found = _MOMENT.fullmatch(written)
    if found is None:
        return today, None
    day = _day(found[1]) if found[1] else today
    return (today, None) if day is None else (day, _minute(found[2]))


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        return None
    return day if day is not None and day.year in _YEARS else None


def _minute(written: str) -> int | None:
    """The minute of the day, 24:00 included; None for what is no time of day."""
    found = _CLOCK.fullmatch(written)
    if found is None or int(found[2]) > _LAST_MINUTE:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= MINUTES_A_DAY else None
