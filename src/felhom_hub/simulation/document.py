"""Renders a long form as docs/alert-truth.md: every number in it comes from the run or from the constants."""

from collections.abc import Iterator
from textwrap import fill

from felhom_hub.base.words import count_words
from felhom_hub.simulation import mix, sizes
from felhom_hub.simulation.long_form import LongForm
from felhom_hub.simulation.plan import Size
from felhom_hub.simulation.run import Result
from felhom_hub.simulation.shown import HEADINGS, LABELS, cells, scores_of
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, SECOND
from felhom_hub.simulation.switches import RULES

_WHOSE = {"node": "each node", "hub": "the hub", "fleet": "the fleet", "mail": "the mail provider"}


_INTRODUCTION = """\
# Alarms and the truth

A simulation drives the hub's own code on a virtual clock: its beats, the ledger of deaf time, the look for silence,
incidents, the decision to tell, what is held back, and the delivery, with a stand-in for the provider that remembers
keys for a day. It knows what really happened, and holds every message against it. Beside the hub's rules it runs two
others over the same reports: the plain threshold of the Go hub (stale after 30 minutes without a report, down after
60), and the grace time of uptime monitors (down when the next report, due after 15 minutes, is 15 minutes late). Both
are given all that speaks for them: they remember across restarts, look at the same moments, and whatever they decide
arrives at once.

This document is rendered from one run; the same seed gives the same numbers on every machine.

```
felhom-hub simulate                    the short form: {short}
felhom-hub simulate --long --seed {seed} --write-docs docs/alert-truth.md
make test-long                         the long form as a test, with what has to come of it
```

Seed **{seed}**. The run took {minutes:.0f} minutes of one processor. Sizes:

- the year: {long};
- the ablation: {ablation}; smaller, since it is run once with
  all rules and once without each.
"""

_DEFINITIONS = """\
## What the words mean

- **Cut off**: a node that does not run, or whose line to the hub is gone.
- **Outage that had to be told**: a node was cut off for longer than the down threshold (60 minutes) and one check (1
  minute), in *hearing time*: without the time in which the hub could not hear, and without one reporting period (15
  minutes) after each such time, four at most. Where the hub's clock is set back, it counts from there.
- **Missed**: such an outage of which no message reached the operator, neither its own nor an incident's.
- **False**: a message that alarms, and none of whose nodes (of an incident: fewer than five) was cut off while the hub
  could hear, between the node's last accepted report and the decision.
- **Just over**: a message that is not false, but none of whose nodes was cut off any more when it was decided: the next
  report was on its way.
- **Doubled**: says of a node what was said before, with no report accepted in between. A reminder, which is meant to,
  is no alarm and is counted apart.
- **Delay**: from when the node was cut off to when the first message of it was accepted by the provider; for a node
  that joined an incident that was told, to when it joined. Of the outages that had to be told.
- **Left untold**: was silent still when its incident was over, for two checks and more, and was not told alone.
"""

_LIMITS = """\
## What it does not show

- Reports of the large runs do not go through the intake one by one: before each look the rows say when each node was
  heard last. A test drives a smaller fleet both ways, every report through the intake's verb with the boxes' wrong
  clocks and with repeated reports, and both give the same events at the same moments.
- Looks that would find nothing to decide are left out, and so are beats between which nothing happens. The reminders'
  job looks every hour, and not every five minutes.
- One hub at a time: two that share a database are in other tests, and so are a real provider's answers, SMTP, and a
  process that is killed between two steps.
- Nobody sets a silence or acknowledges, and every node is expected every 15 minutes."""


def render(form: LongForm) -> str:
    """The document."""
    return "\n".join(_lines(form)) + "\n"


def _lines(form: LongForm) -> Iterator[str]:
    yield from _introduction(form)
    yield _DEFINITIONS
    yield from fault_lines()
    yield from _year(form)
    yield from _goals(form)
    yield from _scenarios(form)
    yield from _ablation(form)
    yield _LIMITS


def _introduction(form: LongForm) -> Iterator[str]:
    yield _INTRODUCTION.format(
        seed=form.seed,
        minutes=form.processor_seconds / 60,
        short=size_words(sizes.SHORT),
        long=size_words(sizes.LONG),
        ablation=size_words(sizes.ABLATION),
    )


def size_words(size: Size) -> str:
    """How large a run is."""
    faster = "" if size.haste == 1 else f", faults {size.haste:g} times as often"
    return f"{size.nodes:,} nodes, {size.days} days{faster}"


def fault_lines() -> Iterator[str]:
    """The mix of faults, which the code has as well."""
    yield "## What goes wrong"
    yield ""
    yield "Lengths are spread evenly on a log scale. Every node reports every 15 minutes, up to 4 seconds late."
    yield ""
    yield "| whose | a year | from | to | what |"
    yield "|---|---:|---:|---:|---|"
    for each in mix.FAULTS:
        spans = f"{_span(each.shortest)} | {_span(each.longest)}"
        yield f"| {_WHOSE[each.whose]} | {each.per_year:g} | {spans} | {each.words} |"
    yield ""
    yield _paragraph(
        f"Of {mix.LATE_ONE_OF:,} reports one is 20 seconds to 8 minutes late; of {mix.OVERTAKEN_ONE_OF:,} one is under "
        f"way for 20 minutes to 3 hours and overtaken by others; of {mix.LOST_ONE_OF:,} one is lost. "
        f"Of {mix.ANSWER_LOST_ONE_OF:,} messages one is accepted and the answer is lost; at one of "
        f"{mix.KILLED_ONE_OF:,} the worker dies before it notes the answer. The year has both days on which clocks "
        "change. After a start and after a clock was set, the look for silence comes before the first beat in half of "
        "the cases."
    )
    yield ""


def _paragraph(text: str) -> str:
    return fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _span(milliseconds: int) -> str:
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s")):
        if milliseconds >= unit and milliseconds % unit == 0:
            return f"{milliseconds // unit} {name}"
    return f"{milliseconds} ms"


def _table(first: str, rows: Iterator[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    yield f"| {first} | " + " | ".join(HEADINGS) + " |"
    yield "|---|" + "---:|" * len(HEADINGS)
    for name, values in rows:
        yield f"| {name} | " + " | ".join(values) + " |"
    yield ""


def _year(form: LongForm) -> Iterator[str]:
    year = form.year
    yield "## The year"
    yield ""
    yield f"{year.hub.outages:,} outages had to be told."
    yield ""
    yield from _table("rule", ((LABELS[name], cells(score)) for name, score in scores_of(year).items()))
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(year.hub.kinds.items()))
    mail = year.mail
    summaries, reminders = count_words(mail.gatherings, "summary", "summaries"), count_words(mail.reminders, "reminder")
    yield _paragraph(
        f"The hub's alarms by kind: {kinds}. Messages that the provider accepted, customers' and recoveries among "
        f"them: {mail.messages:,}; lost {mail.lost:,}, doubled {mail.doubled:,}; {mail.gathered:,} were told in "
        f"{summaries}; {reminders}; deaf time was told {mail.deaf_time_told:,} times. Silent still when their incident "
        f"was over: {count_words(year.left, 'node')}, {year.untold:,} of them left untold."
    )
    yield ""


def _goals(form: LongForm) -> Iterator[str]:
    year = form.year
    hub, plain = len(year.hub.false), len(year.plain.false)
    fewer = f"{plain:,} : {hub:,}" + (f", {plain / hub:.0f} × fewer" if hub else "")
    yield "| to reach over the year | reached | number |"
    yield "|---|---|---|"
    for words, is_reached, number in (
        (
            "no missed outage longer than the down threshold and one check",
            not year.hub.missed,
            f"{len(year.hub.missed):,}",
        ),
        ("no alarm doubled", not year.hub.doubled, f"{len(year.hub.doubled):,}"),
        (
            "no message lost, none doubled",
            not year.mail.lost + year.mail.doubled,
            f"{year.mail.lost:,} and {year.mail.doubled:,}",
        ),
        ("at least 50 × fewer false alarms than the plain rule", hub * 50 <= plain, fewer),
        ("nobody left untold by an incident", not year.untold, f"{year.untold:,} of {year.left:,}"),
    ):
        yield f"| {words} | {'yes' if is_reached else '**no**'} | {number} |"
    yield ""


def _scenarios(form: LongForm) -> Iterator[str]:
    yield "## One thing alone"
    yield ""
    headings = (
        "alarms",
        "of them false",
        "incidents",
        "deaf time told",
        "messages lost, doubled",
        "told in summaries",
        "left untold",
    )
    yield "| what happens | what has to come of it | " + " | ".join(headings) + " |"
    yield "|---|---|" + "---:|" * len(headings)
    for each in form.alone:
        what = f"the same without `{each.without}`" if each.without else each.scenario.words
        wanted = "" if each.without else each.scenario.wanted
        yield f"| {what} | {wanted} | " + " | ".join((*_measured(each.result), f"{each.result.untold:,}")) + " |"
    yield ""


def _measured(result: Result) -> Iterator[str]:
    mail = result.mail
    yield f"{result.hub.alarms:,}"
    yield f"{len(result.hub.false):,}"
    yield f"{result.hub.kinds['incident']:,}"
    yield f"{mail.deaf_time_told:,}"
    yield f"{mail.lost:,}, {mail.doubled:,}"
    yield f"{mail.gathered:,} in {mail.gatherings:,}"


def _ablation(form: LongForm) -> Iterator[str]:
    yield "## Each rule switched off"
    yield ""
    yield "The same plan with all rules, and without each one in turn; beside the headings of above, how many nodes an"
    yield "incident left untold, and how many messages the operator got in all."
    yield ""
    yield "| without | " + " | ".join(HEADINGS) + " | left untold | messages to the operator |"
    yield "|---|" + "---:|" * (len(HEADINGS) + 2)
    runs = {"nothing": form.with_all, **{f"`{name}`": result for name, result in form.without.items()}}
    for name, result in runs.items():
        more = (f"{result.untold:,}", f"{result.mail.to_operator:,}")
        yield f"| {name} | " + " | ".join((*cells(result.hub), *more)) + " |"
    yield ""
    for name, words in RULES.items():
        yield f"- `{name}`: {words}."
    yield ""
