"""The recurring work on what is expected of the boxes."""

from datetime import datetime, timedelta

from felhom_hub.base.schedule import every
from felhom_hub.base.words import count_words
from felhom_hub.configs.expected import expect_as_set, expectation, learn_intervals


@every(timedelta(minutes=5), label="Expected reports")
def expect_reports(_now: datetime) -> str:
    """The silence of boxes with an interval of their own counts by it, from their first report on."""
    return f"{count_words(expect_as_set(expectation()), 'server')} changed"


@every(timedelta(hours=1), label="Learn report intervals")
def learn_report_intervals(_now: datetime) -> str:
    """The silence of boxes that report less often than the fleet counts later, where hub.yaml says so."""
    wanted = expectation()
    return f"{count_words(learn_intervals(wanted), 'server')} changed" if wanted.is_learned else "switched off"
