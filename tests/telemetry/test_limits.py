import pytest

from felhom_hub.telemetry.limits import (
    LEAST_SAMPLES,
    Suggestion,
    Verdict,
    percent_of,
    suggested_limit,
    verdict_of,
)


@pytest.mark.parametrize(
    ("p95", "estimate", "limit", "verdict"),
    [
        (872.0, 512, 1024, Verdict.LIMIT_TOO_LOW),  # 85.2 % of the limit, though the estimate is too low as well
        (870.4, 1024, 1024, Verdict.LIMIT_TOO_LOW),  # 85 % exactly
        (870.3, 1024, 1024, Verdict.FITS),
        (115.1, 100, 1000, Verdict.ESTIMATE_TOO_LOW),
        (115.0, 100, 1000, Verdict.LIMIT_GENEROUS),
        (115.1, 100, None, Verdict.ESTIMATE_TOO_LOW),
        (115.0, 100, None, Verdict.FITS),
        (250.0, None, 1000, Verdict.FITS),
        (249.9, None, 1000, Verdict.LIMIT_GENEROUS),
        (500.0, None, None, Verdict.NO_SETTINGS),
        (500.0, 0, 0, Verdict.NO_SETTINGS),
        (0.0, 100, 1000, Verdict.LIMIT_GENEROUS),
        (None, 100, 1000, Verdict.UNKNOWN),
    ],
)
def test_verdicts(p95: float | None, estimate: int | None, limit: int | None, verdict: Verdict) -> None:
    assert verdict_of(p95, samples=LEAST_SAMPLES, estimate_mb=estimate, limit_mb=limit) is verdict


def test_too_few_samples_are_no_verdict_and_no_number() -> None:
    assert verdict_of(1000, samples=LEAST_SAMPLES - 1, estimate_mb=1, limit_mb=1) is Verdict.UNKNOWN
    assert suggested_limit(1000, samples=LEAST_SAMPLES - 1) is None
    assert suggested_limit(None, samples=LEAST_SAMPLES) is None


@pytest.mark.parametrize(
    ("p95", "suggestion"),
    [
        (871.6, Suggestion(872, 1047, 1056)),
        (640.0, Suggestion(640, 768, 768)),  # on a step already
        (640.6, Suggestion(641, 770, 800)),
        (0.0, Suggestion(0, 0, 32)),
        (26.0, Suggestion(26, 32, 32)),
    ],
)
def test_the_suggested_limit_is_a_fifth_above_the_p95_on_the_next_step(p95: float, suggestion: Suggestion) -> None:
    assert suggested_limit(p95, samples=LEAST_SAMPLES) == suggestion


def test_percent_is_rounded_down() -> None:
    assert [percent_of(part, 1000) for part in (849.9, 850, 1251)] == [84, 85, 125]
