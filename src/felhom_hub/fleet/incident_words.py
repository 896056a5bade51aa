"""Incidents in words: the finding of one, how far it is over, and when it ends. Asks no database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.words import count_words, moment_words, number_words, span_words
from felhom_hub.fleet.banner import Reason
from felhom_hub.watch.common_cause import most_left
from felhom_hub.watch.incident_queries import KnownIncident, Share

# How the trait begins (watch/common_cause.py), and what it speaks for.
_SUSPECTS = (
    (" and on controller ", "the software rather than the sites"),
    (" and in ", "power or internet of the town"),
    (" and under ", "the domain or its tunnel"),
)


def finding(incident: KnownIncident, *, now: datetime, zone: ZoneInfo) -> str:
    """What has happened, so that a person can check it: "212 of 240 servers silent since 14:05"."""
    words = f"{number_words(incident.nodes)} of {count_words(incident.fleet, 'server')}"
    since = time_words(incident.silent_since_at, now, zone)
    if incident.ended_at is None:
        return f"{words} silent since {since}"
    return f"{words} were silent for {span_words(incident.ended_at - incident.silent_since_at)} from {since} on"


def progress(incident: KnownIncident) -> str:
    """How many report again: "31 of 212 report again, 181 are silent still"."""
    again = f"{number_words(incident.back)} of {number_words(incident.nodes)} report again"
    if incident.ended_at is not None:
        return again
    return f"{again}, {number_words(incident.silent)} {'is' if incident.silent == 1 else 'are'} silent still"


def causes(incident: KnownIncident, shares: Iterable[Share], *, deaf: timedelta, heard: int | None) -> list[Reason]:
    """What speaks for which cause: what they share, the hub's own hearing, how many are back.

    `deaf` is how long the hub could not hear meanwhile; `heard` how many others reported lately, None when it is over.
    """
    return [_suspect(incident, shares), _hearing(deaf, heard), _back(incident)]


def _suspect(incident: KnownIncident, shares: Iterable[Share]) -> Reason:
    found = [words for beginning, words in _SUSPECTS if beginning in f" and {incident.trait}"]
    if not found:
        return Reason("Suspect what the hub does not know of:", " they share no version, town or domain")
    telling = min((share for share in shares if share.is_telling), key=lambda share: share.others_with, default=None)
    return Reason(f"Suspect {' or '.join(found)}.", " They fell silent together", _share_words(telling))


def _share_words(share: Share | None) -> str:
    # In numbers alone: the trait itself is in a box's own words, which may turn what stands beside them.
    if share is None:
        return ""
    return (
        f"All {number_words(share.silent)} silent ones share it, and "
        f"{number_words(share.others_with)} of {count_words(share.others, 'other')}."
    )


def _hearing(deaf: timedelta, heard: int | None) -> Reason:
    if deaf:
        return Reason("The hub itself did not hear all the time:", f" it was deaf for {span_words(deaf)}")
    if heard is None:
        return Reason("The hub itself heard all the time.", " It was not deaf meanwhile")
    rest = f" {count_words(heard, 'other server')} reported in the last 15 min"
    return Reason("The hub itself hears." if heard else "The hub hears nobody:", rest)


def _back(incident: KnownIncident) -> Reason:
    left = incident.nodes - incident.back
    hint = "" if incident.is_open or not left else f"{count_words(left, 'server')} did not come back before it ended."
    return Reason(f"{progress(incident)}.", hint=hint, section="servers")


def ending(nodes: int) -> str:
    """When it is over."""
    left = most_left(nodes)
    if not left:
        return "It ends by itself when all of them report again."
    few = "one is" if left == 1 else f"{number_words(left)} are"
    return (
        f"It ends by itself when all of them report again, or when no more than {few} still silent a reporting period "
        "later. Who is left then is told alone."
    )


def time_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The local time, with its day where that is not today."""
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.astimezone(zone).date() else moment_words(at, zone)
