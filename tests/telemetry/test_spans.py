from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from felhom_hub.telemetry.pack import AppHour, Hour
from felhom_hub.telemetry.spans import Figures, Span, figures_of, joined, pack_spans, spans_of_hours, unpack_spans


def app(*memory: int, name: str = "immich", peak: int | None = None, limit: int | None = None) -> AppHour:
    return AppHour(name, name.title(), None, limit, None, None, peak, list(memory), [], 0)


def hour(*apps: AppHour) -> Hour:
    return Hour(list(apps), 0)


def test_hours_add_up_to_exact_sums_and_the_newest_word() -> None:
    spans = spans_of_hours(
        [(7, hour(app(300, 100, peak=900, limit=2))), (6, hour(app(200, limit=1), app(name="gitea")))]
    )

    immich = figures_of(spans["immich"])
    assert (immich.samples, immich.average_mb, immich.peak_mb) == (3, 20.0, 90.0)
    assert immich.p95_mb == pytest.approx(30.0, rel=0.01)
    said = spans["immich"].said
    assert said is not None
    assert (said.hour, said.display_name, said.memory_limit_mb) == (7, "Immich", 2)
    assert figures_of(spans["gitea"]) == Figures(0, None, None, None)


def test_without_a_reported_peak_the_highest_sample_is_it() -> None:
    assert figures_of(spans_of_hours([(1, hour(app(10, 30, 20)))])["immich"]).peak_mb == 3.0


def test_an_absurd_number_does_not_burst_the_columns() -> None:
    span = spans_of_hours([(1, hour(app(10**16, peak=10**16)))])["immich"]

    assert (span.total, span.peak) == (10**10, 10**10)


def test_days_join_in_any_order() -> None:
    days = [spans_of_hours([(n, hour(app(n * 100, n * 50, limit=n)))]) for n in (24, 48, 72)]
    whole = spans_of_hours([(n, hour(app(n * 100, n * 50, limit=n))) for n in (24, 48, 72)])

    assert all(joined(order) == whole for order in permutations(days))
    assert days[0]["immich"].samples == 2


@given(some.lists(some.lists(some.integers(0, 10**9), max_size=4), min_size=1, max_size=10))
def test_what_is_stored_is_what_was_there(hours: list[list[int]]) -> None:
    spans = spans_of_hours([(n, hour(app(*memory))) for n, memory in enumerate(hours)])

    assert unpack_spans(pack_spans(spans)) == spans


def test_an_empty_span_has_no_figures() -> None:
    assert figures_of(Span()) == Figures(0, None, None, None)
