import pytest

from felhom_hub.base.copy.values import Row
from felhom_hub.project.copy.compare import Compared, compare

ROWS = [(1, "a"), (2, "b"), (3, "c")]


def compared(rows: list[Row], copied: list[Row]) -> Compared:
    return compare("t", iter(rows), iter(copied), key=0, canonical=lambda row: repr(row).encode())


def test_the_same_rows_are_the_same() -> None:
    found = compared(ROWS, list(ROWS))

    assert (found.table, found.rows, found.copied, found.is_same, found.first_difference) == ("t", 3, 3, True, None)
    assert found.sha256 == found.copied_sha256 != compared([], []).sha256
    assert compared([], []).is_same


@pytest.mark.parametrize(
    ("copied", "first"),
    [
        ([(1, "a"), (2, "B"), (3, "c")], 2),
        ([(1, "a"), (3, "c")], 2),
        ([(1, "a"), (2, "b")], 3),
        ([*ROWS, (4, "d")], 4),
        ([(0, "z"), *ROWS], 0),
        ([], 1),
    ],
)
def test_a_difference_is_found_and_its_first_row_is_named(copied: list[Row], first: int) -> None:
    found = compared(ROWS, copied)

    assert (found.is_same, found.first_difference) == (False, first)
    assert (found.rows, found.copied) == (3, len(copied))
    assert found.sha256 == compared(ROWS, ROWS).sha256 != found.copied_sha256
