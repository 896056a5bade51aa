import pytest

from felhom_hub.configs.thresholds import NAMES, lines_of, read_thresholds


def test_what_is_empty_has_the_hubs_lines() -> None:
    assert read_thresholds({}) == ({}, {})
    assert [lines_of({}, meter) for meter in ("cpu", "memory", "disk", "temperature")] == [
        (85, 95),
        (80, 92),
        (85, 95),
        (80, 90),
    ]


def test_own_lines_win_one_by_one() -> None:
    own, problems = read_thresholds({"disk_high": "90", "temperature_critical": " 101,5 "})

    assert (own, problems) == ({"disk_high": 90, "temperature_critical": 101.5}, {})
    assert (lines_of(own, "disk"), lines_of(own, "temperature")) == ((90, 95), (80, 101.5))


@pytest.mark.parametrize("text", ["101", "-1", "0", "0.9", "abc", "1e1", "٩٠", "9" * 500, "nan", "<b>"])
@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("temperature")])
def test_a_line_outside_the_scale_is_refused(name: str, text: str) -> None:
    own, problems = read_thresholds({name: text})

    assert own == {}
    assert problems[name].startswith("Must be a number from 1 to 100, or empty for ")


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ({"disk_high": "96"}, "disk_high"),
        ({"disk_critical": "85"}, "disk_critical"),
        ({"cpu_high": "90", "cpu_critical": "80"}, "cpu_critical"),
    ],
)
def test_warning_is_below_critical(written: dict[str, str], wrong: str) -> None:
    problems = read_thresholds(written)[1]

    assert list(problems) == [wrong]
    assert "must be below critical" in problems[wrong]
