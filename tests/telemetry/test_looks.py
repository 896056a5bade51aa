import pytest

from felhom_hub.telemetry.limits import Verdict
from felhom_hub.telemetry.looks import Fit, fit_of, look_of, tile_of, tone_of_share


@pytest.mark.parametrize(
    ("verdict", "limit", "sentence"),
    [
        (Verdict.LIMIT_TOO_LOW, 1024, "P95 is 85 % of the limit"),
        (Verdict.ESTIMATE_TOO_LOW, 1024, "P95 is 170 % of the estimate"),
        (Verdict.FITS, None, "P95 is 170 % of the estimate"),
        (Verdict.UNKNOWN, 1024, "No verdict yet"),
        (Verdict.NO_SETTINGS, None, "The catalog's values were not reported"),
    ],
)
def test_a_verdict_says_what_it_rests_on(verdict: Verdict, limit: int | None, sentence: str) -> None:
    assert look_of(verdict, 872, estimate_mb=512, limit_mb=limit).sentence == sentence


def test_the_bar_ends_at_the_limit_or_at_what_goes_beyond() -> None:
    assert fit_of(512, 1024, estimate_mb=256, limit_mb=1024) == Fit(92, 46, 92, 23, 92)
    assert fit_of(100, 2000, estimate_mb=None, limit_mb=1000) == Fit(46, 4.6, 92, None, 46)
    assert fit_of(100, 200, estimate_mb=None, limit_mb=None) == Fit(92, 46, 92, None, None)
    assert fit_of(0, 0, estimate_mb=None, limit_mb=None) == Fit(92, None, None, None, None)
    assert fit_of(None, None, estimate_mb=1, limit_mb=1) is None


@pytest.mark.parametrize(
    ("part", "limit", "tone"), [(849, 1000, ""), (850, 1000, "warn"), (880, 1000, "down"), (9, None, ""), (None, 9, "")]
)
def test_a_box_near_its_limit_is_loud(part: float | None, limit: int | None, tone: str) -> None:
    assert tone_of_share(part, limit) == tone


@pytest.mark.parametrize(
    ("name", "tile"),
    [("Immich", "Im"), ("home-assistant", "HA"), ("File Browser", "FB"), ("x", "X"), ("-", ""), ("🐙", "🐙")],
)
def test_tiles_have_two_letters(name: str, tile: str) -> None:
    assert tile_of(name) == tile
