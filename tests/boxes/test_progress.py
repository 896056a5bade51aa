from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW

from felhom_hub.boxes.models import Call
from felhom_hub.boxes.progress import Progress, progress_of

MINUTE = timedelta(minutes=1)


def progress(
    *, now_minutes: float = 1, version: str | None = "v0.30.1", reported: float = -4, **columns: Any
) -> Progress | None:
    call = Call(**{"pk": 7, "kind": "update", "asked_at": NOW, "version": "v0.30.2", **columns})
    return progress_of(call, version=version, reported_at=NOW + reported * MINUTE, now=NOW + now_minutes * MINUTE)


def words(found: Progress | None) -> list[str]:
    assert found is not None
    return [step.words for step in found.steps]


DONE: dict[str, Any] = {"state": "done", "started_at": NOW, "finished_at": NOW, "sentence": "The controller has begun."}


def test_from_asked_to_the_report_that_shows_it() -> None:
    waiting = progress(state="waiting")
    assert waiting is not None
    assert (waiting.is_open, waiting.can_withdraw) == (True, True)
    assert words(waiting) == ["asked for", "waits for its turn", "the controller’s answer, within 30 s"]
    running = progress(state="running", started_at=NOW)
    assert running is not None
    assert (words(running)[1], running.can_withdraw) == ("sent", False)
    accepted = progress(**DONE)
    assert accepted is not None
    assert (accepted.title, accepted.is_open) == ("Updating the controller to v0.30.2", True)
    assert words(accepted)[2:] == ["accepted by the controller", "a report with v0.30.2, usually within 3 min"]


def test_the_report_with_its_version_ends_it() -> None:
    values = {**DONE, "version": "v0.30.2"}
    call = Call(pk=7, kind="update", asked_at=NOW, **values)
    for version in ("v0.30.2", "v0.31.0"):
        found = progress_of(call, version=version, reported_at=NOW + MINUTE, now=NOW + 2 * MINUTE)
        assert found is not None
        assert (found.is_open, words(found)[-1]) == (False, f"reports {version}")
    waiting = progress_of(call, version=None, reported_at=NOW + MINUTE, now=NOW + 2 * MINUTE)
    assert waiting is not None
    assert waiting.is_open


def test_a_report_with_the_old_version_does_not_end_it() -> None:
    old = progress(**DONE, reported=1)
    assert old is not None
    assert old.is_open
    late = progress(**DONE, reported=1, now_minutes=16)
    assert late is not None
    assert (late.is_open, late.tone) == (False, "warn")
    assert words(late)[-1] == "no report with the new version within 15 min"


@pytest.mark.parametrize(
    ("state", "tone", "can_withdraw"),
    [("failed", "down", False), ("uncertain", "warn", False), ("left", "info", True), ("withdrawn", "info", False)],
)
def test_how_it_ended_is_said_in_words(state: str, tone: str, can_withdraw: bool) -> None:
    found = progress(kind="push", state=state, finished_at=NOW, sentence="Why.")

    assert found is not None
    assert (found.tone, found.can_withdraw, found.is_open, found.sentence) == (tone, can_withdraw, False, "Why.")
    assert found.title.startswith("Pushing the configuration: ")


def test_what_ended_long_ago_is_not_told_any_more_unless_it_still_waits() -> None:
    assert progress(kind="push", state="failed", finished_at=NOW, now_minutes=61) is None
    assert progress(kind="push", state="left", finished_at=NOW, now_minutes=61) is not None
