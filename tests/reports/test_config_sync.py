import pytest

from felhom_hub.reports.config_sync import ConfigSync, config_sync, told_outside

A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.mark.parametrize(
    ("reported", "expected", "same", "sync"),
    [
        (A, A, None, "in sync"),
        (A, A, B, "in sync"),
        (A, B, None, "mismatch"),
        (A, B, C, "mismatch"),
        (A, B, A, "in sync (formatting differs)"),
        (None, B, None, "unknown"),
        (None, B, B, "unknown"),
        (A, None, None, "unknown"),
        (A, None, A, "unknown"),
        (None, None, None, "unknown"),
    ],
)
def test_hashes_tell_whether_a_box_runs_what_the_hub_has_for_it(
    reported: str | None, expected: str | None, same: str | None, sync: str
) -> None:
    assert config_sync(reported, expected, same) == ConfigSync(sync)


def test_the_api_has_three_words() -> None:
    assert [told_outside(each) for each in ConfigSync] == ["in sync", "in sync", "mismatch", "unknown"]
