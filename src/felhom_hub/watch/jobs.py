"""The recurring look for silence, the daily one for missed backups, and the one for those made up for."""

from datetime import datetime, timedelta

from django.conf import settings

from felhom_hub.base.pace import Pace
from felhom_hub.base.schedule import Lane, Unfinished, daily, every
from felhom_hub.base.words import count_words
from felhom_hub.reports.summary import thresholds
from felhom_hub.watch import deadlines
from felhom_hub.watch.caught_up import check_caught_up
from felhom_hub.watch.common_cause import IncidentRules
from felhom_hub.watch.deadlines import Verdict, hears_since
from felhom_hub.watch.missed import check_deadlines
from felhom_hub.watch.queries import LEDGER, deaf_spans
from felhom_hub.watch.staleness import Looked, Rules, check_silence
from felhom_hub.watch.summary import tell_deaf_time

_DEADLINE_LEDGER = timedelta(days=2, hours=1)  # to the midnight before the last deadline, however late it is
# Of the time that a look takes. On SQLite whoever waits to write is not woken when the lock is free, but asks again
# after a while: a hundred thousand servers seen for the first time kept the intake waiting for seconds.
_SHARE = 0.5


@every(settings.HUB.alerting.check_interval, label="Silent servers", lane=Lane.PROMPT)
def look_for_silence(now: datetime) -> str:
    """What has fallen silent or reports again is told, and that the hub was deaf."""
    period = settings.HUB.alerting.report_interval
    zone = settings.HUB.server.time_zone
    together = IncidentRules(settings.HUB.alerting.incident_share / 100, settings.HUB.alerting.incident_window)
    rules = Rules(thresholds(), deaf_spans(now - LEDGER, now), period, together, zone)
    looked = check_silence(now, rules, Pace(_SHARE))
    tell_deaf_time(now, period=period, zone=zone)
    return _words(looked)


@daily(deadlines.AT, zone=settings.HUB.server.time_zone, label="Missed backups", lane=Lane.PROMPT)
def look_for_missed_backups(now: datetime) -> str:
    """Whose backup or database dump has not been done since midnight is told, once a day."""
    deaf = deaf_spans(now - _DEADLINE_LEDGER, now)
    again_at = hears_since(deaf, now=now, period=settings.HUB.alerting.report_interval)
    if again_at is not None:
        # The boxes' next reports say what the hub has not heard.
        raise Unfinished("waits for the reports after deaf time", again_at=again_at)
    counts = check_deadlines(now, zone=settings.HUB.server.time_zone, deaf=deaf)
    told = (Verdict.MISSED, Verdict.SILENT, Verdict.UNKNOWN, Verdict.DONE)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in told)


@every(timedelta(minutes=5), label="Backups made up for", lane=Lane.PROMPT)
def look_for_made_up_backups(now: datetime) -> str:
    """Who has made up for a missed backup, and has only reports to say so, has that told."""
    count = check_caught_up(now, zone=settings.HUB.server.time_zone)
    return f"{count_words(count, 'recovery', 'recoveries')} told" if count else "nothing to tell"


def _words(looked: Looked) -> str:
    changed = f"{count_words(looked.changed, 'server')} changed" if looked.changed else ""
    seen = f"{count_words(looked.seen, 'server')} seen for the first time" if looked.seen else ""
    return ", ".join(filter(None, (changed, seen))) or "no server changed"
