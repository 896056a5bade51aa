"""The recurring work on what the apps used."""

from datetime import datetime, timedelta

from felhom_hub.base.pace import Pace
from felhom_hub.base.schedule import every
from felhom_hub.base.words import count_words
from felhom_hub.telemetry.summarise import prune_summaries, summarise

# Of the time that a run takes, so that reports that come meanwhile are answered as fast as ever.
_SHARE = 0.25


@every(timedelta(minutes=1))
def sum_up_apps(now: datetime) -> str:
    """The figures of the apps' pages hold what was reported since the run before."""
    return f"{count_words(summarise(now, Pace(_SHARE)), 'customer')} summed up"


@every(timedelta(days=1))
def clean_up_app_figures(now: datetime) -> str:
    """What was summed up of times that no page looks back to is deleted."""
    return f"{prune_summaries(now)} removed"
