"""What customers want to be told and where, and every message that was decided on with what became of it."""

from django.db import models

from felhom_hub.base.fields import InstantField
from felhom_hub.customers.models import Customer


class Delivery(models.Model):
    """One message about one customer to one recipient; a skipped one is kept too, with its reason."""

    class Audience(models.TextChoices):
        OPERATOR = "operator"
        CUSTOMER = "customer"

    class Result(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        SKIPPED = "skipped"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event_type = models.CharField(max_length=64)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    channel = models.CharField(max_length=32)
    recipient = models.CharField(max_length=320, blank=True)  # an address, or what a channel calls its target
    result = models.CharField(max_length=7, choices=Result.choices)
    reason = models.CharField(max_length=200, blank=True)  # why skipped or failed, in words
    answer = models.CharField(max_length=500, blank=True)  # what the provider said, cut off
    attempts = models.PositiveSmallIntegerField(default=0)
    at = InstantField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=("customer", "at"), name="delivery_of_customer")]

    def __str__(self) -> str:
        return f"{self.event_type} of customer {self.customer_id} to the {self.audience}: {self.result}"


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
