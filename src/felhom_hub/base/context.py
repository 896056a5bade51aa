"""What the page frame says on every page: time, zone, version, and how this browser wants it shown."""

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest

from felhom_hub import __version__
from felhom_hub.base.instants import utc_now
from felhom_hub.base.sizes import size_now_or_noted
from felhom_hub.base.toasts import toast_of
from felhom_hub.base.words import zone_hint

# Cookies that the browser's own scripts write as well; they hold a choice of look and no secret.
THEME_COOKIE = "hub_theme"
SINGLE_KEYS_COOKIE = "hub_keys"
REFRESH_COOKIE = "hub_refresh"

Theme = Literal["", "light", "dark"]


def theme_of(written: str) -> Theme:
    """The theme that was chosen; "" leaves it to the system."""
    return "light" if written == "light" else "dark" if written == "dark" else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame's values for a template."""
    now = getattr(request, "now", None) or utc_now()
    zone = settings.HUB.server.time_zone
    return {
        "now": now,
        "zone": zone.key,
        "zone_hint": zone_hint(zone, now),
        "version": __version__,
        "theme": theme_of(request.COOKIES.get(THEME_COOKIE, "")),
        "has_single_keys": request.COOKIES.get(SINGLE_KEYS_COOKIE) != "off",
        "has_refresh": request.COOKIES.get(REFRESH_COOKIE, "") != "off",
        "live_path": settings.LIVE_PATH,
        "database_size": size_now_or_noted(),
        "toast": toast_of(request),
    }
