"""What customers want to be told and where, and every message that was decided on with what became of it."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event


class Delivery(models.Model):
    """One message about one event to one recipient; a skipped one is kept too, with its reason and what it rested on.

    A queued row is the queue itself: a worker claims it by its lease, and whatever ends the worker, the next one goes
    on with the same key and the same content (decision 0015).
    """

    class Audience(models.TextChoices):
        OPERATOR = "operator"
        CUSTOMER = "customer"

    class Result(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        SKIPPED = "skipped"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    # None: a message about the whole fleet.
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="deliveries", null=True, db_index=False
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries", null=True)
    # The failed one that this one repeats; a second request to send it again finds this row.
    again_of = models.OneToOneField("self", on_delete=models.SET_NULL, related_name="again", null=True)
    event_type = models.CharField(max_length=64)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    channel = models.CharField(max_length=32)
    recipient = models.CharField(max_length=320, blank=True)  # an address, or what a channel calls its target
    result = models.CharField(max_length=7, choices=Result.choices)
    reason = models.CharField(max_length=200, blank=True)  # why skipped or failed, in words
    # Skipped because nobody has asked for such messages: most decisions are, and no news on a list of messages.
    is_ordinary = models.BooleanField(default=False, db_default=False)
    answer = models.CharField(max_length=500, blank=True)  # what the provider said, cut off
    attempts = models.PositiveSmallIntegerField(default=0)
    inputs = models.TextField(default="{}")  # JSON: what the decision rested on (policy.py)
    # The idempotency key; a skipped one has none, and NULLs are not alike.
    key = models.CharField(max_length=36, null=True, unique=True)  # noqa: DJ001
    content = models.TextField(blank=True)  # JSON: as it was first tried, until it is sent; every try says the same
    next_at = InstantField(null=True)  # of a queued one: not before
    first_tried_at = InstantField(null=True)
    lease_until = InstantField(null=True)
    # A try may have been accepted without our hearing of it: only the same key can repeat it.
    is_uncertain = models.BooleanField(default=False)
    # The message that tells of this one among others, after the provider was away.
    gathered_in = models.ForeignKey("self", on_delete=models.SET_NULL, related_name="gathered", null=True)
    lease_holder = models.CharField(max_length=36, blank=True)
    ended_at = InstantField(null=True)  # sent, or given up
    at = InstantField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=("customer", "at"), name="delivery_of_customer"),
            models.Index(fields=("next_at",), name="delivery_waits", condition=models.Q(result="queued")),
            models.Index(fields=("at", "id"), name="delivery_is_news", condition=models.Q(is_ordinary=False)),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} of customer {self.customer_id} to the {self.audience}: {self.result}"


class Told(models.Model):
    """What one audience was told last about one type of a customer's events: the cooldown, which survives restarts."""

    subject = models.BigIntegerField()  # the customer's key; 0 is the whole fleet
    audience = models.CharField(max_length=8, choices=Delivery.Audience.choices)
    event_type = models.CharField(max_length=64)
    told_at = InstantField(null=True)
    held_back = models.IntegerField(default=0)  # events since then that nobody was told of
    is_alarmed = models.BooleanField(default=False)  # told of an alarm, and of no recovery since

    class Meta:
        verbose_name_plural = "told"
        constraints = [models.UniqueConstraint(fields=("subject", "audience", "event_type"), name="told_once")]

    def __str__(self) -> str:
        return f"{self.event_type} of customer {self.subject} to the {self.audience}"


class Suppression(models.Model):
    """An address that is not mailed any more: mail to it came back, or its owner called it spam."""

    class Cause(models.TextChoices):
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=254, unique=True)  # lower case
    cause = models.CharField(max_length=10, choices=Cause.choices)
    words = models.CharField(max_length=400, blank=True)  # the provider's
    at = InstantField()

    def __str__(self) -> str:
        return f"mail to {self.address} {self.cause}"


class Alarm(models.Model):
    """An alarm that stands: its row is gone when an event ends it. One of the whole fleet is an incident (`which`)."""

    id = models.BigAutoField(primary_key=True)
    subject = models.BigIntegerField()  # as in `Told`
    event_type = models.CharField(max_length=64)
    which = models.CharField(max_length=20, blank=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="alarms")  # the newest of it
    since_at = InstantField()
    incident = models.CharField(max_length=20, blank=True)  # that a node's alarm belongs to
    # Who was not told because something held it back, and is told when it does so no more.
    operator_waits = models.BooleanField(default=False)
    customer_waits = models.BooleanField(default=False)
    acknowledged_at = InstantField(null=True)
    acknowledged_by = models.CharField(max_length=100, blank=True, db_default="")
    note = models.CharField(max_length=200, blank=True, db_default="")
    reminded_at = InstantField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("subject", "event_type", "which"), name="alarm_stands_once")]

    def __str__(self) -> str:
        return f"{self.event_type} of customer {self.subject} stands"


class Preferences(models.Model):
    """What one customer is to be told, and where. Without a row the hub has not been told whom to mail."""

    class SetBy(models.TextChoices):
        CONTROLLER = "controller"
        OPERATOR = "operator"

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="preferences")
    email = models.CharField(max_length=254, blank=True)  # empty: the customer is not mailed
    enabled_events = models.TextField(default="[]")  # a JSON list of event types, uncatalogued ones among them
    cooldown_hours = models.IntegerField(default=6)
    set_by = models.CharField(max_length=10, choices=SetBy.choices)
    updated_at = InstantField()

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"preferences of customer {self.customer_id}"
