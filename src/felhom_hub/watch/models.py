"""What is known of silence: how silent each node was when it was looked at last."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class NodeLevel(models.Model):
    """What was told last of one node's silence. Without a row nobody has looked at it yet."""

    class Level(models.TextChoices):
        HEARD = "heard"
        STALE = "stale"
        DOWN = "down"

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="node_level")
    level = models.CharField(max_length=5, choices=Level.choices)
    since_at = InstantField()  # of the last transition
    heard_at = InstantField()  # the newest report that was known then: a later one ends the silence
    is_told = models.BooleanField()  # false for a silence that was there at first sight, and has no event

    class Meta:
        # A check reads the silent ones by their level, which are few.
        indexes = [models.Index(fields=("level",), name="node_level_level")]

    def __str__(self) -> str:
        return f"customer {self.customer_id} is {self.level}"


class Hearing(models.Model):
    """One row: until when reports could be heard, by whichever hub beat last."""

    at = InstantField()

    def __str__(self) -> str:
        return f"heard until {self.at}"


class DeafSpan(models.Model):
    """A time in which no hub could hear: every clock stood still."""

    class Cause(models.TextChoices):
        OFF = "off"
        REFUSED = "refused"
        ASLEEP = "asleep"
        CLOCK = "clock"
        STALLED = "stalled"

    id = models.BigAutoField(primary_key=True)
    from_at = InstantField()
    to_at = InstantField(db_index=True)
    cause = models.CharField(max_length=7, choices=Cause.choices)
    told_at = InstantField(null=True)  # when its summary was recorded, or it was settled that there is none

    def __str__(self) -> str:
        return f"deaf from {self.from_at} to {self.to_at}"
