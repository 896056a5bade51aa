from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from felhom_hub import __version__
from felhom_hub.base.context import frame, theme_of


@pytest.mark.parametrize(
    ("written", "theme"), [("light", "light"), ("dark", "dark"), ("", ""), ('dark" onload="x', ""), ("DARK", "")]
)
def test_only_a_known_theme_is_taken_from_the_cookie(written: str, theme: str) -> None:
    assert theme_of(written) == theme


def test_the_frame_knows_zone_version_and_how_it_should_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.base.context.size_now_or_noted", lambda: (214_000_000, None))
    request = RequestFactory().get("/")
    request.now = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)  # type: ignore[attr-defined]  # as the arrival does
    request.COOKIES = {"hub_theme": "dark", "hub_keys": "off", "hub_refresh": "off"}

    assert frame(request) == {
        "now": datetime(2026, 3, 12, 12, 0, tzinfo=UTC),
        "zone": "Europe/Budapest",
        "zone_hint": "Budapest time (UTC+1)",
        "version": __version__,
        "theme": "dark",
        "has_single_keys": False,
        "has_refresh": False,
        "live_path": "/live",
        "database_size": (214_000_000, None),
        "toast": None,
    }
