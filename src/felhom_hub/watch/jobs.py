"""The recurring look for silence."""

from datetime import datetime

from django.conf import settings

from felhom_hub.base.schedule import every
from felhom_hub.base.words import count_words
from felhom_hub.reports.summary import thresholds
from felhom_hub.watch.staleness import Rules, check_silence


@every(settings.HUB.alerting.check_interval, label="Silent servers")
def look_for_silence(now: datetime) -> str:
    """What has fallen silent or reports again is told."""
    rules = Rules(thresholds(), deaf=(), period=settings.HUB.alerting.report_interval)
    return f"{count_words(check_silence(now, rules), 'server')} changed"
