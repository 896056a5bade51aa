"""The places in the order of need (design language, section 5), and in which of them a server stands.

The database decides that. It looks at ten thousand servers in a few milliseconds, and takes forty to hand them over.
"""

from typing import Final

from django.db.models import Case, IntegerField, Q, Value, When

from felhom_hub.fleet.clock import Clock
from felhom_hub.reports.allowance import silent_before, silent_since
from felhom_hub.reports.status import Health, Status

DOWN_BY_HEALTH: Final = 0
DOWN_BY_SILENCE: Final = 1
WARN: Final = 2
PENDING: Final = 3
DISABLED: Final = 4
OK: Final = 5
BLOCKED: Final = 6

STATUSES: Final = (Status.DOWN, Status.DOWN, Status.WARN, Status.PENDING, Status.DISABLED, Status.OK, Status.BLOCKED)
LISTED: Final = tuple(range(BLOCKED))
TROUBLED: Final = (DOWN_BY_HEALTH, DOWN_BY_SILENCE, WARN)


def place_at(clock: Clock) -> Case:
    """A customer's place as an expression. The first one that fits, in the order of `reports.status.status_of`."""
    return Case(
        When(blocked_at__isnull=False, then=Value(BLOCKED)),
        When(node__isnull=True, then=Value(PENDING)),
        When(silent_before(clock.now_ms - clock.down_ms), then=Value(DOWN_BY_SILENCE)),
        When(silent_at(clock), then=Value(WARN)),
        When(node__monitoring_paused=True, then=Value(DISABLED)),
        When(node__health=Health.FAIL, then=Value(DOWN_BY_HEALTH)),
        When(node__health=Health.WARN, then=Value(WARN)),
        default=Value(OK),
        output_field=IntegerField(),
    )


def silent_at(clock: Clock) -> Q:
    """True of a customer that has reported before and stays silent."""
    return silent_since(clock.now_ms - clock.stale_ms)
