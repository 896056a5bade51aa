"""Messages and alarms that were noted ahead of the clock, where it was set back."""

from datetime import datetime, timedelta

from felhom_hub.notify.deliver import LEASE_SECONDS
from felhom_hub.notify.models import Alarm, Delivery


def set_back_messages(now: datetime) -> None:
    """Whatever waits is tried now, and an alarm stands since now: its reminder comes after the usual time.

    How long a message has waited is not known any more; a provider that asked for a pause says so again.
    """
    queued = Delivery.objects.filter(result=Delivery.Result.QUEUED)
    # A pause that began before the clock was set has nothing to do with the time that it shows now.
    queued.filter(next_at__gt=now).update(next_at=now)
    queued.filter(first_tried_at__gt=now).update(first_tried_at=now)
    # Its worker may be at it; one that is gone gives it up when the lease of a worker that began now would end.
    longest = now + timedelta(seconds=LEASE_SECONDS)
    queued.filter(lease_until__gt=longest).update(lease_until=longest)
    Alarm.objects.filter(since_at__gt=now).update(since_at=now)
    Alarm.objects.filter(reminded_at__gt=now).update(reminded_at=now)
