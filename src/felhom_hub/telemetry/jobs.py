"""The recurring work on what the apps used."""

from datetime import datetime, timedelta

from felhom_hub.base.pace import Pace
from felhom_hub.base.schedule import every
from felhom_hub.base.words import count_words
from felhom_hub.telemetry.summarise import summarise

# Of the time that a run takes, so that reports that come meanwhile are answered as fast as ever.
_SHARE = 0.25


@every(timedelta(minutes=1))
def sum_up_apps(now: datetime) -> str:
    """The figures of the apps' pages hold what was reported since the run before."""
    return f"{count_words(summarise(now, Pace(_SHARE)), 'customer')} summed up"
