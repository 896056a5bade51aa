from datetime import UTC, datetime
from typing import Any

import pytest

from felhom_hub.legacy.times import is_never, read_time


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-20 18:53:24", "2026-02-20T18:53:24+00:00"),
        (b"2026-02-20 18:53:24", "2026-02-20T18:53:24+00:00"),
        (" 2026-02-20 18:53:24 ", "2026-02-20T18:53:24+00:00"),
        ("2026-02-20T18:53:24Z", "2026-02-20T18:53:24+00:00"),
        ("2026-02-20T19:53:24.1239+01:00", "2026-02-20T18:53:24.123000+00:00"),
        ("2026-02-20 19:53:24+01:00", "2026-02-20T18:53:24+00:00"),
        ("2026-02-20 18:53:24.123 +0000 UTC", "2026-02-20T18:53:24.123000+00:00"),
        ("2026-02-20 18:53:24.123456789 +0000 UTC m=+0.000012345", "2026-02-20T18:53:24.123000+00:00"),
        ("2026-07-20 20:53:24 +0200 CEST", "2026-07-20T18:53:24+00:00"),
        ("2026-07-20 20:53:24 +0200 +02", "2026-07-20T18:53:24+00:00"),
        (1771613604, "2026-02-20T18:53:24+00:00"),
        (1771613604123, "2026-02-20T18:53:24.123000+00:00"),
        (1771613604.5, "2026-02-20T18:53:24.500000+00:00"),
    ],
)
def test_every_way_of_writing_a_time_is_read(written: Any, read: str) -> None:
    assert read_time(written) == datetime.fromisoformat(read).astimezone(UTC)


@pytest.mark.parametrize(
    "written",
    [
        None, "", "yesterday", "2026-02-30 00:00:00", "2026-02-20", "0001-01-01 00:00:00 +0000 UTC", 0, -5, True,
        1e300, b"\xff\xfe", "2026-02-20 18:53:24 or so", float("inf"), "9" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(written: Any) -> None:
    assert read_time(written) is None


@pytest.mark.parametrize(
    "written", [None, "", b" ", 0, 0.0, "0001-01-01 00:00:00 +0000 UTC", b"0001-01-01T00:00:00Z", "0001-01-01 00:00:00"]
)
def test_nothing_0_and_gos_zero_time_are_never(written: Any) -> None:
    assert is_never(written)
    assert read_time(written) is None


@pytest.mark.parametrize(
    "written", ["last spring", b"\xff", -5, 1771613604, "2026-02-20 18:53:24", "0001-01-01 00:00:007"]
)
def test_whatever_else_is_written_is_not_never(written: Any) -> None:
    assert not is_never(written)
