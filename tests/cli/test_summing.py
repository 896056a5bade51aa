import contextlib
from datetime import timedelta

import pytest
from tests.build import NOW, incoming, record
from tests.cli.terminal import Terminal, percents
from tests.telemetry.hours import usage

from felhom_hub.cli.summing import TellingPace, sum_up_apps

pytestmark = pytest.mark.django_db


def shown_while_summing_up(*, is_hidden: bool) -> str:
    """What a terminal shows."""
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal):
        sum_up_apps(NOW, is_hidden=is_hidden)
    return terminal.getvalue()


@pytest.fixture
def _past() -> None:
    for hours in range(40):
        record([incoming("a", received_at=NOW - hours * timedelta(hours=1))])


@pytest.mark.usefixtures("_past")
def test_bars_go_on_with_the_work_and_end_when_it_is_done() -> None:
    shown = shown_while_summing_up(is_hidden=False)

    assert usage() == [("a", "immich", 40)]
    for label in ("Reading the apps", "Summing them up"):
        found = percents(shown, label)
        assert found == sorted(found)
        assert len(set(found)) > 2
        assert found[-1] == 100


@pytest.mark.usefixtures("_past")
def test_hidden_bars_say_nothing() -> None:
    assert shown_while_summing_up(is_hidden=True) == ""
    assert usage() == [("a", "immich", 40)]


def test_where_nothing_waits_there_is_no_bar() -> None:
    assert shown_while_summing_up(is_hidden=False) == ""


def test_a_pace_tells_of_each_portion() -> None:
    told: list[str] = []
    pace = TellingPace(lambda: told.append("a portion"))

    pace.rest()
    pace.rest()

    assert told == ["a portion", "a portion"]
