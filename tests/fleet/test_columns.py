from collections.abc import Sequence

import pytest

from felhom_hub.fleet.columns import CHOOSABLE, Column, columns_of, columns_word


def test_who_how_and_when_can_not_be_left_out() -> None:
    assert {*Column} - {*CHOOSABLE} == {Column.STATUS, Column.CUSTOMER, Column.REPORT}


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ([], None),
        ([""], None),
        (["nothing"], None),
        (["status,customer"], None),
        (["-"], ()),
        (["disk,cpu"], (Column.CPU, Column.DISK)),
        (["-", "disk", "cpu", "cpu", "x"], (Column.CPU, Column.DISK)),
    ],
)
def test_columns_are_read_in_the_lists_order(written: Sequence[str], columns: tuple[Column, ...] | None) -> None:
    assert columns_of(written) == columns


@pytest.mark.parametrize("columns", [(), (Column.EVENTS,), CHOOSABLE])
def test_what_is_written_is_read_again(columns: tuple[Column, ...]) -> None:
    assert columns_of([columns_word(columns)]) == columns
