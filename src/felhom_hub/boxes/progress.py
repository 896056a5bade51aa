"""How far a call to a controller has come, step by step, as a page tells it. Pure but for the row it is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from felhom_hub.boxes.models import Call
from felhom_hub.controllers.versions import is_older

_SHOWN_FOR: Final = timedelta(hours=1)  # after it has ended
REPORT_WITHIN: Final = timedelta(minutes=15)  # after an update
_TITLES = {
    Call.Kind.COMPARE: "Reading the controller’s configuration",
    Call.Kind.PUSH: "Pushing the configuration",
    Call.Kind.UPDATE: "Updating the controller",
}
_ENDED = {
    Call.State.DONE: "done",
    Call.State.FAILED: "not done",
    Call.State.UNCERTAIN: "not known whether it was done",
    Call.State.LEFT: "waits for the next report",
    Call.State.WITHDRAWN: "withdrawn",
}
_TONES = {
    Call.State.DONE: "ok", Call.State.FAILED: "down", Call.State.UNCERTAIN: "warn",
    Call.State.LEFT: "info", Call.State.WITHDRAWN: "info",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words, and when it was made; None is not yet."""

    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """`is_open` while the hub works on it or waits for a report; `can_withdraw` as long as nothing was sent."""

    number: int
    kind: str
    title: str
    tone: str
    steps: tuple[Step, ...]
    is_open: bool
    can_withdraw: bool
    sentence: str
    answer: str
    ended_at: datetime | None


def progress_of(call: Call, *, version: str | None, reported_at: datetime | None, now: datetime) -> Progress | None:
    """How far the call is; None where it ended long ago. `version` is what the box reported at `reported_at`."""
    state = Call.State(call.state)
    is_open = state in {Call.State.WAITING, Call.State.RUNNING}
    steps = [Step("asked for", call.asked_at)]
    steps.append(Step("sent" if call.started_at else "waits for its turn", call.started_at))
    title, tone = _TITLES[Call.Kind(call.kind)], "info"
    if not is_open:
        title, tone = f"{title}: {_ENDED[state]}", _TONES[state]
        if state is Call.State.DONE:
            steps.append(Step("accepted by the controller", call.finished_at))
    else:
        steps.append(Step("the controller’s answer, within 30 s"))
    if state is Call.State.DONE and call.kind == Call.Kind.UPDATE and call.finished_at is not None:
        ends_at = call.finished_at + REPORT_WITHIN
        is_new = reported_at is not None and reported_at > call.finished_at
        if is_new and not (call.version and (version is None or is_older(version, call.version))):
            steps.append(Step(f"reports {version or 'again'}", reported_at))
        elif now < ends_at:
            title, tone, is_open = f"Updating the controller to {call.version or 'the newest version'}", "info", True
            steps.append(Step(f"a report{f' with {call.version}' if call.version else ''}, usually within 3 min"))
        else:
            tone = "warn"
            steps.append(Step("no report with the new version within 15 min"))
    if not is_open and state is not Call.State.LEFT and call.finished_at and now - call.finished_at > _SHOWN_FOR:
        return None
    can_withdraw = state in {Call.State.WAITING, Call.State.LEFT}
    sentence = "" if state is Call.State.DONE else call.sentence
    return Progress(
        call.pk, call.kind, title, tone, tuple(steps), is_open, can_withdraw, sentence, call.answer, call.finished_at
    )
