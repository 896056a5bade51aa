"""When a credential holds: until it is revoked, or until the overlap with the one that replaces it is over."""

from datetime import datetime

from django.db.models import Q


def holding(now: datetime) -> Q:
    """True of the credentials that hold at `now`."""
    return Q(revoked_at=None) & (Q(holds_until=None) | Q(holds_until__gt=now))


# Without an end: what is shown again, and what a box gets. `keys.py` sees to it that the newest key that holds is one.
CURRENT = Q(revoked_at=None, holds_until=None)
