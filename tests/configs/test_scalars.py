import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from ruamel.yaml import YAML
from tests.configs.values import SCALARS

from felhom_hub.configs.scalars import Scalar, settled, written

# What YAML 1.1, YAML 1.2 and yaml.v3 do not read alike: the text, and what it is settled to.
AMBIGUOUS: dict[str, Scalar] = {
    **{text: text for text in (
        "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
        "012", "0755", "-017", "+010", "00012", "08", "09", "0888", "0b11", "0B11", "-0b1", "0b1_0", "0_7", "1_000",
        "-1_0", "685_230", "685_230.15", "6_8.5_0", "1_0e3", "0x_1F", "0x1_F", "-0x1F", "+0x1f", "0o1_7", "-0o17",
        "12:30:45", "190:20:30", "1:30", "-1:30", "1:30.5", "190:20:30.15",
        "2026-11-26", "2026-1-1", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43",
        "<<", "=", "0XFF", "0O17",
    )},
    "0o17": 15, "0o7": 7, "1e3": 1000.0, "1E3": 1000.0, "-1e3": -1000.0,
    "1.5e3": 1500.0, "12e03": 12000.0, "1e+3": 1000.0,
}  # fmt: skip
AGREED: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "true": True, "FALSE": False, "0": 0, "12": 12, "-5": -5, "+1": 1,
    "0x1F": 31, "1.5": 1.5, ".5": 0.5, "1.": 1.0, "1.5e+3": 1500.0, ".inf": math.inf, "-.INF": -math.inf,
    "hello": "hello", "v0.30.2": "v0.30.2", "1.2.3": "1.2.3", "04:30": "04:30", "a.b@c.hu": "a.b@c.hu", "nO": "nO",
}  # fmt: skip


def old_reading(text: str) -> Any:
    """As PyYAML reads it, which keeps to YAML 1.1."""
    return yaml.safe_load(f"a: {text}")["a"]


def new_reading(text: str) -> Any:
    """As ruamel.yaml reads it, which keeps to YAML 1.2."""
    return YAML(typ="safe", pure=True).load(f"a: {text}")["a"]


def is_same(left: Any, right: Any) -> bool:
    is_nan = isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right)
    return type(left) is type(right) and (left == right or is_nan)


def test_there_are_more_than_sixty_such_values() -> None:
    assert len(AMBIGUOUS) >= 60


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_readers_fall_out_over_is_written_so_that_they_do_not(text: str) -> None:
    value, line = settled(text)

    assert line != text
    assert is_same(value, AMBIGUOUS[text])
    assert settled(line.strip('"') if line[0] == '"' else line)[0] == value
    assert (is_same(old_reading(line), value), is_same(new_reading(line), value)) == (True, True)
    # As a value of the hub's own it is a text, whatever it looks like.
    assert (old_reading(written(text)), new_reading(written(text))) == (text, text)


@pytest.mark.parametrize("text", AGREED)
def test_what_all_readers_read_alike_stays_as_it_is(text: str) -> None:
    value, line = settled(text)

    assert line == text
    assert is_same(value, AGREED[text])
    assert is_same(new_reading(line), value)
    assert is_same(old_reading(line), value)


@given(SCALARS)
def test_every_value_is_read_by_both_as_it_was(value: Scalar) -> None:
    line = written(value)

    assert "\n" not in line
    assert (is_same(old_reading(line), value), is_same(new_reading(line), value)) == (True, True)


def test_no_number_is_not_lost() -> None:
    assert written(math.nan) == ".nan"
    assert written(-math.inf) == "-.inf"
    assert written(1e300) == "1.0e+300"
    assert written(True) == "true"


@pytest.mark.parametrize(
    "text", ["9" * 5000, "-" + "9" * 5000, "0x" + "f" * 5000, "0o" + "7" * 6000, "1_" * 3000 + "1"]
)
def test_a_number_of_thousands_of_digits_is_a_text(text: str) -> None:
    """Python neither reads nor writes one: a box's snapshot with such a value must not end the whole fleet's checks."""
    assert settled(text) == (text, f'"{text}"')
    assert written(text) == f'"{text}"'
    assert settled(f"{text} apples") == (f"{text} apples", f"{text} apples")
