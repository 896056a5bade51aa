import pytest

from felhom_controller.durations import duration_of, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("15m", 900), ("1h30m", 5400), ("500ms", 0.5), (" 1.5h ", 5400), ("2h0m10s", 7210)],
)
def test_go_durations_are_read(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "15 m", "-3s", "1d", "1h30", "NaNs"])
def test_anything_else_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a duration; write it as 30s, 15m or 1h30m"):
        seconds_of(text)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (30, "30s"), (900, "15m"), (5400, "1h30m"), (7210, "2h10s")])
def test_durations_are_written_without_empty_parts(seconds: float, text: str) -> None:
    assert duration_of(seconds) == text
