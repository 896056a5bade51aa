"""What stands above the log: the finding in a sentence, and the chips that narrow the list. Asks no database."""

from dataclasses import dataclass

from felhom_hub.base.words import number_words
from felhom_hub.notify.channels import CHANNELS
from felhom_hub.notify.message_log import COUNTED, UNASKED, Counts, View

_PERIOD_WORDS = {"24h": "24 h", "7d": "7 days", "90d": "90 days"}
_RESULTS = (
    ("failed", "Failed", "down"),
    ("waiting", "Waiting", "info"),
    ("skipped", "Skipped", "paused"),
    ("sent", "Sent", "ok"),
)
_SENTENCE = (("sent", "sent"), ("skipped", "skipped with a reason"), ("waiting", "waiting"), ("failed", "failed"))
_AUDIENCES = (("operator", "Operator"), ("customer", "Customer"))


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that narrows the list; `mark` is its sign, `count` is empty where nothing was counted."""

    label: str
    mark: str
    count: str
    path: str
    is_current: bool
    is_zero: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The page's heading, the sentence below it, and the words for the browser's tab."""

    heading: str
    sentence: str
    tab: str


def finding_of(view: View, counts: Counts) -> Finding:
    """What became of the messages, in numbers."""
    total, failed = counts.of(), counts.of(result="failed")
    last = f"the last {_PERIOD_WORDS[view.period]}"
    if not total:
        return Finding(f"No message in {last}", "Every event that somebody is to be told of is listed here.", "none")
    if counts.is_bounded:
        among = f"the newest {number_words(COUNTED)} messages of {last}"
        heading = f"{number_words(failed)} of {among} failed" if failed else f"None of {among} failed"
    elif failed:
        heading = f"{number_words(failed)} of {number_words(total)} message{'s' * (total > 1)} failed in {last}"
    else:
        heading = f"No message failed in {last}"
    parts = ((counts.of(result=name), word) for name, word in _SENTENCE)
    sentence = ", ".join(f"{number_words(count)} {word}" for count, word in parts if count)
    return Finding(heading, f"{sentence}.", f"{number_words(failed)} failed" if failed else "none failed")


def chips_of(view: View, counts: Counts) -> list[Chip]:
    """Results, audiences, channels where there are several, and what else narrows the list."""
    more = "+" if counts.is_bounded else ""

    def chip(name: str, value: str, label: str, mark: str = "") -> Chip:
        count = counts.of(**{name: value})
        is_current = getattr(view, name) == value
        path = view.path(**{name: "" if is_current else value})
        return Chip(label, mark, f"{number_words(count)}{more}", path, is_current, is_zero=not count)

    is_all = not (view.result or view.audience or view.channel)
    everything = view.path(result="", audience="", channel="")
    chips = [Chip("All", "", f"{number_words(counts.of())}{more}", everything, is_all)]
    chips += [chip("result", name, label, mark) for name, label, mark in _RESULTS]
    chips += [chip("audience", name, label) for name, label in _AUDIENCES]
    used = [channel for channel in CHANNELS.values() if counts.of(channel=channel.kind)]
    if len(used) > 1 or view.channel:
        chips += [chip("channel", channel.kind, channel.label) for channel in used or [CHANNELS[view.channel]]]
    if view.customer:
        chips.append(_unasked(view))
    return chips


def _unasked(view: View) -> Chip:
    is_current = view.result == UNASKED
    return Chip("Not asked for", "", "", view.path(result="" if is_current else UNASKED), is_current)
