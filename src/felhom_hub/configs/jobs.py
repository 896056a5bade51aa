"""The recurring work on what is expected of the boxes."""

from datetime import datetime, timedelta

from django.conf import settings

from felhom_hub.base.schedule import Lane, every
from felhom_hub.base.words import count_words, number_words
from felhom_hub.configs.expected import expect_as_set, expectation, learn_intervals
from felhom_hub.configs.hashes import Inputs, expect_all_files
from felhom_hub.configs.retrieval import forget_tries
from felhom_hub.configs.template import known_marks, note_failure, note_fetched, note_unchanged
from felhom_hub.configs.template_ask import ask_for_trial
from felhom_hub.configs.template_change import try_waiting
from felhom_hub.configs.template_fetch import FetchError, Source, fetch_template
from felhom_hub.controllers.registry import Account

_made_of = Inputs()


@every(timedelta(minutes=5), label="Expected reports")
def expect_reports(_now: datetime) -> str:
    """The silence of boxes with an interval of their own counts by it, from their first report on."""
    return f"{count_words(expect_as_set(expectation()), 'server')} changed"


@every(timedelta(hours=1), label="Learn report intervals")
def learn_report_intervals(_now: datetime) -> str:
    """The silence of boxes that report less often than the fleet counts later, where hub.yaml says so."""
    wanted = expectation()
    return f"{count_words(learn_intervals(wanted), 'server')} changed" if wanted.is_learned else "switched off"


@every(timedelta(minutes=2), label="Expected configurations")
def expect_files(now: datetime) -> str:
    """What each box should report of its configuration is the hash of the file that the hub would make for it."""
    noted = expect_all_files(now, last=_made_of)
    if noted is None:
        return "nothing has changed"
    words = f"{count_words(noted.changed, 'server')} changed"
    return f"{words}, {count_words(noted.failed, 'file')} cannot be made" if noted.failed else words


@every(timedelta(hours=1), label="Retrieval clean-up")
def clean_up_retrieval_tries(now: datetime) -> str:
    """Wrong retrieval passwords that hold nobody back any more are deleted."""
    return f"{number_words(forget_tries(now))} removed"


@every(settings.HUB.registry.template_interval, label="Config template", lane=Lane.REMOTE)
def fetch_newest_template(now: datetime) -> str:
    """The newest template is stored, and is tried next; or it is known why there is none."""
    registry = settings.HUB.registry
    if not registry.template_url:
        return "the hub's own"
    source = Source(registry.template_url, registry.image, Account(registry.username, registry.token))
    try:
        fetched = fetch_template(source, known_marks(source.url))
    except FetchError as error:
        note_failure(str(error), now=now)
        return f"not fetched: {error}"
    if note_unchanged(now=now) if fetched is None else note_fetched(fetched, source.url, now=now):
        ask_for_trial(now)
        return "fetched, to be tried"
    return "unchanged"


@every(settings.HUB.registry.template_interval, label="Config template trial")
def try_newest_template(now: datetime) -> str:
    """A template that waits is tried on every customer, and holds if each gets its file; one refused is tried again."""
    return try_waiting(now=now)
