from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from felhom_hub.telemetry.sketch import Sketch, add_sketch, add_values, pack_sketch, quantile, unpack_sketch

values = some.lists(some.integers(0, 10**10), max_size=200)
parts = some.floats(0.001, 1)


def sketch_of(numbers: list[int]) -> Sketch:
    sketch: Sketch = {}
    add_values(sketch, numbers)
    return sketch


def merged(*sketches: Sketch) -> Sketch:
    whole: Sketch = {}
    for sketch in sketches:
        add_sketch(whole, sketch)
    return whole


@settings(max_examples=300, deadline=None)
@given(values.filter(bool), parts)
def test_every_quantile_is_right_to_one_percent(numbers: list[int], part: float) -> None:
    exact = sorted(numbers)[max(1, ceil(part * len(numbers))) - 1]

    assert quantile(sketch_of(numbers), part) == pytest.approx(exact, rel=0.01 + 1e-9, abs=0)


@given(values, values, values)
def test_merging_is_as_if_all_had_been_in_one(a: list[int], b: list[int], c: list[int]) -> None:
    whole = sketch_of([*a, *b, *c])
    sketches = [sketch_of(numbers) for numbers in (a, b, c)]

    assert merged(*sketches) == whole
    assert merged(*reversed(sketches)) == whole
    assert merged(sketches[0], merged(*sketches[1:])) == merged(merged(*sketches[:2]), sketches[2])


@given(values)
def test_a_sketch_is_stored_as_it_is(numbers: list[int]) -> None:
    sketch = sketch_of(numbers)

    assert unpack_sketch(pack_sketch(sketch)) == sketch


def test_nothing_has_no_quantile() -> None:
    assert quantile({}, 0.95) is None
    assert unpack_sketch(pack_sketch({})) == {}


def test_what_is_stored_is_small() -> None:
    # An app between 400 and 800 MB in 0.1 MB, a month of one box: 35 buckets.
    assert len(pack_sketch(sketch_of(list(range(4000, 8000))))) < 150
