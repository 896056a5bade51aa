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
    falls = models.TextField(default="[]", db_default="[]")  # when it fell silent lately: JSON list of milliseconds
    is_unsteady = models.BooleanField(default=False, db_default=False)

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


class Incident(models.Model):
    """Nodes that fell silent together: told once for all of them, and once when it is over."""

    id = models.BigAutoField(primary_key=True)
    opened_at = InstantField()
    ended_at = InstantField(null=True, db_index=True)
    few_since_at = InstantField(null=True)  # since when so few are left that it may be over
    silent_since_at = InstantField()  # when the last of those that were there at the opening was heard
    # Who was heard last between these two, and falls silent later, belongs to it.
    from_at = InstantField()
    until_at = InstantField()
    nodes = models.PositiveIntegerField()  # all that ever belonged to it
    fleet = models.PositiveIntegerField()  # those that were heard from before
    trait = models.CharField(max_length=400, blank=True)  # what the silent ones have in common, in words

    def __str__(self) -> str:
        return f"incident {self.pk}"


class IncidentNode(models.Model):
    """One node of an incident, until it is heard again or the incident ends."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="incidents", db_index=False)
    heard_at = InstantField()
    joined_at = InstantField()
    left_at = InstantField(null=True)
    is_back = models.BooleanField(default=False)  # false for one that was silent still when the incident ended

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("customer",), condition=models.Q(left_at__isnull=True), name="one_open_incident_a_node"
            )
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id} in incident {self.incident_id}"


class MissedDeadline(models.Model):
    """A customer was told of, once: its backup of that kind and day had not been done by the deadline."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="missed_deadlines", db_index=False)
    kind = models.CharField(max_length=16)  # deadlines.py
    day = models.IntegerField()  # days since 1970, of the hub's time zone
    stands = models.BooleanField(default=True, db_default=True)  # until it was made up for, or the next one was missed

    class Meta:
        indexes = [models.Index(fields=("kind", "day"), name="deadline_stands", condition=models.Q(stands=True))]
        constraints = [models.UniqueConstraint(fields=("customer", "kind", "day"), name="deadline_missed_once")]

    def __str__(self) -> str:
        return f"{self.kind} of customer {self.customer_id} on day {self.day}"
