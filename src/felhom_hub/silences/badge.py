"""The count beside the tab of the silences: how many are active."""

from datetime import datetime

from django.conf import settings

from felhom_hub.base.badges import Badge
from felhom_hub.silences.listing import count_active


def silences_badge(count: int) -> Badge | None:
    """The badge of so many active silences; none where there is none."""
    return Badge("/silences", count, "active") if count else None


def asked_silences_badge(now: datetime) -> Badge | None:
    """The badge of pages that do not know the count already; one query."""
    return silences_badge(count_active(now, settings.HUB.server.time_zone))
