import contextlib
import io

import pytest
from tests.cli.terminal import Terminal, percents

from felhom_hub.cli.bars import bar_of_portions


def shown(expected: int, portions: int, *, on: io.StringIO, is_hidden: bool | None = None) -> str:
    with contextlib.redirect_stderr(on), bar_of_portions("Working", expected, is_hidden=is_hidden) as told:
        for _ in range(portions):
            told()
    return on.getvalue()


@pytest.mark.parametrize("portions", [1, 4, 9], ids=["fewer", "as many", "more"])
def test_the_bar_ends_at_all_whatever_was_expected(portions: int) -> None:
    found = percents(shown(4, portions, on=Terminal()), "Working")

    assert found[0] == 0
    assert found[-1] == 100
    assert found == sorted(found)


def test_it_is_for_terminals_by_default_and_for_nobody_where_nothing_is_expected() -> None:
    assert shown(4, 4, on=io.StringIO()) == ""
    assert shown(4, 4, on=Terminal(), is_hidden=True) == ""
    assert shown(0, 4, on=Terminal()) == ""
    assert "Working" in shown(4, 4, on=io.StringIO(), is_hidden=False)


def test_what_ends_the_work_passes_through() -> None:
    def work() -> None:
        with contextlib.redirect_stderr(Terminal()), bar_of_portions("Working", 4) as told:
            told()
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        work()
