"""What came of a run, for people as lines and for scripts as an object."""

from collections.abc import Iterator, Mapping, Sequence

from felhom_hub.simulation.judge import Score
from felhom_hub.simulation.run import Result
from felhom_hub.simulation.spans import MINUTE

LABELS: Mapping[str, str] = {"hub": "felhom-hub", "plain": "plain threshold", "grace": "grace time"}
HEADINGS = ("alarms", "missed", "false", "just over", "doubled", "delay median", "delay p99")


def scores_of(result: Result) -> dict[str, Score]:
    """By the rule's name."""
    return {"hub": result.hub, "plain": result.plain, "grace": result.grace}


def cells(score: Score) -> tuple[str, ...]:
    """One for each heading."""
    counts = (score.alarms, len(score.missed), len(score.false), score.over, len(score.doubled))
    return (*(f"{count:,}" for count in counts), minutes(score.median), minutes(score.p99))


def minutes(milliseconds: int | None) -> str:
    """A delay, in minutes; a dash for none."""
    return "–" if milliseconds is None else f"{milliseconds / MINUTE:.1f} min"


def lines(result: Result) -> Iterator[str]:
    """The run, rule by rule, and what became of the messages."""
    yield f"Seed {result.seed}, {result.nodes:,} nodes, {result.hub.outages:,} outages that had to be told."
    yield ""
    rows = [("", *HEADINGS), *((LABELS[name], *cells(score)) for name, score in scores_of(result).items())]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        first, *others = (
            f"{cell:>{width}}" if index else f"{cell:<{width}}"
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join((first, *others))
    yield ""
    mail = result.mail
    yield (
        f"{mail.messages:,} messages accepted, {mail.lost:,} lost, {mail.doubled:,} doubled; "
        f"{mail.gathered:,} told in {mail.gatherings:,} summaries; {mail.reminders:,} reminders."
    )
    yield f"{result.left:,} nodes were silent still when their incident was over, {result.untold:,} of them untold."


def as_document(result: Result) -> dict[str, object]:
    """The same for scripts; delays in milliseconds."""
    mail = result.mail
    return {
        "seed": result.seed,
        "nodes": result.nodes,
        "outages": result.hub.outages,
        "rules": {name: _score(score) for name, score in scores_of(result).items()},
        "mail": {
            "accepted": mail.messages,
            "lost": mail.lost,
            "doubled": mail.doubled,
            "gathered": mail.gathered,
            "summaries": mail.gatherings,
            "reminders": mail.reminders,
            "deaf_time_told": mail.deaf_time_told,
        },
        "events": dict(sorted(result.events.items())),
        "left_by_incidents": result.left,
        "left_untold": result.untold,
    }


def _score(score: Score) -> dict[str, object]:
    return {
        "alarms": score.alarms,
        "kinds": dict(sorted(score.kinds.items())),
        "missed": len(score.missed),
        "false": len(score.false),
        "just_over": score.over,
        "doubled": len(score.doubled),
        "delay_median_ms": score.median,
        "delay_p99_ms": score.p99,
    }


def faults_of(result: Result) -> Sequence[str]:
    """What must never be, in words; nothing where all is well."""
    counts = (
        (len(result.hub.missed), "outages missed"),
        (len(result.hub.doubled), "alarms doubled"),
        (result.mail.lost, "messages lost"),
        (result.mail.doubled, "messages doubled"),
        (result.untold, "nodes left untold by an incident"),
    )
    return [f"{count:,} {words}" for count, words in counts if count]
